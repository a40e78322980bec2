// Rows of views whose files say something else than what is installed, one key at a time: a page is
// shown from the edited statement before `db apply` has computed all of its rows.
//
// Views that are not edited, and read none that is, are read as they are installed. Nothing is ever
// written, and no statement takes longer than `BuildLimits.editedViewMilliseconds`.

import MaterializedViews
import Postgres

/// A connection that reads edited views.
final class EditedViews {
    private let names: Set<String>
    /// Reads them; a snapshot at a time.
    var reading: RowReading
    private let definitions: [ViewDefinition]

    /// Connects and makes temporary views of the edited ones, and of those that read them.
    ///
    /// - Parameters:
    ///   - names: the edited views.
    ///   - definitions: all view files of the site.
    ///   - preview: which rows are shown; nil for those that are public now.
    ///   - database: the site's.
    /// - Throws: what PostgreSQL and the views throw.
    init(
        _ names: Set<String>, of definitions: [ViewDefinition], preview: Preview?,
        in database: DatabaseAddress
    ) throws {
        let shown =
            try preview
            ?? Preview(
                time: try Preview.time(nil, on: Connection(to: database)), showsDrafts: false)
        (self.names, self.definitions) = (names, definitions)
        let read = Self.reading(names, definitions)
        reading = try RowReading(
            database,
            preview: PreviewReading(
                preview: shown, definitions: definitions.filter { read.contains($0.name) },
                statementMilliseconds: BuildLimits.editedViewMilliseconds))
        try reading.end()
    }

    /// Whether these views are among the edited ones, and all files as they were.
    func shows(_ names: Set<String>, of definitions: [ViewDefinition]) -> Bool {
        names.isSubset(of: self.names)
            && definitions.map(\.digest) == self.definitions.map(\.digest)
    }

    /// The source of the site's row types, once these views are installed.
    ///
    /// - Throws: what PostgreSQL and the views throw.
    func rowTypes() throws -> String {
        try reading.renew()
        defer { try? reading.end() }
        return try reading.rowTypes(of: definitions)
    }

    /// The views of some names, and all that read one of them.
    private static func reading(
        _ names: Set<String>, _ definitions: [ViewDefinition]
    ) -> Set<String> {
        var found = names
        while true {
            let more = definitions.filter { definition in
                !found.contains(definition.name)
                    && !found.isDisjoint(with: definition.references)
            }
            guard !more.isEmpty else { return found }
            found.formUnion(more.map(\.name))
        }
    }
}
