// Walks everything that a statement reads and gathers what is doubtful about it.
//
// Views of whoever are read as if their query stood in place, SQL functions as far as PostgreSQL
// keeps them parsed; the text of other functions is looked through for clocks. Each view and each
// function is judged once. What a reader would get wrong: order is judged SELECT by SELECT, with
// the rows of the queries around it as given.

/// Judges one statement.
struct StatementJudge {
    private let library: StatementLibrary
    private var doubts: [Doubt] = []
    private var judged: Set<Int> = []
    private var path: [String] = []
    /// Whether an SQL function's body is being read.
    private var isInFunction = false

    private init(_ library: StatementLibrary) { self.library = library }

    /// Everything doubtful about a statement, each once.
    ///
    /// - Parameters:
    ///   - tree: the parse tree of its view.
    ///   - view: the view's OID, whose own entries are no sources.
    ///   - library: what the tree leads to.
    /// - Returns: in the order in which they were met.
    static func doubts(
        of tree: NodeTree, view: Int, _ library: StatementLibrary
    ) -> [Doubt] {
        var judge = StatementJudge(library)
        judge.judged.insert(view)
        for query in tree.elements { judge.judge(SelectScope(query, in: nil, library)) }
        var seen: Set<Doubt> = []
        return judge.doubts.filter { seen.insert($0).inserted }
    }

    private mutating func note(_ kind: Doubt.Kind, _ subject: String, at node: NodeTree = .none) {
        let place = path.isEmpty ? node["location"].integer.flatMap { $0 < 0 ? nil : $0 } : nil
        doubts.append(Doubt(kind: kind, subject: subject, path: path, place: place))
    }

    // MARK: Queries

    /// What a query's answer is used for.
    private enum Use {
        case rows
        /// Whether there is a row.
        case existence
        /// The elements of an array.
        case array
    }

    private mutating func judge(_ scope: SelectScope, for use: Use = .rows) {
        let query = scope.query
        for entry in query["rtable"].elements { read(entry) }
        for table in query["cteList"].elements {
            judge(SelectScope(table["ctequery"], in: scope, library))
        }
        for number in scope.sources.keys.sorted() {
            guard case .query(let inner) = scope.sources[number],
                query["rtable"].elements[number - 1]["rtekind"].integer == 1
            else { continue }
            judge(inner)
        }
        if use != .existence { judgeChoice(scope) }
        if use == .array { judgeArray(scope) }
        judgeGroups(scope)
        for name in scope.looseOperations { note(.spelling, name) }
        for field in [
            "targetList", "havingQual", "limitOffset", "limitCount", "windowClause", "jointree",
        ] {
            visit(query[field], in: scope)
        }
        for entry in query["rtable"].elements {
            for field in ["functions", "values_lists", "tablesample", "tablefunc"] {
                visit(entry[field], in: scope)
            }
        }
    }

    /// A table or view of FROM.
    private mutating func read(_ entry: NodeTree) {
        guard entry["rtekind"].integer == 0, entry["inFromCl"].isTrue,
            let relation = entry["relid"].integer
        else { return }
        let table = library.tables[relation]
        let name = table?.name.text ?? "a table"
        if !entry["tablesample"].isEmpty { note(.sample, "TABLESAMPLE") }
        if entry["relkind"].text == "v" {
            guard judged.insert(relation).inserted, let tree = library.views[relation] else {
                return
            }
            path.append(name)
            for query in tree.elements { judge(SelectScope(query, in: nil, library)) }
            path.removeLast()
            return
        }
        if isInFunction { note(.hidden, name) }
        guard let table, judged.insert(relation).inserted else { return }
        if table.isUnlogged { note(.unlogged, name) }
        path.append("the row security of \(name)")
        for policy in table.policies {
            visit(policy, in: SelectScope(.none, in: nil, library))
        }
        path.removeLast()
    }

    /// Whether it is decided which rows LIMIT, OFFSET, FETCH and DISTINCT ON keep.
    private mutating func judgeChoice(_ scope: SelectScope) {
        let query = scope.query
        let isDistinctOn = query["hasDistinctOn"].isTrue
        let count = query["limitCount"]
        let isCounted =
            !count.isEmpty && !count["constisnull"].isTrue && query["limitOption"].integer != 1
        let isOffset = !query["limitOffset"].isEmpty && !query["limitOffset"].constantIs(0)
        guard isDistinctOn || isCounted || isOffset else { return }
        let sort = scope.expressions(of: query["sortClause"])
        let distinct = isDistinctOn ? scope.expressions(of: query["distinctClause"]) : []
        guard !isDecided(scope, by: sort + distinct) else { return }
        let subject = isDistinctOn ? "DISTINCT ON" : isCounted ? "LIMIT" : "OFFSET"
        note(.choice(isOrdered: !sort.isEmpty), subject, at: isCounted ? count : .none)
    }

