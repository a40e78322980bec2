// Links of any type, written under any settings, and what happens where no key can be found: the
// views concerned catch up later, and the others go on.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Links of incremental views") struct IncrementalLinkTests {
    @Test func `a view that fails as a whole does not stop another one`() throws {
        let connection = try Connection(to: DependencyTests.shop())
        try connection.run("INSERT INTO item (id, slug, price) VALUES (1, 'a', 10)")
        _ = try ViewInstaller.apply(
            [
                view("bands", "-- key: band\nSELECT DISTINCT 100 / price AS band FROM item"),
                view("slugs", "-- key: slug\nSELECT slug FROM item"),
            ], on: connection)
        try connection.run("INSERT INTO item (id, slug, price) VALUES (2, 'b', 0)")
        _ = try ChangeQueue.drain(on: connection)
        let slugs = "SELECT slug FROM sitegen.slugs ORDER BY 1"
        #expect(try texts(slugs, on: connection) == ["a", "b"])
        let failures = "SELECT view || '/' || key FROM sitegen.failure"
        #expect(try texts(failures, on: connection) == ["bands/"])
        let bands = "SELECT round(band)::text FROM sitegen.bands ORDER BY band"
        #expect(try texts(bands, on: connection) == ["10"])
        try connection.run("UPDATE item SET price = 4 WHERE id = 2")
        _ = try ChangeQueue.drain(on: connection)
        #expect(try texts(failures, on: connection).isEmpty)
        #expect(try texts(bands, on: connection) == ["10", "25"])
    }

    @Test func `a writer with other settings queues the same links`() throws {
        let url = try ThrowAwayPostgres.database()
        let connection = try Connection(to: url)
        try connection.run(
            """
            CREATE TABLE day (day date PRIMARY KEY, label text);
            CREATE TABLE entry (id int PRIMARY KEY, day date);
            INSERT INTO day VALUES ('2026-02-03', 'a'), ('2026-03-02', 'b');
            INSERT INTO entry VALUES (1, '2026-02-03'), (2, '2026-03-02')
            """)
        _ = try ViewInstaller.apply(
            [
                view(
                    "entries",
                    "-- key: id\n-- nullable: label\nSELECT e.id, d.label FROM entry e "
                        + "LEFT JOIN day d ON d.day = e.day")
            ], on: connection)
        let writer = try Connection(to: url)
        try writer.run(
            "SET datestyle = 'SQL, DMY'; UPDATE day SET label = 'c' WHERE label = 'a'")
        #expect(try follow(connection) == ["u entries 1 label"])
    }

    @Test func `links and keys of a fixed length are followed whole`() throws {
        let connection = try Connection(to: ThrowAwayPostgres.database())
        try connection.run(
            """
            CREATE TABLE land (code char(2) PRIMARY KEY, name text, flag bit(2) UNIQUE NOT NULL);
            CREATE TABLE town (id int PRIMARY KEY, code char(2), flag bit(2), name text);
            INSERT INTO land VALUES ('de', 'Germany', B'10'), ('dk', 'Denmark', B'11');
            INSERT INTO town VALUES (1, 'de', B'10', 'Bonn'), (2, 'dk', B'11', 'Ribe')
            """)
        _ = try ViewInstaller.apply(
            [
                view(
                    "towns",
                    """
                    -- key: id
                    -- nullable: land, flagged
                    SELECT t.id, l.name AS land, f.name AS flagged FROM town t
                    LEFT JOIN land l ON l.code = t.code LEFT JOIN land f ON f.flag = t.flag
                    """),
                view(
                    "lands",
                    """
                    -- key: code
                    -- nullable: towns
                    SELECT l.code, (SELECT string_agg(t.name, ',' ORDER BY t.id) FROM town t
                        WHERE t.code = l.code) AS towns FROM land l
                    """),
            ], on: connection)
        try connection.run("UPDATE land SET name = 'Danmark' WHERE code = 'dk'")
        #expect(try follow(connection) == ["u towns 2 land,flagged"])
        try connection.run("UPDATE town SET name = 'Köln' WHERE id = 1")
        #expect(try follow(connection) == ["u lands de towns"])
    }

    @Test func `a key whose equality is an extension's does not stop a writer`() throws {
        let connection = try Connection(to: ThrowAwayPostgres.database())
        try connection.run(
            """
            CREATE EXTENSION ltree;
            CREATE TABLE node (path ltree PRIMARY KEY, id int UNIQUE NOT NULL, name text);
            INSERT INTO node VALUES ('a', 1, 'one'), ('a.b', 2, 'two')
            """)
        _ = try ViewInstaller.apply(
            [view("nodes", "-- key: id\n-- nullable: name\nSELECT id, name FROM node")],
            on: connection)
        try connection.run("UPDATE node SET name = 'zwei' WHERE id = 2")
        #expect(try follow(connection) == ["u nodes 2 name"])
    }
}
