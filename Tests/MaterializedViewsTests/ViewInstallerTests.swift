// Installing and refreshing in a real PostgreSQL: what is created, replaced, dropped and refused.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("View installer") struct ViewInstallerTests {
    @Test func `applying twice creates once`() throws {
        let connection = try Connection(to: roomsDatabase())
        let views = try [
            view("room_page", roomPage),
            view("room_list", "-- key: slug\n-- refresh: live\nSELECT slug FROM room;"),
        ]
        let first = try ViewInstaller.apply(views, on: connection)
        #expect(
            first.map(\.description) == [
                "created room_list (live, 3 rows)", "created room_page (incremental, 3 rows)",
            ])
        let second = try ViewInstaller.apply(views, on: connection)
        #expect(second.map(\.description) == ["unchanged room_list", "unchanged room_page"])
        #expect(
            try texts("SELECT name FROM sitegen.view ORDER BY 1", on: connection)
                == ["room_list", "room_page"])
    }

    @Test func `views are created in the order in which they read each other`() throws {
        let connection = try Connection(to: roomsDatabase())
        let views = try [
            view("a_home", "-- key: slug\nSELECT slug FROM sitegen.b_mid"),
            view("b_mid", "-- key: slug\n-- refresh: live\nSELECT slug FROM sitegen.\"c_base\""),
            view("c_base", "-- key: slug\nSELECT slug FROM room"),
        ]
        let actions = try ViewInstaller.apply(views, on: connection)
        #expect(actions.map(\.view) == ["c_base", "b_mid", "a_home"])

        let changed = try view("c_base", "-- key: slug\nSELECT slug FROM room WHERE id > 1")
        let replaced = try ViewInstaller.apply([views[0], views[1], changed], on: connection)
        #expect(
            replaced.map(\.description) == [
                "redefined c_base (1 row changed): its file has changed", "unchanged a_home",
                "unchanged b_mid",
            ])
        #expect(try texts("SELECT slug FROM sitegen.a_home", on: connection).count == 2)

        let wider = try view("c_base", "-- key: slug\nSELECT slug, id FROM room")
        let again = try ViewInstaller.apply([views[0], views[1], wider], on: connection)
        #expect(
            again.map(\.description) == [
                "replaced c_base (incremental, 3 rows): its file has changed",
                "replaced b_mid (live, 3 rows): it reads c_base",
                "redefined a_home (1 row changed): it reads b_mid",
            ])
    }

    @Test func `a column that gets another type takes the views that pass it on with it`() throws {
        let connection = try Connection(to: roomsDatabase())
        try connection.run("ALTER TABLE room ADD stars int NOT NULL DEFAULT 5")
        let list = try view("list", "-- key: slug\nSELECT slug, stars FROM sitegen.page")
        let total = try view("total", "-- key: slug\nSELECT slug FROM sitegen.page")
        let page = try view("page", "-- key: slug\nSELECT slug, stars FROM room")
        _ = try ViewInstaller.apply([page, list, total], on: connection)
        let exact = try view(
            "page", "-- key: slug\nSELECT slug, stars / 2.0 AS stars, id FROM room")
        #expect(
            try ViewInstaller.apply([exact, list, total], on: connection).map(\.description) == [
                "replaced page (incremental, 3 rows): its file has changed",
                "replaced list (incremental, 3 rows): it reads page",
                "redefined total (0 rows changed): it reads page",
            ])
        try connection.run("UPDATE room SET stars = 7")
        _ = try ChangeQueue.drain(on: connection)
        #expect(
            try texts(
                "SELECT DISTINCT stars::numeric(9, 1)::text FROM sitegen.list", on: connection)
                == ["3.5"])
    }

    @Test func `a statement that looks its rows up by another type takes the place of one`() throws
    {
        let connection = try Connection(to: roomsDatabase())
        try connection.run(
            "CREATE TABLE part AS SELECT id, 1 AS page FROM room; "
                + "ALTER TABLE part ADD PRIMARY KEY (id, page)")
        let made = try view(
            "parts",
            "-- key: id, page\nSELECT r.id, n.page FROM room r, generate_series(1, 2) n (page)")
        let held = try view("parts", "-- key: id, page\nSELECT id, page FROM part")
        _ = try ViewInstaller.apply([made], on: connection)
        #expect(
            try ViewInstaller.apply([held], on: connection).map(\.description)
                == ["redefined parts (3 rows changed): its file has changed"])
        try connection.run("DELETE FROM part WHERE id = 1")
        #expect(try ChangeQueue.drain(on: connection).map(\.changed) == [1])
    }

    @Test func `a view without a file is dropped, a stranger's relation never`() throws {
        let connection = try Connection(to: roomsDatabase())
        let page = try view("room_page", roomPage)
        let list = try view("room_list", "-- key: slug\nSELECT slug FROM room")
        _ = try ViewInstaller.apply([page, list], on: connection)
        try connection.run("CREATE TABLE sitegen.stranger (id int)")
        #expect(
            try ViewInstaller.apply([page], on: connection) == [
                .dropped(view: "room_list"), .unchanged(view: "room_page"),
            ])
        #expect(
            try texts("SELECT to_regclass('sitegen.stranger')::text", on: connection).count == 1)
        let stranger = try view("stranger", "-- key: slug\nSELECT slug FROM room")
        let error = try #require(throws: ViewError.self) {
            try ViewInstaller.apply([page, stranger], on: connection)
        }
        #expect(error.description.contains("sitegen did not create it"))
    }

    @Test func `a view that others built on is not dropped`() throws {
        let connection = try Connection(to: roomsDatabase())
        let page = try view("room_page", roomPage)
        _ = try ViewInstaller.apply([page], on: connection)
        try connection.run("CREATE VIEW report AS SELECT slug FROM sitegen.room_page")
        let error = try #require(throws: ViewError.self) {
            try ViewInstaller.apply([], on: connection)
        }
        #expect(error.description.contains("report"))
        #expect(try ViewInstaller.apply([page], on: connection) == [.unchanged(view: "room_page")])
    }

    @Test func `an error of SQL has file and line, and nothing is installed`() throws {
        let connection = try Connection(to: roomsDatabase())
        let bad = try view(
            "bad", "-- Ä comment.\n-- key: slug\nSELECT slug, 'äöü',\n  nope\nFROM room")
        let error = try #require(throws: ViewError.self) {
            try ViewInstaller.apply(
                [bad, view("fine", "-- key: slug\nSELECT slug FROM room")],
                on: connection)
        }
        #expect(error.description.hasPrefix("site/database/bad.sql:4: error: column \"nope\""))
        #expect(try !ViewCatalogue.isInstalled(on: connection))
    }

    @Test(arguments: [
        ("SELECT 1 AS x FROM bed", "x", "several rows with the same x"),
        ("SELECT 1 AS room_id, name FROM bed", "room_id", "such as 1"),
        ("SELECT nullif(id, id) AS id FROM bed", "id", "whose id is NULL"),
    ])
    func `a key that does not tell rows apart is refused`(
        sql: String, key: String, part: String
    ) throws {
        let connection = try Connection(to: roomsDatabase())
        for refresh in ["live", "materialized", "incremental"] {
            let error = try #require(throws: ViewError.self) {
                try ViewInstaller.apply(
                    [view("beds", "-- key: \(key)\n-- refresh: \(refresh)\n\(sql)")],
                    on: connection)
            }
            #expect(error.description.contains(part), "\(error)")
        }
    }

    @Test func `a statement cannot be smuggled in behind another`() throws {
        let connection = try Connection(to: roomsDatabase())
        try connection.run("SET standard_conforming_strings = off")
        // With that setting the lexer and the server disagree about where the string ends.
        let sly = try view("sly", "-- key: a\nSELECT 'x\\'' AS a; DROP TABLE bed; --'")
        #expect(throws: ViewError.self) { try ViewInstaller.apply([sly], on: connection) }
        #expect(try texts("SELECT to_regclass('bed')::text", on: connection) == ["bed"])
    }

    @Test func `a user without rights is told what to ask for`() throws {
        let url = try roomsDatabase()
        let owner = try Connection(to: url)
        let role = "guest_\(UInt32.random(in: 0 ... .max))"
        try owner.run("CREATE ROLE \(role); GRANT SELECT ON room, bed TO \(role)")
        let guest = try Connection(to: url)
        try guest.run("SET ROLE \(role)")
        let error = try #require(throws: ViewError.self) {
            try ViewInstaller.apply([view("room_page", roomPage)], on: guest)
        }
        guard case .permission = error else {
            Issue.record("another error: \(error)")
            return
        }
        #expect(error.description.contains("GRANT CREATE ON DATABASE"))
        _ = try ViewInstaller.apply([view("room_page", roomPage)], on: owner)
        let second = try #require(throws: ViewError.self) {
            try ViewInstaller.apply([], on: guest)
        }
        guard case .permission = second else {
            Issue.record("another error: \(second)")
            return
        }
    }

    @Test func `a refresh shows new rows, in the order of reading`() throws {
        let connection = try Connection(to: roomsDatabase())
        let views = try [
            view(
                "a_top", "-- key: slug\n-- refresh: materialized\nSELECT slug FROM sitegen.z_base"),
            view("z_base", "-- key: slug\n-- refresh: materialized\nSELECT slug FROM room"),
            view("now_live", "-- key: slug\n-- refresh: live\nSELECT slug FROM room"),
        ]
        _ = try ViewInstaller.apply(views, on: connection)
        try connection.run("DELETE FROM room WHERE id = 3")
        #expect(
            try ViewInstaller.refresh(on: connection).map(\.description) == [
                "refreshed z_base (2 rows)", "refreshed a_top (2 rows)",
            ])
        #expect(try ViewInstaller.refresh(["a_top"], on: connection).map(\.name) == ["a_top"])
        let error = try #require(throws: ViewError.self) {
            try ViewInstaller.refresh(["nope"], on: connection)
        }
        #expect(error == .unknownView(name: "nope", known: ["a_top", "now_live", "z_base"]))
    }

    @Test func `a refresh that makes keys ambiguous is named and keeps the old rows`() throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply(
            [view("rooms", "-- key: slug\n-- refresh: materialized\nSELECT slug FROM room")],
            on: connection)
        try connection.run("UPDATE room SET slug = 'Z'")
        #expect(try ViewInstaller.refresh(on: connection) == [])
        let failures = try ViewInstaller.failures(on: connection)
        #expect(failures.listed.map(\.error) == ["23505 several rows have the same slug"])
        #expect(try texts("SELECT slug FROM sitegen.rooms", on: connection).count == 3)
    }

    @Test func `refreshing before the first apply says what to run`() throws {
        let connection = try Connection(to: roomsDatabase())
        #expect(throws: ViewError.notInstalled) { try ViewInstaller.refresh(on: connection) }
    }

    @Test func `two installations at once wait for each other`() async throws {
        let url = try roomsDatabase()
        let views = try [view("room_page", roomPage)]
        let results = try await withThrowingTaskGroup(of: [InstallAction].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let connection = try Connection(to: url)
                    return try ViewInstaller.apply(views, on: connection)
                }
            }
            return try await group.reduce(into: [InstallAction]()) { all, actions in
                all += actions
            }
        }
        #expect(results.count { $0 == .unchanged(view: "room_page") } == 3)
    }
}
