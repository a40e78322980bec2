// Compares the stored rows of a view with those that its statement gives.
//
// Rows that were set aside because they cannot be computed do not count, nor do rows without a key,
// which are counted apart.

import Postgres

/// One comparison of a view.
struct RowComparison {
    let view: IncrementalView
    /// Texts of keys that do not count: they differed before.
    var ignoring: [String] = []

    private func row(_ alias: String) -> String {
        let columns = view.columns.map { "\(alias).\($0.name.quotedName)" }
        return "ROW(\(columns.joined(separator: ", ")))::record"
    }

    private func keyText(_ columns: [String]) -> String {
        RowKey.sql(columns.map { "coalesce(f.\($0.quotedName), v.\($0.quotedName))" })
    }

    /// The rows that differ, with their key's text: among those of `keys`, SQL of an array of keys
    /// to look up, or among all.
    private func differing(among keys: String?) -> String {
        let key = view.dependencies.key
        let isThere = key.map { "q.\($0.quotedName) IS NOT NULL" }.joined(separator: " AND ")
        let visible = view.visible("q", at: "statement_timestamp()")
        let part = keys.map { " AND \(view.isAmong($0, "q"))" } ?? ""
        let stored = keys.map { " WHERE \(view.isAmong($0, "w"))" } ?? ""
        let first = key[0].quotedName
        return """
            SELECT \(keyText(key)) AS key
            FROM (SELECT q.* FROM \(view.statement) q\
            \(visible.isEmpty ? " WHERE " : visible + " AND ")\(isThere)\(part)) f
            FULL JOIN (SELECT w.* FROM \(view.table) w\(stored)) v ON \(view.isSame("f", "v"))
            WHERE (f.\(first) IS NULL OR v.\(first) IS NULL OR \(row("f")) *<> \(row("v")))
                AND NOT \(view.isSetAside)
            """
    }

    /// The texts of the keys of rows that differ, at most `limit`, and how many differ.
    func differingKeys(
        limit: Int, among keys: String? = nil, on connection: borrowing Connection
    ) throws(PostgresError) -> (keys: [String], count: Int) {
        let rows = try connection.rows(
            """
            WITH differing AS MATERIALIZED (\(differing(among: keys)))
            SELECT d.key, (SELECT count(*) FROM differing e WHERE e.key <> ALL ($1::text::text[]))
            FROM differing d WHERE d.key <> ALL ($1::text::text[]) LIMIT \(limit)
            """, [Parameter(SQLText.array(ignoring))]
        ) { (row) throws(PostgresError) in
            (try row.value(0, as: String.self), Int(try row.value(1, as: Int64.self)))
        }
        return (rows.map(\.0), rows.first?.1 ?? 0)
    }

    /// How many rows the statement gives without a key.
    func rowsWithoutKey(on connection: borrowing Connection) throws(PostgresError) -> Int {
        let isMissing = view.dependencies.key.map { "q.\($0.quotedName) IS NULL" }
            .joined(separator: " OR ")
        let visible = view.visible("q", at: "statement_timestamp()")
        let rows = try connection.rows(
            "SELECT count(*) FROM \(view.statement) q"
                + (visible.isEmpty ? " WHERE" : visible + " AND") + " (\(isMissing))"
        ) { (row) throws(PostgresError) in try row.value(0, as: Int64.self) }
        return Int(rows.first ?? 0)
    }

    /// SQL of an array of keys: of the rows that changed since an event, and of some others.
    func sampledKeys(after event: Int64, count: Int) -> String {
        let key = RowKey.sql(view.dependencies.key.map { "w.\($0.quotedName)" })
        return """
            ARRAY(SELECT \(view.key(of: "w")) FROM \(view.table) w WHERE \(key) IN (
                SELECT e.key FROM \(view.schema).event e
                WHERE e.view = \(view.literal) AND e.seq > \(event))
            UNION (SELECT \(view.key(of: "w")) FROM \(view.table) w
                ORDER BY hashtext(\(key)) LIMIT \(count)))
            """
    }
}
