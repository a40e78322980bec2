package import Postgres
import Synchronization

/// The SQL that reads a view.
package struct RowStatements: Equatable, Sendable {
    /// All rows in key order.
    package let all: String
    /// All rows in no particular order; a WHERE may follow.
    let unordered: String
    /// The rows whose key is in `$1`, or whose key's columns are in `$1`, `$2` …, in key order.
    package let some: String

    /// Numbers prepared statements, so that two readers may share a connection.
    static let count = Atomic<Int>(0)

    /// Writes the statements for a view.
    ///
    /// - Parameters:
    ///   - schema: the view as compiled.
    ///   - site: the schema of the site.
    ///   - identified: whether each row ends with its key's text, its digest and, where the view
    ///     keeps them, its earlier texts; see `RowIdentity`.
    ///   - relation: where the rows are, as SQL; nil for where they are installed.
    package init(
        schema: ViewSchema, in site: SiteSchema, identified: Bool = false,
        from relation: String? = nil
    ) {
        var columns = schema.columns.map { column in
            let name = "v.\(column.name.quotedName)"
            guard let cast = column.cast else { return name }
            return "\(name)::\(cast) AS \(column.name.quotedName)"
        }
        if identified {
            let identity = RowIdentity(schema, in: site)
            columns += identity.columns + identity.moved
        }
        let keyColumns = schema.keyPlaces.map { place in schema.columns[place] }
        let order = keyColumns.map { column in
            let name = "v.\(column.name.quotedName)"
            return Self.isText(column) ? "\(name) COLLATE \"C\"" : name
        }.joined(separator: ", ")
        let rows = relation ?? site.view(schema.name)
        let select = "SELECT \(columns.joined(separator: ", "))\nFROM \(rows) v"
        unordered = select
        all = "\(select)\nORDER BY \(order)"

        let types = keyColumns.map { column in column.type }
        if keyColumns.count == 1 {
            some = """
                \(select)
                WHERE v.\(keyColumns[0].name.quotedName) = ANY ($1::text[]::\(types[0])[])
                ORDER BY \(order)
                """
        } else {
            let names = keyColumns.indices.map { place in "k\(place)" }
            let parameters = keyColumns.indices.map { place in "$\(place + 1)::text[]" }
            let pairs = keyColumns.indices.map { place in
                "v.\(keyColumns[place].name.quotedName) = k.k\(place)::\(types[place])"
            }
            some = """
                \(select)
                JOIN unnest(\(parameters.joined(separator: ", "))) AS k(\
                \(names.joined(separator: ", "))) ON \(pairs.joined(separator: " AND "))
                ORDER BY \(order)
                """
        }
    }

    private static func isText(_ column: ViewSchema.Column) -> Bool {
        let type = column.type
        return type == "text" || type == "name" || type == "citext"
            || type.hasPrefix("character") || type == "\"char\""
    }

    /// How many rows a view has now.
    static func count(
        _ view: String, on connection: borrowing Connection
    ) throws(ViewError) -> Int {
        let rows = try connection.texts(
            "SELECT count(*)::text FROM \(connection.schema.view(view))",
            doing: "counting the rows of \(view)")
        return rows.first?.first?.flatMap { text in Int(text) } ?? 0
    }
}