    private mutating func judgeArray(_ scope: SelectScope) {
        let sort = scope.expressions(of: scope.query["sortClause"])
        guard !isDecided(scope, by: sort) else { return }
        note(sort.isEmpty ? .unordered : .ties, "ARRAY(SELECT …)")
    }

    /// Whether the rows of an answer are decided, up to such as are the same in all columns.
    private func isDecided(
        _ scope: SelectScope, by expressions: [NodeTree], windows: Bool = false
    ) -> Bool {
        let known = scope.knowledge(fixing: expressions)
        return scope.query["targetList"].elements.allSatisfy { target in
            target["resjunk"].isTrue
                || scope.isExact(target["expr"], in: known, windows: windows)
        }
    }

    /// GROUP BY and DISTINCT of values that are equal and not written alike.
    private mutating func judgeGroups(_ scope: SelectScope) {
        for clause in ["groupClause", "distinctClause"] {
            let groups = scope.expressions(of: scope.query[clause])
            guard groups.contains(where: scope.isLoose) else { continue }
            let firm = groups.filter { !scope.isLoose($0) }
            for group in groups where scope.isLoose(group) {
                // Such a value of one row, known by its own key, is written in one way.
                let known = scope.knowledge(fixing: firm + [group])
                guard !scope.isExact(group, in: known) else { continue }
                note(.spelling, clause == "groupClause" ? "GROUP BY" : "DISTINCT", at: group)
            }
        }
    }

    // MARK: Expressions

    private mutating func visit(_ node: NodeTree, in scope: SelectScope, isFirm: Bool = false) {
        switch node {
        case .none, .atom: return
        case .list(let elements):
            for element in elements { visit(element, in: scope, isFirm: isFirm) }
        case .node("SUBLINK", _):
            visit(node["testexpr"], in: scope)
            // SubLinkType: EXISTS, …, ARRAY.
            let use: Use =
                switch node["subLinkType"].integer {
                case 0: .existence
                case 6: .array
                default: .rows
                }
            judge(SelectScope(node["subselect"], in: scope, library), for: use)
        case .node(let type, let fields):
            look(at: node, type, in: scope, isFirm: isFirm)
            let makesFirm = isFirming(node)
            for field in fields.keys.sorted() {
                visit(fields[field] ?? .none, in: scope, isFirm: makesFirm)
            }
        }
    }

    /// Whether an expression is the same for values that are equal and not written alike.
    private func isFirming(_ node: NodeTree) -> Bool {
        if node.type == "OPEXPR" { return node["opresulttype"].integer == 16 }
        if node.type == "TARGETENTRY" { return false }
        guard node.type == "FUNCEXPR",
            let routine = node["funcid"].integer.flatMap({ library.routines[$0] })
        else { return false }
        // A cast to numeric(8,2) is a call of numeric(numeric, int4).
        return routine.isBuiltIn
            && [
                "round", "trunc", "trim_scale", "ceil", "ceiling", "floor", "int2", "int4", "int8",
                "float4", "float8", "date_part", "extract",
            ].contains(routine.name.name)
            || routine.name.name == "numeric" && routine.argumentTypes == [1700, 23]
    }

