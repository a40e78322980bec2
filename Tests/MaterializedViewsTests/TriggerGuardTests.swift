// Another program's statement never fails because views follow its tables, whatever migrations have
// done to what the triggers read. What was written then is found by the next pass over the view.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Triggers that give way") struct TriggerGuardTests {
    private static let text = "-- key: id\n-- nullable: name\nSELECT id, name FROM thing"
    private static let writes = [
        "INSERT INTO thing DEFAULT VALUES", "UPDATE thing SET note = 'x'", "DELETE FROM thing",
        "COPY thing (note) FROM PROGRAM 'seq 3'", "TRUNCATE thing CASCADE",
    ]

    private static func prepared() throws -> String {
        let url = try ThrowAwayPostgres.database()
        try Connection(to: url).run(
            """
            CREATE SEQUENCE number;
            CREATE TABLE thing (id int PRIMARY KEY DEFAULT nextval('number'), name text, note text);
            CREATE TYPE mood AS ENUM ('good');
            CREATE TABLE part (id int PRIMARY KEY, thing_id int REFERENCES thing ON DELETE CASCADE,
                name text);
            INSERT INTO thing (name) VALUES ('a'), ('b'); INSERT INTO part VALUES (1, 1, 'p');
            """)
        return url
    }

    private static func views() throws -> [ViewDefinition] {
        try [
            view("things", text),
            view(
                "parts",
                "-- key: id\nSELECT t.id, (SELECT count(p.name) FROM part p "
                    + "WHERE p.thing_id = t.id)"
                    + " AS parts FROM thing t"),
        ]
    }

    @Test(arguments: [
        "ALTER TABLE thing RENAME COLUMN name TO title",
        "ALTER TABLE thing DROP COLUMN name CASCADE",
        "ALTER TABLE thing RENAME COLUMN id TO number",
        "ALTER TABLE thing DROP COLUMN id CASCADE",
        "ALTER TABLE thing DROP CONSTRAINT thing_pkey CASCADE",
        "ALTER TABLE part RENAME COLUMN thing_id TO of",
        "DROP TABLE part CASCADE",
        "DROP VIEW sitegen.def_things, sitegen.def_parts; "
            + "ALTER TABLE thing ALTER name TYPE json USING to_json(name)",
        "DROP VIEW sitegen.def_things, sitegen.def_parts; ALTER TABLE part DROP thing_id; "
            + "ALTER TABLE thing ALTER id DROP DEFAULT, ALTER id TYPE point USING point(id, id), "
            + "ALTER id SET DEFAULT point(nextval('number'), 1), DROP CONSTRAINT thing_pkey",
        "DROP FUNCTION sitegen.keys_things; DROP FUNCTION sitegen.step",
        "DROP TABLE sitegen.queue", "ALTER TABLE sitegen.queue RENAME TO waiting",
        "ALTER TABLE sitegen.queue RENAME link TO chain",
        "ALTER TABLE sitegen.queue SET SCHEMA public", "ALTER SCHEMA sitegen RENAME TO other",
        "DROP SCHEMA sitegen CASCADE",
    ])
    func `a migration never makes another program's write fail`(migration: String) throws {
        let connection = try Connection(to: Self.prepared())
        _ = try ViewInstaller.apply(Self.views(), on: connection)
        // Plans that were made before are not what helps.
        for write in Self.writes.prefix(2) { try connection.run(write) }
        try connection.run(migration)
        for write in Self.writes { try connection.run(write) }
    }

    @Test func `a write after a column was renamed makes every row be looked at`() throws {
        let connection = try Connection(to: Self.prepared())
        _ = try ViewInstaller.apply(Self.views(), on: connection)
        try connection.run(
            "ALTER TABLE thing RENAME COLUMN name TO title; UPDATE thing SET title = 'c'")
        // PostgreSQL follows the name in the statement: the rows are right.
        #expect(try follow(connection) == ["u things 1 name", "u things 2 name"])
        let status = try ViewInstaller.status(
            of: Self.views(), generatedSource: nil, on: connection)
        let broken = try #require(status.first { $0.name == "things" })
        guard case .broken(let reason) = broken.state else {
            Issue.record("\(broken.state)")
            return
        }
        #expect(reason.contains("\"name\" does not exist"), "\(reason)")
    }

    @Test func `a dropped column sets the view aside by name, and its file's change mends it`()
        throws
    {
        let connection = try Connection(to: Self.prepared())
        _ = try ViewInstaller.apply(Self.views(), on: connection)
        try connection.run(
            "ALTER TABLE thing DROP COLUMN name CASCADE; INSERT INTO thing DEFAULT VALUES")
        _ = try ChangeQueue.drain(on: connection)
        let rows = "SELECT id || coalesce(name, '') FROM sitegen.things ORDER BY 1"
        #expect(try texts(rows, on: connection) == ["1a", "2b"])
        let failures = try ViewInstaller.failures(on: connection)
        #expect(failures.count == 1)
        let failure = try #require(failures.listed.first)
        #expect((failure.view, failure.kind, failure.key) == ("things", .view, ""))
        #expect("\(failure)".contains("there is no \"public\".\"thing\".name"), "\(failure)")
        // The other view has not stopped.
        #expect(
            try texts("SELECT id::text FROM sitegen.parts ORDER BY 1", on: connection)
                == ["1", "2", "3"])
        let status = try ViewInstaller.status(
            of: Self.views(), generatedSource: nil, on: connection)
        #expect(status.first { $0.name == "things" }?.state != .installed)
        #expect(status.first { $0.name == "things" }?.state != .detached)
        _ = try ViewInstaller.apply(
            [
                view("things", "-- key: id\n-- nullable: name\nSELECT id, note AS name FROM thing"),
                Self.views()[1],
            ], on: connection)
        #expect(try texts(rows, on: connection) == ["1", "2", "3"])
        #expect(try ViewInstaller.failures(on: connection).count == 0)
    }

    @Test func `an owner without rights on its schema lets writes through`() throws {
        let url = try Self.prepared()
        let connection = try Connection(to: url)
        let role = "keeper_\(UInt32.random(in: 0 ... .max))"
        try connection.run(
            """
            CREATE ROLE \(role); GRANT SELECT, UPDATE, TRIGGER ON thing, part TO \(role);
            DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO \(role)',
                current_database()); END $$; SET ROLE \(role)
            """)
        _ = try ViewInstaller.apply(Self.views(), on: connection)
        for loss in ["ALL ON sitegen.queue", "USAGE ON SCHEMA sitegen", "SELECT ON thing"] {
            try connection.run("RESET ROLE; REVOKE \(loss) FROM \(role)")
            for write in Self.writes.prefix(3) { try connection.run(write) }
        }
    }

    @Test func `a lock that is waited for too long, and a cancel, are the writer's to see`() throws
    {
        let url = try Self.prepared()
        let writer = try Connection(to: url)
        let other = try Connection(to: url)
        _ = try ViewInstaller.apply(Self.views(), on: writer)
        try other.run("BEGIN; LOCK TABLE sitegen.queue")
        for (setting, state) in [("lock_timeout", "55P03"), ("statement_timeout", "57014")] {
            try writer.run("SET \(setting) = '50ms'")
            let error = #expect(throws: PostgresError.self) {
                try writer.run("UPDATE thing SET name = 'locked'")
            }
            #expect(error?.sqlState == state)
            try writer.run("RESET \(setting)")
        }
        try other.run("ROLLBACK")
    }

    @Test func `operators and types of a writer's search path are not those of a trigger`() throws {
        let url = try Self.prepared()
        let connection = try Connection(to: url)
        _ = try ViewInstaller.apply(Self.views(), on: connection)
        try connection.run(
            """
            CREATE SCHEMA evil; CREATE TABLE evil.seen (what text);
            CREATE FUNCTION evil.same(int, int) RETURNS bool LANGUAGE plpgsql
                AS $$ BEGIN INSERT INTO evil.seen VALUES ('='); RETURN true; END $$;
            CREATE FUNCTION evil.unlike(record, record) RETURNS bool LANGUAGE plpgsql
                AS $$ BEGIN INSERT INTO evil.seen VALUES ('*<>'); RETURN false; END $$;
            CREATE FUNCTION evil.array_agg(int) RETURNS int[] LANGUAGE plpgsql
                AS $$ BEGIN INSERT INTO evil.seen VALUES ('array_agg'); RETURN '{}'; END $$;
            CREATE FUNCTION evil.unnest(int[]) RETURNS SETOF int LANGUAGE plpgsql
                AS $$ BEGIN INSERT INTO evil.seen VALUES ('unnest'); END $$;
            CREATE OPERATOR evil.= (leftarg = int, rightarg = int, function = evil.same);
            CREATE OPERATOR evil.*<> (leftarg = record, rightarg = record, function = evil.unlike);
            CREATE DOMAIN evil.text AS pg_catalog.text CHECK (false);
            CREATE DOMAIN evil.int4 AS pg_catalog.int4 CHECK (false);
            CREATE TABLE evil.queue (watch int, link pg_catalog.text);
            SET search_path = evil, pg_catalog, public
            """)
        try connection.run("UPDATE thing SET name = 'n' WHERE id OPERATOR(pg_catalog.=) 1")
        try connection.run("INSERT INTO thing (name) VALUES ('new'); DELETE FROM part")
        try connection.run("RESET search_path")
        #expect(
            try follow(connection) == [
                "i parts 3", "i things 3", "u parts 1 parts", "u things 1 name",
            ])
        #expect(try texts("SELECT what FROM evil.seen", on: connection).isEmpty)
    }

    @Test(arguments: [1, 1_000, 1_001, 3_000])
    func `a statement of any length queues each link once`(rows: Int) throws {
        let connection = try Connection(to: Self.prepared())
        _ = try ViewInstaller.apply(Self.views(), on: connection)
        try connection.run(
            "INSERT INTO thing (name) SELECT 'x' FROM generate_series(1, \(rows))")
        _ = try follow(connection)
        try connection.run("UPDATE thing SET name = 'y' WHERE name = 'x'")
        let queued = "SELECT count(*) || ' ' || count(DISTINCT (watch, link)) FROM sitegen.queue"
        #expect(try texts(queued, on: connection) == ["\(rows) \(rows)"])
        #expect(try follow(connection).count == min(rows, 1_000))
    }

    @Test func `a link that fails an ASSERT does not stop its writer`() throws {
        let connection = try Connection(to: Self.prepared())
        try connection.run(
            """
            CREATE FUNCTION told(mood) RETURNS text LANGUAGE plpgsql IMMUTABLE
                AS 'BEGIN ASSERT false; RETURN NULL; END';
            CREATE CAST (mood AS text) WITH FUNCTION told(mood);
            ALTER TABLE thing ADD mood mood; CREATE TABLE moody (mood mood)
            """)
        let text =
            "-- key: id\nSELECT t.id, (SELECT count(*) FROM moody m WHERE m.mood = t.mood) AS n "
            + "FROM thing t"
        _ = try ViewInstaller.apply([view("moods", text)], on: connection)
        try connection.run("UPDATE thing SET mood = 'good'; INSERT INTO moody VALUES ('good')")
        #expect(try follow(connection) == ["u moods 1 n", "u moods 2 n"])
    }
}
