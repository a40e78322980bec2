internal import FoundationEssentials
internal import Synchronization

/// An optional property that no key fills, beside a key of nearly the same name that no property
/// takes.
///
/// `Decodable` leaves such a property nil in every row, without a word. The first values of each
/// type are looked at, which finds what is wrong with all of them.
struct MisspeltKey: Error, CustomStringConvertible {
    let property: String
    let type: String
    let key: String

    var description: String {
        "`\(property)` of \(type) is in no object; the key that is there is `\(key)`"
    }

    /// How many values of a type are looked at.
    static let valuesMax = 8
    /// How many elements of one array are.
    private static let elementsMax = 4

    private static let seen = Mutex<[ObjectIdentifier: Int]>([:])

    /// Compares a value with the JSON that it was made from.
    ///
    /// - Throws: a `MisspeltKey`.
    static func check<Value>(_ value: Value, madeFrom data: Data) throws {
        let isNew = seen.withLock { seen in
            let count = seen[ObjectIdentifier(Value.self), default: 0]
            guard count < valuesMax else { return false }
            seen[ObjectIdentifier(Value.self)] = count + 1
            return true
        }
        guard isNew, let tree = try? JSONText.decoder.decode(Tree.self, from: data) else { return }
        if let found = find(in: value, tree) { throw found }
    }

    private static func find(in value: Any, _ tree: Tree) -> MisspeltKey? {
        let mirror = Mirror(reflecting: value)
        switch (mirror.displayStyle, tree) {
        case (.optional, _):
            return mirror.children.first.flatMap { find(in: $0.value, tree) }
        case (.collection, .array(let elements)):
            return zip(mirror.children, elements).prefix(elementsMax).lazy
                .compactMap { find(in: $0.value, $1) }.first
        case (.struct, .object(let members)), (.class, .object(let members)):
            return find(in: mirror, members)
        default: return nil
        }
    }

    private static func find(in mirror: Mirror, _ members: [String: Tree]) -> MisspeltKey? {
        let labels = Set(mirror.children.compactMap(\.label))
        let unread = members.filter { !labels.contains($0.key) && !$0.value.isNull }.map(\.key)
        for child in mirror.children {
            guard let label = child.label else { continue }
            if let member = members[label] {
                if let found = find(in: child.value, member) { return found }
            } else if isNil(child.value), let key = NearestName.of(label, in: unread),
                !key.hasPrefix(label), !label.hasPrefix(key)
            {
                return MisspeltKey(property: label, type: "\(mirror.subjectType)", key: key)
            }
        }
        return nil
    }

    private static func isNil(_ value: Any) -> Bool {
        let mirror = Mirror(reflecting: value)
        return mirror.displayStyle == .optional && mirror.children.isEmpty
    }

    /// JSON as far as its keys go.
    private enum Tree: Decodable {
        case object([String: Tree])
        case array([Tree])
        case null
        case value

        var isNull: Bool {
            if case .null = self { true } else { false }
        }

        init(from decoder: any Decoder) throws {
            if let members = try? [String: Tree](from: decoder) {
                self = .object(members)
            } else if let elements = try? [Tree](from: decoder) {
                self = .array(elements)
            } else {
                self = try decoder.singleValueContainer().decodeNil() ? .null : .value
            }
        }
    }
}