    private mutating func look(
        at node: NodeTree, _ type: String, in scope: SelectScope, isFirm: Bool
    ) {
        switch type {
        case "SQLVALUEFUNCTION":
            // SQLValueFunctionOp: dates and times come first.
            let operation = node["op"].integer ?? 0
            let name = Self.valueFunctions[operation] ?? "CURRENT_SCHEMA"
            note(operation < 9 ? .clock : .session, name, at: node)
        case "NEXTVALUEEXPR": note(.changing, "nextval()", at: node)
        case "AGGREF": judgeAggregate(node, in: scope, isFirm: isFirm)
        case "WINDOWFUNC": judgeWindow(node, in: scope)
        case "COERCEVIAIO": judgeConversion(node)
        case FunctionNames.call:
            callByName(node[FunctionNames.candidates].elements.compactMap(\.integer))
        case "RANGETBLFUNCTION":
            let function = node["funcexpr"]["funcid"].integer.flatMap { library.routines[$0] }
            if let function, function.isBuiltIn {
                judgeColumns(node["funccoltypes"], of: "\(function.name.name)()", at: node)
            }
        case "TABLEFUNC": judgeColumns(node["coltypes"], of: "XMLTABLE", at: node)
        case "JSONEXPR": judgeColumns(.list([node["returning"]["typid"]]), of: "JSON", at: node)
        default:
            for field in ["funcid", "opfuncid"] {
                node[field].integer.map { call($0, at: node) }
            }
        }
    }

    private static let valueFunctions = [
        0: "CURRENT_DATE", 1: "CURRENT_TIME", 2: "CURRENT_TIME", 3: "CURRENT_TIMESTAMP",
        4: "CURRENT_TIMESTAMP", 5: "LOCALTIME", 6: "LOCALTIME", 7: "LOCALTIMESTAMP",
        8: "LOCALTIMESTAMP", 9: "CURRENT_ROLE", 10: "CURRENT_USER", 11: "USER",
        12: "SESSION_USER", 13: "CURRENT_CATALOG",
    ]

    private mutating func call(_ function: Int, at node: NodeTree) {
        guard let routine = library.routines[function] else { return }
        if let kind = BuiltInFunctions.doubt(routine) {
            note(kind, "\(routine.name.name)()", at: node)
        }
        if TimeWords.recordFunctions.contains(routine.name.name) {
            judgeColumns(.list([node["funcresulttype"]]), of: "\(routine.name.name)()", at: node)
        }
        guard !routine.isBuiltIn else { return }
        if routine.volatility == "v",
            BuiltInFunctions.changingExtensions.contains(routine.name.name)
        {
            note(.changing, "\(routine.name.name)()", at: node)
        }
        guard judged.insert(-function).inserted else { return }
        path.append("\(routine.name.text)()")
        let wasInFunction = isInFunction
        isInFunction = true
        for query in routine.body.queries { judge(SelectScope(query, in: nil, library)) }
        if routine.isText {
            let text = FunctionText(
                routine.source, givesTime: library.timeName(of: routine.resultType) != nil)
            for (kind, subject) in text.doubts { note(kind, subject) }
        }
        isInFunction = wasInFunction
        path.removeLast()
    }

    /// A name that a function's text calls, and what it may stand for.
    private mutating func callByName(_ candidates: [Int]) {
        for candidate in candidates where library.routines[candidate]?.isBuiltIn == false {
            call(candidate, at: .none)
        }
        let builtIn = candidates.compactMap { library.routines[$0] }.filter(\.isBuiltIn)
        guard builtIn.count == candidates.count, let first = builtIn.first,
            let kind = BuiltInFunctions.doubt(first),
            builtIn.allSatisfy({ BuiltInFunctions.doubt($0) != nil })
        else { return }
        note(kind, "\(first.name.name)()")
    }

    // MARK: Aggregates and windows

    private mutating func judgeAggregate(_ node: NodeTree, in scope: SelectScope, isFirm: Bool) {
        guard let function = node["aggfnoid"].integer, let routine = library.routines[function],
            node["agglevelsup"].integer == 0
        else { return }
        if !routine.isBuiltIn { for part in routine.parts { call(part, at: node) } }
        // Ordered-set aggregates sort by what they look at.
        guard node["aggkind"].text == "n" else {
            return judgePick(routine, of: node, isFirm: isFirm, in: scope)
        }
        let isDistinct = !node["aggdistinct"].isEmpty
        let clauses = node["aggorder"].elements + node["aggdistinct"].elements
        let order = clauses.compactMap { clause in
            node["args"].elements.first { $0["ressortgroupref"] == clause["tleSortGroupRef"] }
                .map { $0["expr"] }
        }
        let arguments = node["args"].elements.filter { !$0["resjunk"].isTrue }.map { $0["expr"] }
        let groups = scope.expressions(of: scope.query["groupClause"])
        judge(
            routine, arguments, of: node, fixing: groups, order, isDistinct: isDistinct,
            isFirm: isFirm, in: scope)
    }

