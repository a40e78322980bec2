// Reading PostgreSQL's text form of parse trees.

import Testing

@testable import MaterializedViews

@Suite("Node trees") struct NodeTreeTests {
    @Test func `fields, lists and strings are read`() throws {
        let tree = try NodeTreeReader.read(
            #"({QUERY :hasAggs false :rtable ({RTE :eref {ALIAS :aliasname unnamed\ join "#
                + #":colnames ("a \"b" "")} :relid 16 :cols (b 8 9)}) :quals <>})"#
        )
        let query = try #require(tree.elements.first)
        #expect(query.type == "QUERY")
        #expect(query["hasAggs"].text == "false")
        #expect(query["quals"].isEmpty)
        let entry = try #require(query["rtable"].elements.first)
        #expect(entry["relid"].integer == 16)
        #expect(entry["eref"]["aliasname"].text == "unnamed join")
        #expect(entry["eref"]["colnames"].elements.map(\.text) == ["a \"b", ""])
        #expect(entry["cols"].elements.map(\.text) == ["b", "8", "9"])
        #expect(entry["nothing"] == .none)
    }

    @Test func `the bytes of a constant do not become fields`() throws {
        let tree = try NodeTreeReader.read(
            "{CONST :consttype 23 :constvalue 4 [ 1 0 0 0 ] :location 7}")
        #expect(tree["constvalue"].integer == 4)
        #expect(tree["location"].integer == 7)
    }

    @Test(arguments: ["", "(", "{", "{A :b", ")", "({A)", String(repeating: "(", count: 5_000)])
    func `a text that is no tree is an error, not a trap`(text: String) {
        #expect(throws: NodeTreeError.self) { try NodeTreeReader.read(text) }
    }

    @Test func `random damage is read or refused`() throws {
        var generator = SystemRandomNumberGenerator()
        let text = Array("({QUERY :a (1 2 {VAR :varno 1 :x \"q\\\"\" :c 4 [ 1 2 ]}) :b <>})".utf8)
        for _ in 0..<2_000 {
            var bytes = text
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
                    "(){}:\\\" <>a1".utf8.randomElement(using: &generator) ?? 0x20
            }
            _ = try? NodeTreeReader.read(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// What PostgreSQL 18 makes of `SELECT b, count(*) FROM t GROUP BY b`: column b is one of an
    /// entry that GROUP BY has.
    private static let grouped = """
        ({QUERY :hasAggs true :hasGroupRTE true :rtable (\
        {RANGETBLENTRY :eref {ALIAS :aliasname t} :rtekind 0 :relid 77 :relkind r :inFromCl true} \
        {RANGETBLENTRY :eref {ALIAS :aliasname *GROUP*} :rtekind 9 :groupexprs (\
        {VAR :varno 1 :varattno 2 :vartype 25 :varlevelsup 0}) :inFromCl false}) \
        :jointree {FROMEXPR :fromlist ({RANGETBLREF :rtindex 1}) :quals <>} :targetList (\
        {TARGETENTRY :expr {VAR :varno 2 :varattno 1 :vartype 25 :varlevelsup 0} :resno 1 \
        :ressortgroupref 1 :resjunk false}) \
        :groupClause ({SORTGROUPCLAUSE :tleSortGroupRef 1 :eqop 98})})
        """

    @Test func `a column that is grouped by is a column of its table`() throws {
        let tree = try NodeTreeReader.read(Self.grouped)
        let reader = StatementReader(catalog: StatementCatalog(equalities: [98: [1994]]))
        let scope = reader.read(tree, of: 1, key: [1])
        #expect(reader.uses.map(\.columns) == [[2]])
        let origins = try scope.origins(ofOutput: 1, .rows(equality: nil))
        #expect(origins.map(\.column) == [2])
        let query = try #require(tree.elements.first)
        let judged = SelectScope(query, in: nil, StatementLibrary())
        #expect(judged.expressions(of: query["groupClause"]).map { $0["varno"].integer } == [1])
        #expect(!CanonicalStatement.text(tree, of: 1).contains("VAR 0 2 1"))
    }

    @Test func `a virtual column is refused, since triggers do not see it`() throws {
        let use = TableUse(table: 77, alias: "t", isLinkable: true)
        use.columns = [1, 2]
        var table = WatchedTable(
            oid: 77, name: QualifiedName(schema: "public", name: "t"), kind: "r")
        table.columns = [
            1: .init(name: "id", type: "integer"),
            2: .init(name: "twice", type: "integer", isGenerated: true, isVirtual: true),
        ]
        let definition = try view("v", "-- key: id\nSELECT id, twice FROM t")
        let problems = DependencyCheck(
            definition: definition, columns: [], uses: [use], tables: [77: table], functions: []
        ).problems()
        #expect(problems.map(\.message).count == 1)
        #expect(problems.first?.message.hasPrefix("public.t.twice is a virtual") == true)
    }
}
