// A plan as EXPLAIN (FORMAT JSON, VERBOSE) gives it: only what advice is made of.
//
// What a reader would get wrong: a scan that uses an index need not be a look-up. When it may not
// read the table, PostgreSQL reads an index from end to end and calls it an Index Only Scan; an
// Index Cond on the index's first column alone says that it went straight to the rows.

import FoundationEssentials

/// One node of a plan with those below it.
struct QueryPlan: Decodable, Equatable {
    let kind: String
    let schema: String?
    let table: String?
    let alias: String?
    let index: String?
    let indexCondition: String?
    let filter: String?
    let joinFilter: String?
    /// The planner's guess of its cost with all below.
    let cost: Double
    /// The planner's guess of how many rows it gives.
    let plannedRows: Double?
    /// Rows a run gave; nil unless the statement ran.
    let rows: Double?
    /// How often it ran.
    let loops: Double?
    /// Rows of each run that a condition left out.
    let removed: Double?
    /// Blocks it touched with all below; nil unless the statement ran.
    let sharedHits: Double?
    let sharedReads: Double?
    let children: [QueryPlan]?

    enum CodingKeys: String, CodingKey {
        case kind = "Node Type"
        case schema = "Schema"
        case table = "Relation Name"
        case alias = "Alias"
        case index = "Index Name"
        case indexCondition = "Index Cond"
        case filter = "Filter"
        case joinFilter = "Join Filter"
        case cost = "Total Cost"
        case plannedRows = "Plan Rows"
        case rows = "Actual Rows"
        case loops = "Actual Loops"
        case removed = "Rows Removed by Filter"
        case sharedHits = "Shared Hit Blocks"
        case sharedReads = "Shared Read Blocks"
        case children = "Plans"
    }

    /// Blocks touched by this node and those below.
    var blocks: Double { (sharedHits ?? 0) + (sharedReads ?? 0) }

    /// This node and all below it.
    var nodes: [QueryPlan] { [self] + (children ?? []).flatMap(\.nodes) }

    /// Blocks touched by this node alone.
    var ownBlocks: Double { blocks - (children ?? []).reduce(0) { $0 + $1.blocks } }

    /// Rows of tables that a run touched, with those that a condition left out.
    var touchedRows: Double {
        nodes.filter { $0.table != nil }.reduce(0) { sum, node in
            sum + ((node.rows ?? 0) + (node.removed ?? 0)) * (node.loops ?? 1)
        }
    }

    /// Reads the one line of JSON that EXPLAIN answers with.
    ///
    /// - Returns: nil if it has another shape.
    init?(json text: String) {
        struct Answer: Decodable {
            let plan: QueryPlan
            enum CodingKeys: String, CodingKey { case plan = "Plan" }
        }
        let answers = try? JSONDecoder().decode([Answer].self, from: Data(text.utf8))
        guard let plan = answers?.first?.plan else { return nil }
        self = plan
    }
}
