// What the doctor must not be misled by: views that fail, expressions that no index on a column
// serves, tables that nobody has analysed, and rows that are cheap only beside all of them.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Doctor's findings") struct DoctorFindingsTests {
    private func database(_ sql: String) throws -> String {
        let url = try ThrowAwayPostgres.database()
        try Connection(to: url).run(
            """
            CREATE TABLE day (day date PRIMARY KEY);
            INSERT INTO day SELECT date '2020-01-01' + i FROM generate_series(0, 99) i;
            CREATE TABLE pay (id int PRIMARY KEY, at timestamp NOT NULL, zoned timestamptz NOT NULL,
                name varchar(40) NOT NULL, amount numeric NOT NULL)
                WITH (autovacuum_enabled = off);
            INSERT INTO pay SELECT i, timestamp '2020-01-01' + i * interval '1 hour',
                timestamptz '2020-01-01' + i * interval '1 hour', 'Name ' || i, i
            FROM generate_series(1, 2000) i;
            CREATE TABLE word (word text PRIMARY KEY);
            INSERT INTO word SELECT 'name ' || i FROM generate_series(1, 200) i;
            \(sql)
            """)
        return url
    }

    private func advice(_ views: [ViewDefinition], _ url: String) throws -> [Advice] {
        try ViewDoctor(views).advice(on: Connection(to: url))
    }

    /// Conditions on something made of a column, and the index that leads to it.
    @Test(arguments: [
        ("day", "pay p WHERE p.at::date = r.day", "((at)::date)"),
        ("day", "pay p WHERE date_trunc('day', p.at) = r.day", "(date_trunc('day'::text, at))"),
        ("word", "pay p WHERE lower(p.name) = r.word", "(lower((name)::text))"),
        ("word", "pay p WHERE p.name = r.word", "name"),
        ("word", "pay p WHERE p.amount::text = r.word", "((amount)::text)"),
        // What depends on the session's time zone cannot be indexed.
        ("day", "pay p WHERE p.zoned::date = r.day", nil),
        ("day", "pay p WHERE date_trunc('day', p.zoned) = r.day", nil),
        ("word", "pay p WHERE p.name || p.id = r.word", nil),
    ])
    func `only an index that helps is advised, and then it helps`(
        root: String, condition: String, index: String?
    ) throws {
        let url = try database("ANALYZE")
        let views = try [
            view(
                "counts",
                "-- key: \(root)\n-- refresh: live\nSELECT r.\(root), "
                    + "(SELECT count(*) FROM \(condition)) AS count FROM \(root) r")
        ]
        let connection = try Connection(to: url)
        _ = try ViewInstaller.apply(views, on: connection)
        let found = try advice(views, url).filter { piece in
            if case .missingIndex = piece { true } else { false }
        }
        guard let index else {
            #expect(found == [])
            return
        }
        #expect(
            found == [
                .missingIndex(table: "public.pay", columns: [index], rows: 2000, views: ["counts"])
            ])
        // An index on the column alone silences nothing unless it helps.
        if index != "name" {
            try connection.run(
                "CREATE INDEX ON pay (at); CREATE INDEX ON pay (name); "
                    + "CREATE INDEX ON pay (amount)")
            #expect(try advice(views, url).contains(found[0]))
        }
        for piece in found { try connection.run(piece.remedy) }
        try connection.run("ANALYZE")
        #expect(try !advice(views, url).contains(found[0]))
    }

    /// Ways in which a view that was installed comes to fail.
    @Test(arguments: [
        "ALTER TABLE pay RENAME COLUMN amount TO sum", "ALTER TABLE pay RENAME TO paid",
        "CREATE OR REPLACE FUNCTION twice(numeric) RETURNS numeric IMMUTABLE LANGUAGE plpgsql "
            + "AS 'BEGIN RAISE ''secret %'', $1; END'",
        "CREATE OR REPLACE FUNCTION twice(numeric) RETURNS numeric IMMUTABLE LANGUAGE plpgsql "
            + "AS 'BEGIN RETURN (SELECT 1 FROM gone); END'",
    ])
    func `a view that fails is a finding, and the others are examined`(sql: String) throws {
        let url = try database(
            """
            CREATE FUNCTION twice(numeric) RETURNS numeric IMMUTABLE LANGUAGE plpgsql
                AS 'BEGIN RETURN $1 * 2; END'; ANALYZE
            """)
        let connection = try Connection(to: url)
        let views = try [
            view("pays", "-- key: id\n-- refresh: live\nSELECT id, twice(amount) AS a FROM pay"),
            view("words", "-- key: word\nSELECT word FROM word"),
            view(
                "days",
                "-- key: day\n-- refresh: live\nSELECT d.day, (SELECT count(*) FROM other o "
                    + "WHERE o.day = d.day) AS count FROM day d"),
        ]
        try connection.run(
            "CREATE TABLE other (day date); INSERT INTO other TABLE day; ANALYZE other")
        _ = try ViewInstaller.apply(views, on: connection)
        try connection.run(sql)
        let found = try advice(views, url)
        guard case .brokenView(let view, let reason) = try #require(found.first) else {
            Issue.record("\(found)")
            return
        }
        #expect(view == "pays" && !reason.contains("secret 1"), "\(reason)")
        #expect(
            found.contains(
                .missingIndex(table: "public.other", columns: ["day"], rows: 100, views: ["days"])))
    }

    @Test func `views that stand aside are passed over`() throws {
        let url = try database("ANALYZE")
        let connection = try Connection(to: url)
        let views = try [view("words", "-- key: word\nSELECT word FROM word")]
        _ = try ViewInstaller.apply(views, on: connection)
        _ = try ViewInstaller.detach(on: connection)
        #expect(try advice(views, url) == [])
    }

    @Test func `a table that was never analysed has no number of rows`() throws {
        let url = try database("")
        let connection = try Connection(to: url)
        let views = try [
            view(
                "days",
                "-- key: day\n-- refresh: live\nSELECT d.day, (SELECT count(*) FROM pay p "
                    + "WHERE p.at = d.day) AS count FROM day d")
        ]
        _ = try ViewInstaller.apply(views, on: connection)
        let found = try advice(views, url)
        #expect(
            found.contains(
                .missingIndex(table: "public.pay", columns: ["at"], rows: nil, views: ["days"])))
        #expect(found.contains { $0.finding.contains("(never analysed)") })
    }

    /// One row that takes all of them, and the same written so that it does not.
    @Test(arguments: [
        (
            """
            WITH sums AS MATERIALIZED (
                SELECT p.name, sum(p.amount) AS sum FROM pay p GROUP BY p.name)
            SELECT p.id, s.sum FROM pay p JOIN sums s ON s.name = p.name
            """, true
        ),
        (
            """
            SELECT p.id, s.sum FROM pay p
            JOIN (SELECT q.name, sum(q.amount) OVER () AS sum FROM pay q) s ON s.name = p.name
            """, true
        ),
        (
            """
            SELECT p.id, s.rank FROM pay p
            JOIN (SELECT q.id, rank() OVER (ORDER BY q.amount) AS rank FROM pay q) s ON s.id = p.id
            """, true
        ),
        (
            """
            SELECT p.id, (SELECT sum(q.amount) FROM pay q WHERE q.name = p.name) AS sum FROM pay p
            """, false
        ),
        ("SELECT p.id, p.amount * 2 AS sum FROM pay p", false),
    ])
    func `one row is measured against all of them`(sql: String, isWhole: Bool) throws {
        let url = try database("CREATE INDEX ON pay (name); ANALYZE")
        let views = try [view("sums", "-- key: id\n-- refresh: live\n\(sql)")]
        _ = try ViewInstaller.apply(views, on: Connection(to: url))
        let found = try advice(views, url)
        let isFound = found.contains { piece in
            if case .wholeForOneRow("sums", let equal, _) = piece { equal >= 100 } else { false }
        }
        #expect(isFound == isWhole, "\(found)")
    }
}
