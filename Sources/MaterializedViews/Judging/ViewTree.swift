import Postgres

/// The parse trees of views.
enum ViewTree {
    /// Reads the trees of these views.
    static func read(
        _ views: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) -> [Int: NodeTree] {
        guard !views.isEmpty else { return [:] }
        let rows = try connection.texts(
            """
            SELECT w.ev_class::oid::text, w.ev_action::text FROM pg_catalog.pg_rewrite w
            WHERE w.rulename = '_RETURN' AND w.ev_class = ANY ($1::text::oid[])
            """, [SQLText.oids(views)], columns: 2, doing: "reading what views read")
        var trees: [Int: NodeTree] = [:]
        for row in rows {
            guard let oid = row[0].flatMap({ Int($0) }), let text = row[1] else { continue }
            trees[oid] = try parse(text)
        }
        return trees
    }

    /// Reads the text form of a tree.
    static func parse(_ text: String) throws(ViewError) -> NodeTree {
        do throws(NodeTreeError) {
            return try NodeTreeReader.read(text)
        } catch {
            throw .database(
                doing: "reading what views read",
                message: "a parse tree cannot be read: \(error.reason).\n"
                    + "Report this version of PostgreSQL.")
        }
    }
}
