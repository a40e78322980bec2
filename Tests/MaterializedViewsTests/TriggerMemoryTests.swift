// Writes that fire no trigger leave a trace, or are refused: triggers that were off for a while on
// a table of somebody else, and the changes of a subscription.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Writes without triggers") struct TriggerMemoryTests {
    private static func database() throws -> (url: String, role: String) {
        let url = try ThrowAwayPostgres.database()
        let role = "\"watcher \(url.hashValue)\""
        try Connection(to: url).run(
            """
            CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL);
            INSERT INTO item VALUES (1, 'a'), (2, 'b');
            CREATE ROLE \(role) NOLOGIN;
            GRANT SELECT, TRIGGER ON item TO \(role);
            DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO \(role)',
                current_database()); END $$
            """)
        return (url, role)
    }

    private static func page() throws -> ViewDefinition {
        try view("v", "-- key: id\nSELECT id, name FROM item")
    }

    @Test func `triggers of a role that owns nothing were off for a while`() throws {
        let (url, role) = try Self.database()
        let owner = try Connection(to: url)
        let guest = try Connection(to: url)
        try guest.run("SET ROLE \(role)")
        let definition = try Self.page()
        _ = try ViewInstaller.apply([definition], on: guest)
        // Freezing their rows is no change of them.
        try owner.run("VACUUM FREEZE pg_catalog.pg_trigger")
        #expect(try ViewInstaller.outdated([definition], on: guest).isEmpty)
        try owner.run(
            """
            ALTER TABLE item DISABLE TRIGGER ALL;
            UPDATE item SET name = 'x' WHERE id = 1;
            ALTER TABLE item ENABLE TRIGGER ALL
            """)
        let changes = try ViewInstaller.outdated([definition], on: guest)
        #expect("\(changes)".contains("triggers on public.item were off"))
        _ = try ViewInstaller.apply([definition], on: guest)
        #expect(try texts("SELECT name FROM sitegen.v ORDER BY id", on: guest) == ["x", "b"])
        #expect(try ViewInstaller.outdated([definition], on: guest).isEmpty)
    }

    @Test func `an installation that goes no further leaves no trace of its own`() throws {
        let (url, role) = try Self.database()
        let guest = try Connection(to: url)
        try guest.run("SET ROLE \(role)")
        let definition = try Self.page()
        _ = try ViewInstaller.apply([definition], on: guest)
        // The triggers call other functions now, and who may not lock the table makes them anew.
        let other = try view(
            "w", "-- key: name\nSELECT name, count(*) AS n FROM item GROUP BY name")
        let draft = try InstallDraft.make([definition, other], on: guest)
        _ = try TriggerInstaller.install(draft, on: guest)
        #expect(try ViewInstaller.outdated(nil, on: guest).isEmpty)
    }

    /// As CREATE SUBSCRIPTION does once it has asked the publisher for its tables.
    private static func subscribe(_ url: String) -> String {
        """
        CREATE SUBSCRIPTION "of \(url.hashValue)" CONNECTION 'dbname=nowhere' PUBLICATION p
            WITH (connect = false, slot_name = NONE);
        SET allow_system_table_mods = on;
        INSERT INTO pg_catalog.pg_subscription_rel
        SELECT s.oid, 'item'::regclass, 'r', NULL FROM pg_catalog.pg_subscription s
        WHERE s.subname = 'of \(url.hashValue)';
        RESET allow_system_table_mods; SELECT pg_stat_force_next_flush()
        """
    }

    @Test func `a subscription that has come and gone is told, and mended`() throws {
        let (url, _) = try Self.database()
        let owner = try Connection(to: url)
        let definition = try Self.page()
        _ = try ViewInstaller.apply([definition], on: owner)
        try owner.run(Self.subscribe(url))
        try owner.run("DROP SUBSCRIPTION \"of \(url.hashValue)\"")
        let changes = try ViewInstaller.outdated([definition], on: owner)
        #expect("\(changes)".contains("tables were subscribed meanwhile"))
        _ = try ViewInstaller.apply([definition], on: owner)
        #expect(try ViewInstaller.outdated([definition], on: owner).isEmpty)
    }

    @Test func `a table that a subscription writes is refused, also later`() throws {
        let (url, _) = try Self.database()
        let owner = try Connection(to: url)
        let definition = try Self.page()
        _ = try ViewInstaller.apply([definition], on: owner)
        try owner.run(Self.subscribe(url))
        let says = "public.item receives the changes of a subscription"
        #expect("\(try ViewInstaller.outdated([definition], on: owner))".contains(says))
        let error = #expect(throws: ViewError.self) {
            try ViewInstaller.apply([definition], on: owner)
        }
        #expect(error?.description.contains(says) == true)
        let late = try view(
            "v", "-- key: id\n-- refresh: materialized\nSELECT id, name FROM item")
        _ = try ViewInstaller.apply([late], on: owner)
        #expect(try ViewInstaller.outdated([late], on: owner).isEmpty)
        try owner.run("DROP SUBSCRIPTION \"of \(url.hashValue)\"")
    }
}
