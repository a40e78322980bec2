// The lexer against PostgreSQL's lexical rules: what begins, what ends, what is one token.

import Testing

@testable import MaterializedViews

@Suite("SQL lexer") struct SQLLexerTests {
    @Test(arguments: [
        ("SELECT a.b", ["select", "a", ".", "b"]),
        ("'it''s; -- no'", ["'it''s; -- no'"]),
        (#"E'a\'b;' x"#, [#"E'a\'b;'"#, "x"]),
        (#"'a\' x"#, [#"'a\'"#, "x"]),
        ("$$ ; $$ $a$ $$ ' $a$", ["$$ ; $$", "$a$ $$ ' $a$"]),
        ("a$b$ c", ["a$b$", "c"]),
        ("$1 + $22", ["$1", "+", "$22"]),
        (#""Weird ""Name""""#, [#"Weird "Name""#]),
        ("U&'d\\0061t' u & v", ["U&'d\\0061t'", "u", "&", "v"]),
        ("x'1F' b'01' N'n'", ["x'1F'", "b'01'", "N'n'"]),
        ("1.5e3 a::int", ["1.5e3", "a", ":", ":", "int"]),
        ("ÄB", ["Äb"]),
    ])
    func `tokens are what PostgreSQL takes them for`(sql: String, expected: [String]) throws {
        #expect(try SQLLexer.tokens(of: sql).map(\.text) == expected)
    }

    @Test func `block comments nest and lines are counted through them`() throws {
        let tokens = try SQLLexer.tokens(of: "/* a /* b\n */ c\n*/ select\n'x\ny' z")
        #expect(tokens.map(\.kind) == [.comment, .word, .string, .word])
        #expect(tokens.map(\.line) == [1, 3, 4, 5])
    }

    @Test(arguments: ["'a", "\"a", "/* a /* b */", "$a$ b $b$", "E'a\\'"])
    func `what never ends is an error with its line`(sql: String) {
        #expect(throws: SQLLexerError.self) { try SQLLexer.tokens(of: "select\n" + sql) }
    }

    @Test func `ranges give back the text`() throws {
        let sql = "select 'ä' , \"Ö\""
        let bytes = Array(sql.utf8)
        let pieces = try SQLLexer.tokens(of: sql).map { token in
            String(decoding: bytes[token.range], as: UTF8.self)
        }
        #expect(pieces == ["select", "'ä'", ",", "\"Ö\""])
    }
}
