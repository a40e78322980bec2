// Which look-ups of a plan no index leads to, read from the conditions of its scans.
//
// A column that stands alone is served by an index on it. One inside of a cast or a function is
// not, unless the cast changes nothing but the name of the type: such a condition needs an index on
// the very expression, and there can be one only if the expression is immutable. Other expressions
// are passed over: no index is advised that would not help.

/// An index of a whole table.
struct UsableIndex: Equatable {
    let schema: String
    let table: String
    /// The first column; empty for an expression.
    let firstColumn: String
    /// The first expression as PostgreSQL prints it; empty for a column.
    var firstExpression = ""
}

/// A column inside of a cast or a function.
struct IndexExpression: Hashable, Comparable {
    let column: String
    /// As SQL without the table's name: `(paid_at)::date`, `lower(name)`.
    let text: String
    /// The type of a cast; nil for a function.
    let cast: String?

    /// Without what PostgreSQL may print in one way or another.
    static func normalised(_ text: String) -> String { text.filter { !"() ".contains($0) } }

    static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// A column or an expression that is compared with a value in each run, and no index leads to it.
struct UnindexedLookup: Hashable, Comparable {
    let schema: String
    let table: String
    /// Sorted; an index needs all of them, in any order.
    let columns: [String]
    /// Sorted; besides the columns.
    var expressions: [IndexExpression] = []

    /// Whether an index leads to the rows, though the plan does not use it.
    func isServed(by index: UsableIndex) -> Bool {
        guard index.schema == schema, index.table == table else { return false }
        let first = IndexExpression.normalised(index.firstExpression)
        return columns.contains(index.firstColumn)
            || !first.isEmpty
                && expressions.contains { IndexExpression.normalised($0.text) == first }
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.schema, left.table, left.columns.joined(separator: ","), left.expressions.count)
            < (
                right.schema, right.table, right.columns.joined(separator: ","),
                right.expressions.count
            )
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
                // Without a condition, the whole index is read, and the heap's filter decides.
                for scan in node.children?.flatMap(\.nodes) ?? [] where scan.index != nil {
                    node.report(scan.indexCondition, node.filter, scan.index, firstColumns, &found)
                }
            } else {
                node.report(
                    node.indexCondition, node.filter, node.index, firstColumns, &found)
            }
            // A loop over a whole table keeps the condition to itself.
            guard let condition = node.joinFilter, let inner = node.children?.last else { continue }
            for scan in inner.nodes
            where scan.indexCondition == nil && scan.kind != "Bitmap Heap Scan" {
                scan.report(nil, condition, nil, firstColumns, &found)
            }
        }
        return found
    }

    /// Adds the look-up in this node's table by a condition, which the index serves or a filter,
    /// unless `index` leads to its rows.
    private func report(
        _ served: String?, _ filter: String?, _ index: String?, _ firstColumns: [String: String],
        _ found: inout Set<UnindexedLookup>
    ) {
        guard let condition = served ?? filter, let schema, let table, let alias else { return }
        let terms = IndexTerms(of: alias, in: condition)
        guard !terms.isEmpty else { return }
        // Where an index is used for a condition, it is one on this column, whatever is around it.
        if let index, let first = firstColumns["\(schema).\(index)"],
            terms.columns.contains(first)
                || served != nil
                    && terms.expressions.contains(where: { $0.column == first || first.isEmpty })
        {
            return
        }
        found.insert(
            UnindexedLookup(
                schema: schema, table: table, columns: terms.columns.sorted(),
                expressions: terms.expressions.sorted()))
    }
}

/// What of one table a condition compares by `=` with something that differs from run to run.
struct IndexTerms {
    private(set) var columns: Set<String> = []
    private(set) var expressions: Set<IndexExpression> = []

    var isEmpty: Bool { columns.isEmpty && expressions.isEmpty }

    /// Reads a condition as EXPLAIN (VERBOSE) prints it; nothing of one with OR or NOT on top.
    init(of alias: String, in condition: String) {
        let names = ["\(alias).", "\"\(alias)\"."]
        let parts = Self.split(Self.stripped(condition[...]), by: " AND ")
        for part in parts {
            let sides = Self.split(Self.stripped(part), by: " = ")
            guard sides.count == 2 else { continue }
            let mentions = sides.map { side in
                names.contains(where: { Self.mentions($0, in: side) })
            }
            // A comparison of two columns of one table is no look-up.
            guard mentions[0] != mentions[1] else { continue }
            let (side, other) = mentions[0] ? (sides[0], sides[1]) : (sides[1], sides[0])
            guard Self.isVariable(other) else { continue }
            add(Self.stripped(side), names)
        }
    }

