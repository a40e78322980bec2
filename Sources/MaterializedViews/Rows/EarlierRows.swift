// A row as it was before a text of it changed, as far as its address goes.
//
// Only the column that `moved:` names is kept; whatever else an address is made of is as it is now.

package import Postgres

extension Row {
    /// Reads a row once for each text that `moved:` has kept of it.
    ///
    /// - Parameters:
    ///   - type: the row type.
    ///   - body: makes something of the row as it was.
    /// - Returns: what `body` gave, the latest first; nothing where the view keeps no texts, or
    ///   where the answer does not hold them.
    /// - Throws: as reading the row.
    package borrowing func earlierRows<R: ViewRow, Value>(
        of type: R.Type, _ body: (R) -> Value
    ) throws(RowError) -> [Value] {
        let schema = R.schema
        let place = schema.columns.count + RowIdentity.columnCount
        guard let moved = schema.moved, count > place,
            let column = schema.columns.firstIndex(where: { $0.name == moved })
        else { return [] }
        let texts: [String] = try self.column(place, of: type)
        var values: [Value] = []
        for text in texts where !text.isEmpty {
            values.append(
                body(try replacing(column, by: text) { (row) throws(RowError) in try R(from: row) })
            )
        }
        return values
    }
}
