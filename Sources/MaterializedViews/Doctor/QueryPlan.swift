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
    /// Rows a run gave; nil unless the statement ran.
    let rows: Double?
    /// How often it ran.
    let loops: Double?
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
        case rows = "Actual Rows"
        case loops = "Actual Loops"
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

/// An index of a whole table.
struct UsableIndex: Equatable {
    let schema: String
    let table: String
    /// Empty for an expression.
    let firstColumn: String
}

/// A column that is compared with a value in each run, and no index leads to it.
struct UnindexedLookup: Hashable, Comparable {
    let schema: String
    let table: String
    /// Sorted; an index needs all of them, in any order.
    let columns: [String]

    /// Whether an index leads to the rows, though the plan does not use it.
    func isServed(by index: UsableIndex) -> Bool {
        index.schema == schema && index.table == table && columns.contains(index.firstColumn)
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.schema, left.table, left.columns.joined(separator: ","))
            < (right.schema, right.table, right.columns.joined(separator: ","))
    }
}

extension QueryPlan {
    /// The look-ups of this plan that read a whole table or a whole index.
    ///
    /// - Parameter firstColumns: by `schema.index`, the first column of each index.
    /// - Returns: each table and its columns once.
    func unindexedLookups(firstColumns: [String: String]) -> Set<UnindexedLookup> {
        var found: Set<UnindexedLookup> = []
        for node in nodes {
            if node.kind == "Bitmap Heap Scan" {
                for scan in node.children?.flatMap(\.nodes) ?? [] where scan.index != nil {
                    node.report(scan.indexCondition, scan.index, firstColumns, &found)
                }
            } else {
                node.report(node.indexCondition ?? node.filter, node.index, firstColumns, &found)
            }
            // A loop over a whole table keeps the condition to itself.
            guard let condition = node.joinFilter, let inner = node.children?.last else { continue }
            for scan in inner.nodes
            where scan.indexCondition == nil && scan.kind != "Bitmap Heap Scan" {
                scan.report(condition, nil, firstColumns, &found)
            }
        }
        return found
    }

    /// Adds the look-up in this node's table by `condition`, unless `index` leads to its rows.
    private func report(
        _ condition: String?, _ index: String?, _ firstColumns: [String: String],
        _ found: inout Set<UnindexedLookup>
    ) {
        guard let condition, let schema, let table, let alias else { return }
        let columns = Self.comparedColumns(of: alias, in: condition)
        guard !columns.isEmpty else { return }
        if let index, let first = firstColumns["\(schema).\(index)"], columns.contains(first) {
            return
        }
        found.insert(UnindexedLookup(schema: schema, table: table, columns: columns))
    }

    /// The columns of `alias` that a condition compares by `=` with something else than a constant,
    /// sorted; none of a condition with OR or NOT in it.
    static func comparedColumns(of alias: String, in condition: String) -> [String] {
        let words = condition.split(separator: " ")
        guard !words.contains("OR"), !words.contains("NOT"), !words.contains("(NOT") else {
            return []
        }
        var columns: Set<String> = []
        for place in words.indices where words[place] == "=" {
            guard place > words.startIndex, place + 1 < words.endIndex else { continue }
            let sides = (left: words[place - 1], right: words[place + 1])
            for (side, other) in [sides, (sides.right, sides.left)] {
                // A comparison of two columns of one table is no look-up.
                guard let column = column(of: alias, in: side), isVariable(other),
                    self.column(of: alias, in: other) == nil
                else { continue }
                columns.insert(column)
            }
        }
        return columns.sorted()
    }

    /// Whether a side of a comparison differs from run to run: a column, a parameter, an array.
    private static func isVariable(_ text: Substring) -> Bool {
        let text = text.drop { $0 == "(" }
        return !text.hasPrefix("'") && (text.hasPrefix("ANY") || text.contains("."))
            || text.hasPrefix("$")
    }

    /// The column's name if `text` is `alias.column`, perhaps with brackets and a cast around.
    private static func column(of alias: String, in text: Substring) -> String? {
        let text = text.drop { $0 == "(" }
        let rest: Substring
        if text.hasPrefix("\(alias).") {
            rest = text.dropFirst(alias.count + 1)
        } else if text.hasPrefix("\"\(alias)\".") {
            rest = text.dropFirst(alias.count + 3)
        } else {
            return nil
        }
        let name =
            rest.first == "\""
            ? rest.dropFirst().prefix { $0 != "\"" }
            : rest.prefix { $0 == "_" || $0.isLetter || $0.isNumber }
        return name.isEmpty ? nil : String(name)
    }
}
