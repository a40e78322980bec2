// Plans as PostgreSQL prints them, cut down to what is read, and what they say about indexes.

import Testing

@testable import MaterializedViews

@Suite("Query plans") struct QueryPlanTests {
    private func plan(_ node: String) throws -> QueryPlan {
        try #require(QueryPlan(json: "[{\"Plan\": \(node)}]"))
    }

    private let first = ["public.bed_pkey": "id", "public.bed_pair": "bed_id"]

    private func scan(_ kind: String, _ more: String, alias: String = "b") -> String {
        """
        {"Node Type": "\(kind)", "Schema": "public", "Relation Name": "bed", "Alias": "\(alias)", \
        "Total Cost": 1.5, \(more)}
        """
    }

    @Test(arguments: [
        ("Seq Scan", #""Filter": "(b.room_id = r.id)""#, ["room_id"]),
        ("Seq Scan", #""Filter": "(r.id = b.room_id)""#, ["room_id"]),
        ("Seq Scan", #""Filter": "(b.room_id = ANY ($1))""#, ["room_id"]),
        ("Seq Scan", #""Filter": "((b.room_id = r.id) AND (b.kind = $2))""#, ["kind", "room_id"]),
        ("Seq Scan", #""Filter": "(b.\"Room\" = r.id)""#, ["Room"]),
        (
            "Index Only Scan",
            #""Index Name": "bed_pair", "Index Cond": "(b.room_id = r.id)""#, ["room_id"]
        ),
        (
            "Index Only Scan", #""Index Name": "bed_pair", "Filter": "(b.room_id = r.id)""#,
            ["room_id"]
        ),
        ("Index Scan", #""Index Name": "bed_pkey", "Index Cond": "(b.id = r.bed_id)""#, []),
        (
            "Index Scan",
            #""Index Name": "bed_pkey", "Index Cond": "(b.id = $1)", "Filter": "(b.x = $2)""#, []
        ),
        ("Seq Scan", #""Filter": "(b.kind = 'king'::text)""#, []),
        ("Seq Scan", #""Filter": "(b.left_id = b.right_id)""#, []),
        ("Seq Scan", #""Filter": "((b.room_id = r.id) OR (b.room_id IS NULL))""#, []),
        ("Seq Scan", #""Filter": "(b.height > r.height)""#, []),
    ])
    func `a look-up without a way to its rows is found, and nothing else`(
        kind: String, more: String, columns: [String]
    ) throws {
        let found = try plan(scan(kind, more)).unindexedLookups(firstColumns: first)
        #expect(found.map(\.columns) == (columns.isEmpty ? [] : [columns]))
    }

    @Test func `a loop's own condition is a look-up in its inner table`() throws {
        let loop = """
            {"Node Type": "Nested Loop", "Total Cost": 9, "Join Filter": "(b.room_id = r.id)",
             "Plans": [\(scan("Seq Scan", #""Plan Rows": 1"#, alias: "r")),
                       \(scan("Seq Scan", #""Plan Rows": 1"#))]}
            """
        let found = try plan(loop).unindexedLookups(firstColumns: first)
        #expect(found == [UnindexedLookup(schema: "public", table: "bed", columns: ["room_id"])])
    }

    @Test(arguments: [("bed_pkey", true), ("bed_pair", false)])
    func `a bitmap is judged by the index below it`(index: String, isMissing: Bool) throws {
        let heap = scan(
            "Bitmap Heap Scan",
            """
            "Recheck Cond": "(b.bed_id = r.id)", "Plans": [{"Node Type": "Bitmap Index Scan",
            "Index Name": "\(index)", "Index Cond": "(b.bed_id = r.id)", "Total Cost": 1}]
            """)
        #expect(try plan(heap).unindexedLookups(firstColumns: first).isEmpty == !isMissing)
    }

    @Test func `blocks of a node are without those below it`() throws {
        let node = try plan(
            """
            {"Node Type": "Aggregate", "Total Cost": 1, "Shared Hit Blocks": 10,
             "Shared Read Blocks": 2, "Plans": [{"Node Type": "Result", "Total Cost": 1,
             "Shared Hit Blocks": 7}]}
            """)
        #expect(node.blocks == 12)
        #expect(node.ownBlocks == 5)
        #expect(node.nodes.count == 2)
    }

    @Test func `an answer that is no plan is nil`() {
        #expect(QueryPlan(json: "[]") == nil)
        #expect(QueryPlan(json: "{") == nil)
    }
}
