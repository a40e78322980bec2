// What the tests of the examples share: a database of an example with its views, and one refresh.
//
// `refresh` is the one transaction that data readers and writers meet: it holds the leader's lock,
// takes its snapshot after it, and ends. Tests that stop in the middle send its parts themselves.

import FoundationEssentials
import MaterializedViews
import Postgres
import TestSupport

/// A database of one example.
struct ExampleDatabase {
    /// `rooms` or `subscriptions`.
    let name: String
    let url: String

    /// Loads the example's tables and sample rows and installs its views.
    init(_ name: String, size: Int) throws {
        self.name = name
        url = try ThrowAwayPostgres.database()
        let connection = try Connection(to: url)
        for file in [name, "sample"] {
            try connection.run(Self.text("\(name)/site/database/schema/\(file).sql"))
        }
        try connection.run("SELECT \(name)_sample(\(size))")
        _ = try ViewInstaller.apply(definitions(), on: connection)
    }

    /// The example's view files.
    func definitions() throws -> [ViewDefinition] {
        try ViewDefinition.load(directory: "\(Self.folder)/\(name)/site/database")
    }

    private static let folder: String = {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/") + "/Examples"
    }()

    private static func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(path)")
    }
}

extension String {
    /// The text of a file.
    init(contentsOfFile path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw MissingFile(path: path)
        }
        self = String(decoding: data, as: UTF8.self)
    }
}

/// A file of the examples is not where it should be.
struct MissingFile: Error {
    let path: String
}

/// What a refresher sends, in order.
enum RefreshStep {
    static let begin = """
        BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE sitegen.leader IN EXCLUSIVE MODE
        """
    static let work = "SELECT count(*) FROM sitegen.step(50000)"
    static let end = "COMMIT"
}

extension Connection {
    /// One refresh of everything that is queued.
    borrowing func refreshViews() throws {
        try run(RefreshStep.begin)
        try run(RefreshStep.work)
        try run(RefreshStep.end)
    }

    /// The first column of every row, as text.
    borrowing func texts(_ sql: String) throws -> [String] {
        try rows("SELECT t.c::text FROM (\(sql)) AS t (c)") {
            (row) throws(PostgresError) in try row.value(0, as: String.self)
        }
    }

    /// The keys of the rows in which two relations differ in any byte; empty when they are equal.
    borrowing func differences(
        between first: String, and second: String, key: String = "id"
    ) throws -> [String] {
        let columns = try texts(
            """
            SELECT attname FROM pg_attribute
            WHERE attrelid = 'sitegen.\(first)'::regclass AND attnum > 0 AND NOT attisdropped
            AND attname <> 'rev' ORDER BY attnum
            """)
        func image(_ row: String) -> String {
            let list = columns.map { column in "\(row).\"\(column)\"" }
            return "ROW(\(list.joined(separator: ", ")))::record"
        }
        return try texts(
            """
            SELECT coalesce(a.\(key), b.\(key)) FROM sitegen.\(first) a
            FULL JOIN sitegen.\(second) b ON b.\(key) = a.\(key)
            WHERE a.\(key) IS NULL OR b.\(key) IS NULL OR \(image("a")) *<> \(image("b"))
            """)
    }

    /// The changes that were told after a number: `u 7`, in the order of the keys.
    borrowing func events(of view: String, after number: Int) throws -> [String] {
        try texts(
            """
            SELECT op::text || ' ' || key FROM sitegen.event
            WHERE view = '\(view)' AND seq > \(number) ORDER BY length(key), key
            """)
    }

    /// The number of the last event.
    borrowing func lastEvent() throws -> Int {
        Int(try texts("SELECT coalesce(max(seq), 0) FROM sitegen.event").first ?? "") ?? 0
    }
}
