// Rows of a view as text, for whoever has no Swift type of it: `sitegen why`, a look into private
// views, tests of a database.
//
// Values are PostgreSQL's own text of them. They are rows' values: they go to the person who asked,
// never into an error or a log.

package import Postgres

/// A row as text.
package struct UntypedRow: Equatable, Sendable {
    /// The row's key, as `RowKey` writes it.
    package let key: String
    /// Names and values in the order of the view's columns; nil is NULL.
    package let columns: [(name: String, value: String?)]

    /// The value of a column; nil if it is NULL or not there.
    package subscript(_ name: String) -> String? {
        columns.first { column in column.name == name }?.value
    }

    /// Whether key and all columns are equal.
    package static func == (one: UntypedRow, other: UntypedRow) -> Bool {
        one.key == other.key && one.columns.elementsEqual(other.columns, by: ==)
    }
}

/// Reads installed views without a type.
package enum UntypedRows {
    /// The rows of a view with these keys, or its first rows.
    ///
    /// - Parameters:
    ///   - view: an installed view's name.
    ///   - keys: keys as `RowKey` writes them; nil asks for the first rows in key order.
    ///   - limit: the most rows to read.
    ///   - connection: any connection.
    /// - Returns: the rows in key order.
    /// - Throws: `.notInstalled`, `.unknownView`, `.database`.
    package static func read(
        _ view: String, keys: [String]? = nil, limit: Int = ViewLimits.keysPerLookup,
        on connection: borrowing Connection
    ) throws(ViewError) -> [UntypedRow] {
        let records = try ViewCatalogue.records(on: connection)
        guard !records.isEmpty else { throw .notInstalled }
        guard let record = records.first(where: { record in record.name == view }) else {
            throw .unknownView(name: view, known: records.map(\.name))
        }
        let described = try ViewCatalogue.columns(
            of: "SELECT * FROM \(view.viewName)", for: nil, on: connection)
        let schema = ViewSchema(
            name: view, key: record.key.split(separator: ",").map(String.init),
            columns: described.map { column in
                ViewSchema.Column(column.name, column.type, cast: "text")
            }, digest: "")
        let statements = RowStatements(schema: schema)
        let parts = keys?.prefix(ViewLimits.keysPerLookup)
            .compactMap { key in RowKey.parts(of: key, count: schema.key.count) }
        let parameters = schema.key.indices.map { place in
            Parameter((parts ?? []).map { part in part[place] })
        }
        let statement = parts == nil ? statements.all : statements.some
        do throws(PostgresError) {
            return try connection.rows(
                "\(statement)\nLIMIT \(max(0, limit))", parts == nil ? [] : parameters
            ) { (row) throws(PostgresError) in
                var columns: [(name: String, value: String?)] = []
                for (place, column) in schema.columns.enumerated() {
                    columns.append((column.name, try row.value(place, as: String?.self)))
                }
                let key = schema.keyPlaces.map { place in columns[place].value ?? "" }
                return UntypedRow(key: RowKey.joined(key), columns: columns)
            }
        } catch {
            throw ViewError(error.withoutPosition, in: nil, doing: "reading \(view)")
        }
    }
}