    private mutating func add(_ side: Substring, _ names: [String]) {
        if let column = Self.column(side, names) {
            columns.insert(column)
            return
        }
        var text = String(side)
        for name in names { text = text.replacing(name, with: "") }
        if let (inner, type) = Self.cast(side), let column = Self.column(inner, names) {
            expressions.insert(IndexExpression(column: column, text: text, cast: type))
        } else if let open = side.firstIndex(of: "("), side.last == ")",
            !side[..<open].isEmpty, side[..<open].allSatisfy(Self.isNamePart)
        {
            let inside = side[side.index(after: open)...].dropLast()
            let found = Self.split(inside, by: ", ").filter { argument in
                names.contains { Self.mentions($0, in: argument) }
            }
            guard found.count == 1, let argument = found.first.map(Self.stripped) else { return }
            let inner = Self.cast(argument)?.inner ?? argument
            guard let column = Self.column(inner, names) else { return }
            expressions.insert(IndexExpression(column: column, text: text, cast: nil))
        }
    }

    private static func isNamePart(_ character: Character) -> Bool {
        character == "_" || character == "." || character.isLetter || character.isNumber
    }

    /// Whether a side of a comparison differs from run to run: a column, a parameter, an array.
    private static func isVariable(_ text: Substring) -> Bool {
        let text = text.drop { $0 == "(" }
        return !text.hasPrefix("'") && (text.hasPrefix("ANY") || text.contains("."))
            || text.hasPrefix("$")
    }

    private static func mentions(_ name: String, in text: Substring) -> Bool {
        text.ranges(of: name).contains { range in
            guard range.lowerBound > text.startIndex else { return true }
            let before = text[text.index(before: range.lowerBound)]
            return !isNamePart(before) && before != "\""
        }
    }

    /// The column's name if `text` is `alias.column` and nothing else.
    private static func column(_ text: Substring, _ names: [String]) -> String? {
        guard let name = names.first(where: text.hasPrefix) else { return nil }
        let rest = stripped(text).dropFirst(name.count)
        if rest.first == "\"", rest.last == "\"" {
            let inner = rest.dropFirst().dropLast()
            return inner.contains("\"") ? nil : String(inner)
        }
        return rest.isEmpty || !rest.allSatisfy { isNamePart($0) && $0 != "." } ? nil : String(rest)
    }

    /// The two parts of `(inner)::type`.
    private static func cast(_ text: Substring) -> (inner: Substring, type: String)? {
        guard let colons = text.ranges(of: "::").last, text.first == "(" else { return nil }
        let inner = text[..<colons.lowerBound]
        guard inner.last == ")", stripped(inner).count == inner.count - 2 else { return nil }
        return (stripped(inner), String(text[colons.upperBound...]))
    }

    /// Without the brackets around all of it.
    private static func stripped(_ text: Substring) -> Substring {
        guard text.first == "(", text.last == ")" else { return text }
        var depth = 0
        for place in text.indices {
            if text[place] == "(" { depth += 1 }
            if text[place] == ")" { depth -= 1 }
            if depth == 0, text.index(after: place) != text.endIndex { return text }
        }
        return stripped(text.dropFirst().dropLast())
    }

    /// The parts between separators that stand in no brackets and no quotes.
    private static func split(_ text: Substring, by separator: String) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var place = start
        var depth = 0
        var isQuoted = false
        while place < text.endIndex {
            switch text[place] {
            case "'": isQuoted.toggle()
            case "(", "[": depth += isQuoted ? 0 : 1
            case ")", "]": depth -= isQuoted ? 0 : 1
            default: break
            }
            if depth == 0, !isQuoted, text[place...].hasPrefix(separator) {
                parts.append(text[start..<place])
                place = text.index(place, offsetBy: separator.count)
                start = place
            } else {
                place = text.index(after: place)
            }
        }
        return parts + [text[start...]]
    }
}
