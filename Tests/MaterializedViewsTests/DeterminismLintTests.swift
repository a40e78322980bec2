// What the lint reports, and what it must leave alone.

import Testing

@testable import MaterializedViews

@Suite("Determinism lint") struct DeterminismLintTests {
    private func findings(
        _ sql: String, _ strategy: RefreshStrategy = .materialized
    ) throws -> [DefinitionProblem] {
        let tokens = try SQLLexer.tokens(of: sql).filter { token in token.kind != .comment }
        return DeterminismLint(tokens: tokens, file: "v.sql", strategy: strategy).findings()
    }

    @Test(arguments: [
        "SELECT json_agg(x) FROM t", "SELECT\n array_agg ( x )", "SELECT string_agg(a, ',')",
        "SELECT jsonb_agg((SELECT a FROM b ORDER BY a)) FROM t",
        "SELECT json_agg(x) FILTER (WHERE y ORDER)", "SELECT pg_catalog.json_agg(x)",
        "SELECT array_agg(x) OVER (PARTITION BY y)", "SELECT ARRAY(SELECT a FROM b)",
        "SELECT now()", "SELECT clock_timestamp()", "SELECT CURRENT_DATE", "SELECT random()",
        "SELECT a FROM t WHERE b < current_timestamp(3)", "SELECT gen_random_uuid()",
        "SELECT age(born)", "SELECT current_setting('x')", "SELECT current_user",
        "SELECT nextval('s')",
    ])
    func `what changes without a changed row is an error`(sql: String) throws {
        let found = try findings(sql)
        #expect(found.count == 1)
        #expect(found.first?.severity == .error)
    }

    @Test(arguments: [
        "SELECT json_agg(x ORDER BY x) FROM t", "SELECT string_agg(a, ', ' ORDER BY b, id)",
        "SELECT json_agg(json_build_object('a', f(x)) ORDER BY x.id)",
        "SELECT json_agg(x) OVER (PARTITION BY y ORDER BY z)",
        "SELECT json_agg(x) FILTER (WHERE y) OVER (ORDER BY z)",
        "SELECT ARRAY(SELECT a FROM b ORDER BY a)", "SELECT ARRAY[1, 2]",
        "SELECT t.now, t.random, t.current_date FROM t", "SELECT 'now()', \"now\"",
        "SELECT age(a, b)", "SELECT app.now()", "SELECT now FROM t",
        "SELECT a FROM b ORDER BY a LIMIT 3", "SELECT jsonb_object_agg(a, b)",
        "SELECT DISTINCT ON (a) a FROM b ORDER BY a", "SELECT t.limit, a AS offset FROM t",
        "SELECT x FROM (SELECT a FROM b ORDER BY c LIMIT 2) x",
    ])
    func `what rows alone decide is left alone`(sql: String) throws {
        #expect(try findings(sql) == [])
    }

    @Test(arguments: [
        "SELECT a FROM b LIMIT 3", "SELECT a FROM b FETCH FIRST 3 ROWS ONLY",
        "SELECT DISTINCT ON (a) a FROM b", "SELECT (SELECT a FROM b LIMIT 1) ORDER BY 1",
    ])
    func `a choice without order is a warning`(sql: String) throws {
        let found = try findings(sql)
        #expect(found.map(\.severity) == [.warning])
    }

    @Test func `a clock in a live view is a warning, a random number still an error`() throws {
        #expect(try findings("SELECT now()", .live).map(\.severity) == [.warning])
        #expect(try findings("SELECT random()", .live).map(\.severity) == [.error])
    }

    @Test func `the line is that of the call`() throws {
        #expect(try findings("SELECT a,\n\n  json_agg(b)").map(\.line) == [3])
    }
}