    /// An ordered-set aggregate that takes one of its values.
    private mutating func judgePick(
        _ routine: Routine, of node: NodeTree, isFirm: Bool, in scope: SelectScope
    ) {
        guard routine.isBuiltIn, ["mode", "percentile_disc"].contains(routine.name.name), !isFirm,
            let value = node["args"].elements.first?["expr"]
        else { return }
        let rows = scope.withoutGroups
        let groups = scope.expressions(of: scope.query["groupClause"])
        guard rows.isLoose(value),
            !rows.isExact(value, in: rows.knowledge(fixing: groups + [value]))
        else { return }
        note(.spelling, routine.name.name, at: node)
    }

    private mutating func judge(
        _ routine: Routine, _ arguments: [NodeTree], of node: NodeTree, fixing given: [NodeTree],
        _ order: [NodeTree], isDistinct: Bool = false, isFirm: Bool = false, in scope: SelectScope
    ) {
        let rows = scope.withoutGroups
        let known = rows.knowledge(fixing: given + order)
        guard !arguments.allSatisfy({ rows.isExact($0, in: known) }) else { return }
        let name = routine.name.name
        guard routine.isBuiltIn else {
            let isOrderFree = routine.parts.first.flatMap { library.routines[$0] }.map { step in
                step.isBuiltIn && BuiltInFunctions.orderFree.contains(step.name.name)
            }
            if isOrderFree != true { note(.ownAggregate, routine.name.text, at: node) }
            return
        }
        if BuiltInFunctions.lists.contains(name) {
            note(order.isEmpty ? .unordered : .ties, name, at: node)
        } else if BuiltInFunctions.objects.contains(name), arguments.count == 2 {
            let keyed = rows.knowledge(fixing: given + order + [arguments[0]])
            if !rows.isExact(arguments[1], in: keyed) { note(.objectKeys, name, at: node) }
        } else if BuiltInFunctions.addsFloats(routine) {
            if !isDistinct { note(.float, name, at: node) }
        } else if ["min", "max"].contains(name), !isFirm, let value = arguments.first,
            rows.isLoose(value)
        {
            note(.spelling, name, at: node)
        }
    }

    private mutating func judgeWindow(_ node: NodeTree, in scope: SelectScope) {
        guard let function = node["winfnoid"].integer, let routine = library.routines[function]
        else { return }
        let window = scope.window(of: node)
        let partition = scope.expressions(of: window["partitionClause"])
        let order = scope.expressions(of: window["orderClause"])
        let frame = WindowFrame(options: window["frameOptions"].integer ?? 0)
        let name = routine.name.name
        if !node["winagg"].isTrue {
            guard !["rank", "dense_rank", "percent_rank", "cume_dist"].contains(name) else {
                return
            }
            let isPick = ["first_value", "last_value", "nth_value"].contains(name)
            let known = scope.knowledge(fixing: partition + order)
            if isPick, !frame.countsRows, scope.isExact(node["args"], in: known) { return }
            if !isDecided(scope, by: partition + order, windows: true) {
                note(.window, name, at: node)
            }
            return
        }
        if frame.countsRows, !isDecided(scope, by: partition + order, windows: true),
            !scope.isExact(node["args"], in: scope.knowledge(fixing: partition + order))
        {
            note(.window, name, at: node)
            return
        }
        judge(routine, node["args"].elements, of: node, fixing: partition, order, in: scope)
    }

    // MARK: Conversions

    private mutating func judgeConversion(_ node: NodeTree) {
        guard let type = node["resulttype"].integer else { return }
        if TimeWords.catalogueTypes.contains(type)
            || node["arg"].valueType.map(TimeWords.catalogueTypes.contains) == true
        {
            note(.catalogue, "a conversion of names and OIDs", at: node)
        }
        guard let name = library.timeName(of: type) else { return }
        if let bytes = node["arg"].constantBytes {
            // A text's length stands before it.
            let text = String(decoding: bytes.dropFirst(4), as: UTF8.self)
            if let word = TimeWords.first(in: text) { note(.clock, "'\(word)'", at: node) }
        } else {
            note(.timeText(type: name), "a text", at: node)
        }
    }

    /// Texts that become the columns of a row.
    private mutating func judgeColumns(_ types: NodeTree, of reader: String, at node: NodeTree) {
        for type in types.elements.compactMap({ $0.integer.flatMap(library.timeName) }) {
            note(.timeText(type: type), "a text in \(reader)", at: node)
        }
    }
}
