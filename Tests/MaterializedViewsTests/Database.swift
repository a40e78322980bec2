// What the tests with a database share: a new database with a few tables, view files as text.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

/// An empty database with the tables `room` and `bed`.
func roomsDatabase() throws -> String {
    let url = try ThrowAwayPostgres.database()
    let connection = try Connection(to: url)
    try connection.run(
        """
        CREATE TABLE room (id int PRIMARY KEY, slug text NOT NULL, name text, price numeric(8,2));
        CREATE TABLE bed (id int PRIMARY KEY, room_id int REFERENCES room, name text NOT NULL);
        INSERT INTO room
        VALUES (1, 'b-room', 'B', 10.50), (2, 'a-room', 'A', 20), (3, 'Z', 'Z', 30);
        INSERT INTO bed VALUES (1, 1, 'king'), (2, 1, 'queen'), (3, 2, 'bunk');
        """)
    return url
}

/// A view file `<name>.sql` with this text.
func view(_ name: String, _ text: String) throws -> ViewDefinition {
    try ViewDefinition(name: name, file: "site/database/\(name).sql", text: text)
}

let roomPage = """
    -- A room.
    -- key: slug
    -- json: beds [Bed]
    SELECT r.slug, r.name, r.price,
        (SELECT coalesce(json_agg(json_build_object('name', b.name) ORDER BY b.id), '[]')
         FROM bed b WHERE b.room_id = r.id) AS beds
    FROM room r
    """

/// The first column of every row.
func texts(_ sql: String, on connection: borrowing Connection) throws -> [String] {
    try connection.rows(sql) { row throws(PostgresError) in try row.value(0, as: String.self) }
}

/// Brings views up to date; each event as `u item_page one name`.
func follow(_ connection: borrowing Connection) throws -> [String] {
    let before = try ChangeQueue.lastSequence(on: connection)
    _ = try ChangeQueue.drain(on: connection)
    let site = try InstallDraft.installed(on: connection)
    for view in site.views {
        #expect(try staleRows(of: view, on: connection) == 0, "\(view.name)")
    }
    return try ChangeQueue.events(after: before, limit: 1_000, on: connection).map { event in
        "\(event.operation.rawValue) \(event.view) \(event.key)"
            + (event.columns.map { " " + $0.joined(separator: ",") } ?? "")
    }.sorted()
}

/// How many rows of an incremental view are not what its statement gives; those that were set aside
/// because they cannot be computed do not count.
func staleRows(of view: IncrementalView, on connection: borrowing Connection) throws -> Int {
    try RowComparison(view: view).differingKeys(limit: 1, on: connection).count
}
