// Reading rows: order, keys, types, and the errors of rows that do not fit.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

struct Bed: Decodable, Equatable, Sendable { var name: String }

/// As the generator writes it for `roomPage`.
final class RoomPageRow: SharedRow {
    let slug: String
    let name: String
    let price: Numeric
    let beds: [Bed]
    static let schema = ViewSchema(
        name: "room_page", key: ["slug"],
        columns: [
            .init("slug", "text"), .init("name", "text"), .init("price", "numeric(8,2)"),
            .init("beds", "json"),
        ], digest: "")
    var rowKey: String { slug }

    init(from row: borrowing RowReader) throws(RowError) {
        slug = try row.column(0, of: Self.self)
        name = try row.column(1, of: Self.self)
        price = try row.column(2, of: Self.self)
        beds = try row.json(3, of: Self.self)
    }
}

/// A key of two columns, an enum read as text, an optional JSON column.
final class PairRow: PrivateRow {
    let place: String
    let number: Int
    let mood: String
    let bed: Bed?
    static let schema = ViewSchema(
        name: "pair", key: ["place", "number"],
        columns: [
            .init("place", "text"), .init("number", "integer"), .init("mood", "mood", cast: "text"),
            .init("bed", "jsonb"),
        ], digest: "")
    var rowKey: String { RowKey.text(place, "\(number)") }

    init(from row: borrowing RowReader) throws(RowError) {
        place = try row.column(0, of: Self.self)
        number = try row.column(1, of: Self.self)
        mood = try row.column(2, of: Self.self)
        bed = try row.optionalJSON(3, of: Self.self)
    }
}

@Suite("Row stream") struct RowStreamTests {
    /// Reads everything; the error's text if it fails.
    private func read<R: ViewRow>(
        _ type: R.Type, on connection: borrowing Connection
    ) throws -> (rows: [R], failure: String) {
        var rows: [R] = []
        let stream = try RowStream<R>(on: connection)
        do {
            try stream.each(on: connection) { row in rows.append(row) }
        } catch let error as RowError {
            return (rows, ViewError.row(error).description)
        }
        return (rows, "")
    }

    @Test func `all rows come in the order of their keys' bytes`() throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply([view("room_page", roomPage)], on: connection)
        let rows = try read(RoomPageRow.self, on: connection).rows
        #expect(rows.map(\.rowKey) == ["Z", "a-room", "b-room"])
        #expect(rows[2].beds == [Bed(name: "king"), Bed(name: "queen")])
        #expect(rows[2].price.description == "10.50")
    }

    @Test func `rows are found by key, those that are gone are left out`() throws {
        let connection = try Connection(to: roomsDatabase())
        _ = try ViewInstaller.apply([view("room_page", roomPage)], on: connection)
        let stream = try RowStream<RoomPageRow>(on: connection)
        var found: [String] = []
        let keys = (0..<1_200).map { "gone\($0)" } + ["b-room", "Z"]
        try stream.rows(withKeys: keys, on: connection) { row in
            found.append(row.rowKey)
        }
        #expect(found == ["Z", "b-room"])
        try stream.rows(withKeys: [], on: connection) { row in
            found.append(row.rowKey)
        }
        #expect(found.count == 2)
    }

    private static let pair = """
        -- key: place, number
        -- refresh: live
        -- scope: private
        SELECT p.place, p.number, p.mood, p.bed FROM p
        """

    private func pairs(_ values: String) throws -> String {
        let url = try roomsDatabase()
        let connection = try Connection(to: url)
        try connection.run(
            """
            CREATE TYPE mood AS ENUM ('happy', 'sad');
            CREATE TABLE p (place text, number int, mood mood, bed jsonb);
            INSERT INTO p VALUES \(values)
            """)
        _ = try ViewInstaller.apply([view("pair", Self.pair)], on: connection)
        return url
    }

    @Test func `keys of two columns, enums and optional JSON are read`() throws {
        let connection = try Connection(
            to: pairs(
                """
                ('a/b', 10, 'sad', '{"name": "x"}'), ('a/b', 9, 'happy', NULL),
                ('B', 1, 'sad', 'null')
                """))
        let rows = try read(PairRow.self, on: connection).rows
        #expect(rows.map(\.rowKey) == ["B/1", "a~1b/9", "a~1b/10"])
        #expect(rows.map(\.mood) == ["sad", "happy", "sad"])
        #expect(rows.map(\.bed) == [nil, nil, Bed(name: "x")])
        var found: [String] = []
        let stream = try RowStream<PairRow>(on: connection)
        try stream.rows(withKeys: ["a~1b/10", "B/1", "no key", "B/2"], on: connection) {
            row in found.append(row.rowKey)
        }
        #expect(found == ["B/1", "a~1b/10"])
    }

    @Test(arguments: [
        ("('s', 7, NULL, NULL)", "pair.mood, row s/7, is NULL.", "-- nullable: mood"),
        (
            "('s', 7, 'sad', '{\"name\": 4711}')",
            "pair.bed, row s/7, holds JSON that is no Optional<Bed>: "
                + "at name, a value is no String.",
            "site/database/pair.sql"
        ),
        (
            "('s', 7, 'sad', '{\"nom\": \"secret\"}')",
            "pair.bed, row s/7, holds JSON that is no Optional<Bed>: it has no key `name`.", ""
        ),
    ])
    func `a row that does not fit is told with column and key, never its value`(
        values: String, first: String, part: String
    ) throws {
        let connection = try Connection(to: pairs(values))
        let failure = try read(PairRow.self, on: connection).failure
        #expect(failure.split(separator: "\n").first.map(String.init) == first)
        #expect(part.isEmpty || failure.contains(part))
        #expect(!failure.contains("4711") && !failure.contains("secret"))
        // The connection goes on.
        #expect(try texts("SELECT 'still here'", on: connection) == ["still here"])
    }
}
