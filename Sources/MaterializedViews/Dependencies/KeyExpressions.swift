// Keys that are computed: the SQL of an expression, and whether the refresher may compute it from
// the columns of one row, later and by itself.
//
// The SQL is cut out of what PostgreSQL gives back as the view's text (`pg_get_viewdef`), where
// every name is resolved. It may be computed apart if nothing but the columns decides its value:
// functions that are IMMUTABLE, or of PostgreSQL itself and steered by settings that are pinned
// (a date of a timestamptz), and all of them strict: a part that is NULL then makes no key.

/// What is known of the expressions of one view.
struct KeyExpressions {
    /// By branch of a UNION and by column, the SQL of the view's columns; empty if it is not known.
    var texts: [[String]] = []
    /// The functions that may be computed apart, by OID.
    var functions: Set<Int> = []

    /// Types whose text is read back as it was written, under settings that are pinned: bool, int8,
    /// int2, int4, text, float4, float8, bpchar, varchar, date, time, timestamp, timestamptz,
    /// numeric, uuid.
    private static let plainTypes: Set<Int> = [
        16, 20, 21, 23, 25, 700, 701, 1042, 1043, 1082, 1083, 1114, 1184, 1700, 2950,
    ]

    /// The variables of an expression that may be computed apart.
    func variables(of node: NodeTree) throws(StatementScope.Opacity) -> [NodeTree] {
        switch node.type {
        case "VAR":
            // The text of money, which would be queued, is the session's.
            guard node["varlevelsup"].integer == 0, (node["varattno"].integer ?? 0) > 0,
                node["vartype"].integer != 790
            else { throw .computed }
            return [node]
        case "CONST":
            guard node["constisnull"].text == "false" else { throw .computed }
            return []
        case "RELABELTYPE": return try variables(of: node["arg"])
        case "COERCEVIAIO":
            guard let result = node["resulttype"].integer, Self.plainTypes.contains(result),
                let given = node["arg"].resultType, Self.plainTypes.contains(given)
            else { throw .computed }
            return try variables(of: node["arg"])
        case "FUNCEXPR", "OPEXPR":
            let name = node.type == "OPEXPR" ? "opfuncid" : "funcid"
            guard let function = node[name].integer, functions.contains(function),
                !node["funcretset"].isTrue, !node["opretset"].isTrue
            else { throw .computed }
            var found: [NodeTree] = []
            for argument in node["args"].elements { found += try variables(of: argument) }
            return found
        default: throw .computed
        }
    }

    /// The SQL of the columns of a view, by branch.
    ///
    /// - Parameter definition: the text of `pg_get_viewdef`.
    /// - Returns: nothing if a branch stands in brackets.
    static func texts(of definition: String) -> [[String]] {
        guard let tokens = try? SQLLexer.tokens(of: definition) else { return [] }
        let bytes = Array(definition.utf8)
        var branches: [[String]] = []
        var depth = 0
        var start: Int?
        var columns: [String] = []
        func end(before token: SQLToken) {
            if let first = start, first <= token.range.lowerBound {
                columns.append(
                    String(decoding: bytes[first..<token.range.lowerBound], as: UTF8.self))
            }
        }
        for (place, token) in tokens.enumerated() {
            if token.isSymbol("(") || token.isSymbol("[") { depth += 1 }
            if token.isSymbol(")") || token.isSymbol("]") { depth -= 1 }
            guard depth == 0, !token.isSymbol(")") else { continue }
            if token.isWord("select") {
                guard start == nil else { return [] }
                start = token.range.upperBound
                columns = []
                // DISTINCT and DISTINCT ON (…) are no column.
                if place + 1 < tokens.count, tokens[place + 1].isWord("distinct") {
                    start = behindDistinct(tokens, from: place + 1)
                }
            } else if token.isSymbol(","), start != nil {
                end(before: token)
                start = token.range.upperBound
            } else if token.isWord("from") || token.isSymbol(";"), start != nil {
                end(before: token)
                branches.append(columns.map(withoutName))
                start = nil
            }
        }
        return branches
    }

    private static func behindDistinct(_ tokens: [SQLToken], from place: Int) -> Int {
        guard place + 1 < tokens.count, tokens[place + 1].isWord("on") else {
            return tokens[place].range.upperBound
        }
        var depth = 0
        for token in tokens[(place + 2)...] {
            if token.isSymbol("(") { depth += 1 }
            if token.isSymbol(")") {
                depth -= 1
                if depth == 0 { return token.range.upperBound }
            }
        }
        return tokens[place].range.upperBound
    }

    /// An expression without `AS name`.
    private static func withoutName(_ column: String) -> String {
        guard let tokens = try? SQLLexer.tokens(of: column), tokens.count > 2,
            tokens[tokens.count - 2].isWord("as")
        else { return column.trimmed }
        return String(
            decoding: Array(column.utf8)[..<tokens[tokens.count - 2].range.lowerBound],
            as: UTF8.self
        ).trimmed
    }
}

extension NodeTree {
    /// The OID of an expression's type, where it is one that keys are computed with.
    fileprivate var resultType: Int? {
        switch type {
        case "VAR": self["vartype"].integer
        case "CONST": self["consttype"].integer
        case "FUNCEXPR": self["funcresulttype"].integer
        case "OPEXPR": self["opresulttype"].integer
        case "RELABELTYPE", "COERCEVIAIO": self["resulttype"].integer
        default: nil
        }
    }
}
