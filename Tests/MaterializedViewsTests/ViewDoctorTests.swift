// The doctor in a real PostgreSQL: each ailment is brought about, and then named with its remedy.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("View doctor") struct ViewDoctorTests {
    /// Rooms with many beds, and indexes on everything that is looked up; names are long, so that
    /// no table is small enough to be read as a whole.
    private func database() throws -> String {
        let url = try ThrowAwayPostgres.database()
        let connection = try Connection(to: url)
        try connection.run(
            """
            CREATE TABLE room (id int PRIMARY KEY, slug text NOT NULL UNIQUE, name text NOT NULL);
            CREATE TABLE bed (id int PRIMARY KEY, name text NOT NULL);
            CREATE TABLE bed_room (
                bed_id int REFERENCES bed, room_id int REFERENCES room, UNIQUE (bed_id, room_id));
            CREATE INDEX bed_room_room ON bed_room (room_id);
            INSERT INTO room
            SELECT i, 'r' || i,
                (SELECT string_agg(md5((i * n)::text), ' ') FROM generate_series(1, 40) n)
            FROM generate_series(1, 2000) i;
            INSERT INTO bed SELECT i, 'Bed ' || i FROM generate_series(1, 2000) i;
            INSERT INTO bed_room
            SELECT i, 1 + (i * 7 + j) % 2000
            FROM generate_series(1, 2000) i, generate_series(0, 2) j;
            ANALYZE
            """)
        return url
    }

    private let sql = """
        SELECT r.id, r.name, (SELECT coalesce(json_agg(b.name ORDER BY b.id), '[]')
            FROM bed_room p JOIN bed b ON b.id = p.bed_id WHERE p.room_id = r.id) AS beds
        FROM room r
        """

    private func advice(
        _ views: [ViewDefinition], on connection: borrowing Connection,
        limits: DoctorLimits = DoctorLimits()
    ) throws -> [Advice] {
        try ViewDoctor(views, limits: limits).advice(on: connection)
    }

    @Test func `a healthy database gets no advice`() throws {
        let connection = try Connection(to: database())
        let views = try [view("rooms", "-- key: id\n\(sql)")]
        _ = try ViewInstaller.apply(views, on: connection)
        #expect(try advice(views, on: connection) == [])
    }

    @Test func `a missing index is named with the views that need it and the statement to run`()
        throws
    {
        let connection = try Connection(to: database())
        let views = try [
            view("rooms", "-- key: id\n\(sql)"),
            view("rooms_live", "-- key: id\n-- refresh: live\n\(sql)"),
        ]
        _ = try ViewInstaller.apply(views, on: connection)
        try connection.run("DROP INDEX bed_room_room")
        let found = try advice(views, on: connection)
        #expect(
            found.first
                == .missingIndex(
                    table: "public.bed_room", columns: ["room_id"], rows: 6000,
                    views: ["rooms", "rooms_live"]))
        #expect(
            found.first?.remedy == "CREATE INDEX CONCURRENTLY ON public.bed_room (room_id);")
        // The remedy is the whole cure.
        for piece in found { try connection.run(piece.remedy) }
        #expect(try advice(views, on: connection) == [])
    }

    @Test func `tables without rows do not lead to wrong advice`() throws {
        let connection = try Connection(to: database())
        try connection.run("TRUNCATE room, bed, bed_room; ANALYZE")
        let views = try [view("rooms", "-- key: id\n\(sql)")]
        _ = try ViewInstaller.apply(views, on: connection)
        #expect(try advice(views, on: connection) == [])
    }

    @Test func `an index that only a link's way back needs is missed, too`() throws {
        let connection = try Connection(to: database())
        let views = try [view("rooms", "-- key: id\n\(sql)")]
        _ = try ViewInstaller.apply(views, on: connection)
        try connection.run("ALTER TABLE bed_room DROP CONSTRAINT bed_room_bed_id_room_id_key")
        #expect(
            try advice(views, on: connection) == [
                .missingIndex(
                    table: "public.bed_room", columns: ["bed_id"], rows: 6000, views: ["rooms"])
            ])
    }

    @Test func `a row that is computed from everything is called costly`() throws {
        let connection = try Connection(to: database())
        let views = try [
            view(
                "rooms",
                """
                -- key: id
                -- refresh: live
                WITH beds AS (
                    SELECT p.room_id, json_agg(b.name ORDER BY b.id) AS beds
                    FROM bed_room p JOIN bed b ON b.id = p.bed_id GROUP BY p.room_id)
                SELECT r.id, coalesce(x.beds, '[]') AS beds
                FROM room r LEFT JOIN beds x ON x.room_id = r.id + 0
                """)
        ]
        _ = try ViewInstaller.apply(views, on: connection)
        var limits = DoctorLimits()
        limits.blocksPerRow = 20
        let found = try advice(views, on: connection, limits: limits)
        #expect(
            found.contains { piece in
                if case .costlyRow(let view, let blocks, _) = piece {
                    return view == "rooms" && blocks > 20
                }
                return false
            }, "\(found)")
    }

    @Test func `a large view that is computed as a whole is told of the other strategy`() throws {
        let connection = try Connection(to: database())
        let views = try [view("rooms", "-- key: id\n-- refresh: materialized\n\(sql)")]
        _ = try ViewInstaller.apply(views, on: connection)
        #expect(
            try advice(views, on: connection) == [.wholeRefresh(view: "rooms", rows: 2000)])
    }

    @Test func `rows that are written and hardly ever read should be live`() throws {
        let connection = try Connection(to: database())
        let views = try [view("rooms", "-- key: id\n\(sql)")]
        _ = try ViewInstaller.apply(views, on: connection)
        // The first filling counts as written; what follows is enough to outnumber its reading.
        for number in 1...200 {
            try connection.run(
                "UPDATE bed SET name = 'B \(number)' WHERE id BETWEEN \(number) AND \(number + 20)"
            )
            try connection.run(
                """
                BEGIN ISOLATION LEVEL REPEATABLE READ;
                LOCK TABLE sitegen.leader IN EXCLUSIVE MODE; SELECT * FROM sitegen.step(); COMMIT
                """)
        }
        try connection.run("SELECT pg_stat_force_next_flush(); ANALYZE sitegen.rooms")
        var limits = DoctorLimits()
        limits.rowsWritten = 1000
        let found = try advice(views, on: connection, limits: limits)
        #expect(
            found.contains { piece in
                if case .seldomRead("rooms", _, _) = piece { return true }
                return false
            }, "\(found)")
        for _ in 1...40 { try connection.run("SELECT count(beds::text) FROM sitegen.rooms") }
        try connection.run("SELECT pg_stat_force_next_flush()")
        #expect(try advice(views, on: connection, limits: limits) == [])
    }

    @Test func `changes that nobody takes are counted, and those that somebody takes are not`()
        throws
    {
        let connection = try Connection(to: database())
        let views = try [view("rooms", "-- key: id\n\(sql)")]
        _ = try ViewInstaller.apply(views, on: connection)
        try connection.run("UPDATE bed SET name = name || '!' WHERE id <= 3")
        var limits = DoctorLimits()
        limits.queueMilliseconds = 20
        let found = try advice(views, on: connection, limits: limits)
        guard case .waitingQueue(let rows, let transactions, _) = try #require(found.first) else {
            Issue.record("\(found)")
            return
        }
        #expect(rows == 3 && transactions >= 1)
        #expect(found[0].remedy.contains("sitegen db refresh --follow"))
        try connection.run(
            """
            BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE sitegen.leader IN EXCLUSIVE MODE;
            SELECT * FROM sitegen.step(); COMMIT
            """)
        #expect(try advice(views, on: connection, limits: limits) == [])
    }

    @Test func `an index nobody uses is named, one that a constraint needs never`() throws {
        let connection = try Connection(to: database())
        let views = try [view("rooms", "-- key: id\n\(sql)")]
        _ = try ViewInstaller.apply(views, on: connection)
        try connection.run("CREATE INDEX by_name ON bed (name); CREATE UNIQUE INDEX u ON bed (id)")
        var limits = DoctorLimits()
        limits.bytesOfUnusedIndex = 1
        let unused = try advice(views, on: connection, limits: limits).filter { piece in
            piece.remedy.contains("public.by_name")
        }
        #expect(unused.count == 1)
        #expect(
            try advice(views, on: connection, limits: limits).allSatisfy { piece in
                !piece.remedy.contains("pkey") && !piece.remedy.contains("public.u")
            })
    }

    @Test func `failures and open transactions are told`() throws {
        let url = try database()
        let connection = try Connection(to: url)
        let views = try [view("rooms", "-- key: id\n\(sql)")]
        _ = try ViewInstaller.apply(views, on: connection)
        try connection.run("INSERT INTO sitegen.failure VALUES ('rooms', '7', '22012 division')")
        let other = try Connection(to: url)
        let process = try texts("SELECT pg_backend_pid()::text", on: other).first.flatMap(Int.init)
        try other.run("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
        var limits = DoctorLimits()
        limits.transactionMinutes = 0
        let found = try advice(views, on: connection, limits: limits)
        #expect(found.contains(.failedRows(view: "rooms", count: 1, in: .unnamed)))
        #expect(found.contains(.longTransaction(process: try #require(process), minutes: 0)))
        #expect(!"\(found)".contains("division"), "a row's error may hold its values")
    }

    @Test func `nothing is changed by looking, and a database without views says what to run`()
        throws
    {
        let connection = try Connection(to: database())
        let views = try [view("rooms", "-- key: id\n\(sql)")]
        #expect(throws: ViewError.notInstalled) { try advice(views, on: connection) }
        _ = try ViewInstaller.apply(views, on: connection)
        try connection.run("SET default_transaction_read_only = on")
        #expect(try advice(views, on: connection) == [])
        #expect(try texts("SELECT count(*)::text FROM sitegen.rooms", on: connection) == ["2000"])
    }
}
