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
}
