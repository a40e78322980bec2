// Gives names that nobody has yet.
//
// Names of columns are told apart as Swift will: `a_b` and `a__b` are both `aB`. A name that is
// taken gets a number. Never changes a name once it is given.

import MaterializedViews

/// The names that are taken in one place: the columns of a view, the tables of a site.
struct NameRegistry {
    private var taken: Set<String>
    private let forms: (String) -> [String]
    /// What stands between a name and its number.
    private var separator = "_"

    /// A registry in which some names are taken already; `forms` is all that a name claims.
    init(taken: Set<String> = [], forms: @escaping (String) -> [String] = { [$0] }) {
        self.taken = taken
        self.forms = forms
    }

    /// A registry of texts for people.
    static func numbered() -> NameRegistry {
        var registry = NameRegistry()
        registry.separator = " "
        return registry
    }

    /// A registry of the columns of a view, or of the properties of a Swift type.
    static func columns(_ taken: [String]) -> NameRegistry {
        var registry = NameRegistry { [SwiftName.property(ofColumn: $0) ?? $0] }
        for name in taken { _ = registry.take(name) }
        return registry
    }

    /// Whether nothing that a name claims is taken.
    func isFree(_ name: String) -> Bool { !forms(name).contains(where: taken.contains) }

    /// Takes a name, or the name with a number.
    mutating func take(_ wanted: String) -> String {
        var name = wanted
        var number = 2
        while !isFree(name) {
            name = "\(wanted)\(separator)\(number)"
            number += 1
        }
        taken.formUnion(forms(name))
        return name
    }
}
