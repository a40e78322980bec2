// Status and check: every way in which files, database and compiled rows can disagree.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("View status and check") struct ViewStatusTests {
    @Test func `every state has its word`() throws {
        let connection = try Connection(to: roomsDatabase())
        try connection.run("CREATE TABLE wide (id int); CREATE TABLE gone (id int)")
        let installed = try view("room_page", roomPage)
        let old = try view("changed", "-- key: id\nSELECT id FROM bed")
        let new = try view("changed", "-- key: id\nSELECT id, name FROM bed")
        let orphan = try view("orphan", "-- key: id\nSELECT id FROM bed")
        let drifting = try view("wide_page", "-- key: id\n-- refresh: live\nSELECT * FROM wide")
        let broken = try view("broken", "-- key: id\nSELECT id FROM gone")
        let missing = try view("unborn", "-- key: id\nSELECT id FROM bed")
        _ = try ViewInstaller.apply([installed, old, orphan, drifting, broken], on: connection)
        try connection.run(
            "ALTER TABLE wide ADD note text; ALTER TABLE gone RENAME TO went")
        let definitions = [installed, new, drifting, broken, missing]
        let source = try RowGenerator.source(
            definitions: [installed], columns: RowGenerator.columns(of: [installed], on: connection)
        )
        let status = try ViewInstaller.status(
            of: definitions, generatedSource: source, on: connection)
        #expect(
            status.map(\.name) == [
                "broken", "changed", "orphan", "room_page", "unborn", "wide_page",
            ])
        guard case .broken(let reason) = status[0].state else {
            Issue.record("not broken: \(status[0].state)")
            return
        }
        #expect(reason.contains("broken.sql:2"))
        #expect(
            status.dropFirst().map(\.state) == [
                .changed, .orphan, .installed, .missing, .drifted(columns: ["note"]),
            ])
        #expect(status.map(\.rows) == [0, 3, 3, 3, nil, 0])
        #expect(status.map { $0.refreshedAt == nil } == [false, false, false, false, true, true])
        #expect(status.map(\.hasStaleSource) == [true, true, false, false, true, true])
    }

    @Test func `a drifted view is installed again`() throws {
        let connection = try Connection(to: roomsDatabase())
        let rooms = try view("rooms", "-- key: id\nSELECT * FROM room")
        _ = try ViewInstaller.apply([rooms], on: connection)
        try connection.run("ALTER TABLE room ADD note text")
        #expect(
            try ViewInstaller.apply([rooms], on: connection).map(\.description)
                == ["replaced rooms (incremental, 3 rows): the columns it reads have changed"])
    }

    /// The schema that would be compiled for a view now.
    private func schema(
        _ definition: ViewDefinition, on connection: borrowing Connection
    ) throws -> ViewSchema {
        let columns = try RowGenerator.columns(of: [definition], on: connection)
        return ViewSchema(
            name: definition.name, key: definition.key,
            columns: (columns[definition.name] ?? []).map { .init($0.name, $0.type) },
            digest: definition.digest)
    }

    private func failure(
        _ schemas: [ViewSchema], _ definitions: [ViewDefinition]?,
        on connection: borrowing Connection
    ) -> String {
        do throws(ViewError) {
            try ViewCheck.verify(schemas, definitions: definitions, on: connection)
            return ""
        } catch {
            return error.description
        }
    }

    @Test func `a build is told exactly what to run`() throws {
        let connection = try Connection(to: roomsDatabase())
        let page = try view("room_page", roomPage)
        let compiled = try schema(page, on: connection)
        #expect(
            failure([compiled], [page], on: connection) == """
                room_page is not in the database.
                Run `sitegen db apply`, then build again.
                """)
        _ = try ViewInstaller.apply([page], on: connection)
        #expect(failure([compiled], [page], on: connection) == "")
        #expect(failure([compiled], nil, on: connection) == "")
        #expect(failure([], [page], on: connection).contains("has no row type"))
        #expect(failure([compiled], [], on: connection).contains("is gone"))
        let commented = try view("room_page", "-- More.\n" + roomPage)
        #expect(
            failure([compiled], [commented], on: connection) == """
                site/database/room_page.sql has changed since site/Rows.generated.swift was written.
                Run `sitegen db generate`, then build again.
                """)
        let other = try view("room_page", "-- key: slug\nSELECT slug FROM room")
        #expect(
            try failure([schema(other, on: connection)], [other], on: connection)
                .contains("Run `sitegen db apply`"))
    }

    @Test func `a column of another type is told in two lines`() throws {
        let connection = try Connection(to: roomsDatabase())
        let page = try view("room_page", roomPage)
        let compiled = try schema(page, on: connection)
        try connection.run("ALTER TABLE room ALTER price TYPE text, ALTER name TYPE varchar(9)")
        _ = try ViewInstaller.apply([page], on: connection)
        let text = failure([compiled], [page], on: connection)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(
            lines.first == "room_page.name should be text but is character varying(9).")
        #expect(lines[2] == "room_page.price should be numeric(8,2) but is text.")
        #expect(lines[3].contains("sitegen db generate"))
    }

    @Test func `missing and added columns are both told`() {
        let schema = ViewSchema(
            name: "v", key: ["id"], columns: [.init("id", "integer"), .init("old", "text")],
            digest: "")
        let columns = ["id", "new"].map {
            ViewColumn(name: $0, type: "integer", base: .builtIn("int4"))
        }
        #expect(
            ViewCheck.compare(schema, columns) == [
                .column(view: "v", column: "old", expected: "text", found: nil),
                .extraColumn(view: "v", column: "new", type: "integer"),
            ])
    }
}
