// The check by mutation: what it finds, what it does not blame on a change, and what it says of
// tables that refuse.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Check by mutation") struct MutationCheckTests {
    private func rooms() throws -> [ViewDefinition] {
        try [
            view("room_page", roomPage), view("bed_name", "-- key: id\nSELECT id, name FROM bed"),
        ]
    }

    private func installed() throws -> String {
        let url = try roomsDatabase()
        _ = try ViewInstaller.apply(rooms(), on: Connection(to: url))
        return url
    }

    private func limits(rows: Int) -> MutationLimits {
        var limits = MutationLimits()
        limits.rows = rows
        return limits
    }

    @Test func `what is not followed is found, and nothing stays changed`() throws {
        let connection = try Connection(to: installed())
        let whole = try MutationCheck.run(limits: limits(rows: 3), on: connection)
        #expect(whole.misses.isEmpty && whole.differences.isEmpty, "\(whole.lines)")
        #expect(whole.tried > 20 && whole.isComplete)
        let rows = "SELECT string_agg(b::text, ' ' ORDER BY id) FROM bed b"
        let before = try texts(rows, on: connection)
        try connection.run("DROP TRIGGER sitegen_update ON bed")
        let broken = try MutationCheck.run(limits: limits(rows: 3), on: connection)
        #expect(
            Set(broken.misses.map(\.change)).isSuperset(of: [
                "a change of public.bed.name", "a move of public.bed.room_id",
            ]))
        #expect(try texts(rows, on: connection) == before)
        #expect(try texts("SELECT count(*)::text FROM sitegen.queue", on: connection) == ["0"])
    }

    @Test func `NULL is given a value, and a step that cannot be taken is an error`() throws {
        let connection = try Connection(to: installed())
        try connection.run("UPDATE room SET name = NULL; DROP TRIGGER sitegen_update ON room")
        let broken = try MutationCheck.run(limits: limits(rows: 1), on: connection)
        #expect(broken.misses.map(\.change).contains("a change of public.room.name"))
        try connection.run("ALTER FUNCTION sitegen.step(int) RENAME TO stop")
        #expect(throws: ViewError.self) { try MutationCheck.run(on: connection) }
    }

    /// Ways in which rows become stale, or have no key, without a word.
    @Test(arguments: [
        (
            "UPDATE bed SET name = 'unseen' WHERE id = 1",
            ["bed_name: 1 row differs already", "room_page: 1 row differs already"]
        ),
        (
            "DELETE FROM bed",
            ["bed_name: 3 rows differ already", "room_page: 2 rows differ already"]
        ),
        (
            "INSERT INTO bed VALUES (9, 2, 'cot')",
            ["bed_name: 1 row differs already", "room_page: 1 row differs already"]
        ),
        ("TRUNCATE bed", ["bed_name: 3 rows differ already", "room_page: 2 rows differ already"]),
    ])
    func `what differed before is said first and blamed on no change`(
        sql: String, expected: [String]
    ) throws {
        let connection = try Connection(to: installed())
        try connection.run("\(sql); DELETE FROM sitegen.queue")
        let report = try MutationCheck.run(on: connection)
        #expect(report.misses.isEmpty, "\(report.misses)")
        let lines = report.differences.map(\.description).sorted()
        #expect(lines.count == expected.count)
        for (line, start) in zip(lines, expected) { #expect(line.hasPrefix(start), "\(line)") }
    }

    @Test func `a row whose key became NULL is named, and no change is blamed for it`() throws {
        let url = try ThrowAwayPostgres.database()
        let connection = try Connection(to: url)
        try connection.run(
            "CREATE TABLE post (id int PRIMARY KEY, slug text); INSERT INTO post VALUES (1, 'a')")
        _ = try ViewInstaller.apply(
            [view("post_page", "-- key: slug\nSELECT slug, id FROM post")], on: connection)
        try connection.run("INSERT INTO post VALUES (2, NULL)")
        let report = try MutationCheck.run(on: connection)
        #expect(report.misses.isEmpty, "\(report.misses)")
        #expect(
            report.differences.map(\.description) == [
                "post_page: 1 row has a NULL key and is not in the view"
            ])
    }

    /// Tables that refuse, each with something that has to be said of them.
    @Test(arguments: [
        (
            "CREATE RULE r AS ON UPDATE TO thing WHERE NEW.id <> OLD.id DO INSTEAD NOTHING",
            "a change of public.thing.id: no row was changed: a rule or a trigger"
        ),
        (
            "CREATE RULE r AS ON DELETE TO thing DO INSTEAD NOTHING",
            "a deletion from public.thing: no row was changed: a rule or a trigger"
        ),
        (
            "CREATE RULE r AS ON INSERT TO thing DO INSTEAD NOTHING",
            "an insertion into public.thing: no row was changed: a rule or a trigger"
        ),
        (
            """
            CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN RAISE ''row % stays'', OLD; END';
            CREATE TRIGGER no BEFORE DELETE ON thing FOR EACH ROW EXECUTE FUNCTION no()
            """, "a deletion from public.thing: a trigger or a function raised an error"
        ),
        (
            "CREATE TABLE part (thing int REFERENCES thing DEFERRABLE INITIALLY DEFERRED); "
                + "INSERT INTO part SELECT id FROM thing",
            "a deletion from public.thing: the foreign key part_thing_fkey does not allow it"
        ),
        (
            "ALTER TABLE thing ADD EXCLUDE USING gist (box(point(1, 1), point(id, id)) WITH &&) "
                + "WHERE (id > 1)",
            "an insertion into public.thing: "
        ),
        ("ALTER TABLE thing ADD CHECK (size = 'L')", "a change of public.thing.size: "),
        (
            "DELETE FROM thing WHERE id > 1",
            "a move of public.thing.name: no other row has another value"
        ),
        ("TRUNCATE thing", "every change of public.thing: it has no rows"),
        ("", "a change of public.thing.double: PostgreSQL alone writes this column"),
    ])
    func `a table that refuses is gone past, and said what it refuses`(
        sql: String, expected: String
    ) throws {
        let connection = try Connection(to: ThrowAwayPostgres.database())
        try connection.run(
            """
            CREATE TYPE size AS ENUM ('S', 'L');
            CREATE TABLE thing (
                id int PRIMARY KEY, name text NOT NULL, size size NOT NULL DEFAULT 'L',
                double int GENERATED ALWAYS AS (id * 2) STORED,
                number int GENERATED ALWAYS AS IDENTITY);
            INSERT INTO thing (id, name) VALUES (1, 'a'), (2, 'b');
            CREATE TABLE other (id int PRIMARY KEY, name text);
            INSERT INTO other VALUES (1, 'x'), (2, 'y'); \(sql)
            """)
        _ = try ViewInstaller.apply(
            [
                view("thing", "-- key: id\nSELECT id, name, size, double, number FROM thing"),
                view("other", "-- key: id\nSELECT id, name FROM other"),
            ], on: connection)
        let report = try MutationCheck.run(on: connection)
        #expect(report.misses.isEmpty, "\(report.misses)")
        #expect(report.isComplete && report.refused > 0 || expected.hasPrefix("every"))
        #expect(report.tried >= 10, "the other table is tried")
        #expect(
            report.untried.contains { $0.description.hasPrefix("not tried: \(expected)") },
            "\(report.lines)")
        // Nobody reads a value in what is said.
        #expect(!report.lines.joined().contains("stays"))
    }

    @Test func `a role that may not write, and row security, are refusals`() throws {
        let url = try installed()
        let owner = try Connection(to: url)
        try owner.run(
            """
            DROP ROLE IF EXISTS guest_of_rooms; CREATE ROLE guest_of_rooms;
            GRANT ALL ON SCHEMA sitegen TO guest_of_rooms;
            GRANT ALL ON ALL TABLES IN SCHEMA sitegen TO guest_of_rooms;
            GRANT ALL ON ALL SEQUENCES IN SCHEMA sitegen TO guest_of_rooms;
            GRANT SELECT ON room, bed TO guest_of_rooms; GRANT UPDATE ON bed TO guest_of_rooms;
            ALTER TABLE bed ENABLE ROW LEVEL SECURITY;
            CREATE POLICY sees ON bed FOR SELECT USING (true);
            CREATE POLICY keeps ON bed FOR UPDATE USING (false);
            SET ROLE guest_of_rooms
            """)
        let report = try MutationCheck.run(on: owner)
        #expect(report.misses.isEmpty && report.tried == 0, "\(report.lines)")
        #expect(
            report.untried.contains {
                $0.change == "a deletion from public.room" && $0.reason.contains("may not")
            }, "\(report.lines)")
        #expect(
            report.untried.contains {
                $0.change == "a change of public.bed.name" && $0.reason.contains("row security")
            }, "\(report.lines)")
    }

    @Test func `partitions are changed where their rows are`() throws {
        let connection = try Connection(to: ThrowAwayPostgres.database())
        try connection.run(
            """
            CREATE TABLE pay (id int, at date, amount numeric, PRIMARY KEY (id, at))
                PARTITION BY RANGE (at);
            CREATE TABLE pay_1 PARTITION OF pay FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
            CREATE TABLE pay_2 PARTITION OF pay FOR VALUES FROM ('2020-02-01') TO ('2020-03-01');
            INSERT INTO pay SELECT i, date '2020-01-20' + i, i FROM generate_series(1, 20) i
            """)
        _ = try ViewInstaller.apply(
            [view("pays", "-- key: id, at\nSELECT id, at, amount FROM pay")], on: connection)
        let report = try MutationCheck.run(on: connection)
        #expect(report.misses.isEmpty && report.untried.isEmpty, "\(report.lines)")
        try connection.run(
            "DROP TRIGGER sitegen_update ON pay_2; DROP TRIGGER sitegen_update ON pay")
        #expect(try !MutationCheck.run(on: connection).misses.isEmpty)
    }

    @Test func `names choose what is compared and what is changed`() throws {
        let connection = try Connection(to: installed())
        let beds = try MutationCheck.run(["public.bed"], on: connection)
        let all = try MutationCheck.run(on: connection)
        let page = try MutationCheck.run(["room_page", "room"], on: connection)
        #expect(beds.tried > 0 && beds.tried < all.tried && page.tried < all.tried)
        try connection.run("DROP TRIGGER sitegen_update ON bed")
        #expect(try MutationCheck.run(["room"], on: connection).misses.isEmpty)
        let misses = try MutationCheck.run(["sitegen.bed_name", "bed"], on: connection).misses
        #expect(Set(misses.map(\.view)) == ["bed_name"])
    }

    @Test(arguments: [
        ("room_pge", "Did you mean room_page?"), ("public.beds", "Did you mean public.bed?"),
        ("rom", "Did you mean public.room?"), ("elephant", "They are "),
    ])
    func `a name that is not there is an error with what is near`(name: String, hint: String) throws
    {
        let connection = try Connection(to: installed())
        let error = #expect(throws: ViewError.self) {
            try MutationCheck.run([name], on: connection)
        }
        #expect(error?.description.contains(hint) == true, "\(String(describing: error))")
    }

    /// Comparisons are made for several changes at once, as where they are dear.
    @Test func `changes that are compared together are told apart`() throws {
        let connection = try Connection(to: installed())
        try connection.run(
            "INSERT INTO bed SELECT i, 1 + i % 3, 'bed ' || i FROM generate_series(10, 60) i")
        _ = try ChangeQueue.drain(on: connection)
        var limits = limits(rows: 1)
        limits.cheapSeconds = 0
        let whole = try MutationCheck.run(limits: limits, on: connection)
        #expect(whole.misses.isEmpty && whole.isComplete, "\(whole.lines)")
        #expect(
            whole.tried
                == (try MutationCheck.run(limits: self.limits(rows: 1), on: connection)).tried)
        // Only what the trigger of one event tells is missed.
        try connection.run("DROP TRIGGER sitegen_delete ON bed")
        let broken = try MutationCheck.run(limits: limits, on: connection)
        #expect(Set(broken.misses.map(\.change)) == ["a deletion from public.bed"])
    }

    @Test func `a view that is looked at as a whole hides no change before it`() throws {
        let connection = try Connection(to: roomsDatabase())
        // Names of beds reach all rows of the second view, rooms of beds the first one's alone.
        _ = try ViewInstaller.apply(
            [
                view("room_page", roomPage),
                view("all_beds", "-- key: one\nSELECT 1 AS one, max(name) AS last FROM bed"),
            ], on: connection)
        try connection.run("DROP TRIGGER sitegen_insert ON bed")
        var limits = limits(rows: 1)
        limits.cheapSeconds = 0
        let report = try MutationCheck.run(limits: limits, on: connection)
        #expect(
            report.misses.contains { $0.change == "an insertion into public.bed" },
            "\(report.misses)")
        #expect(Set(report.misses.map(\.change)) == ["an insertion into public.bed"])
    }

    @Test func `when the time is up, that is said`() throws {
        let connection = try Connection(to: installed())
        var limits = MutationLimits()
        limits.seconds = 0
        let report = try MutationCheck.run(limits: limits, on: connection)
        #expect(!report.isComplete && report.tried == 0)
        #expect(report.lines.contains { $0.contains("--seconds") }, "\(report.lines)")
    }
}
