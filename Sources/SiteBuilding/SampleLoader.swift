// Loads a site's sample data: the schema file, then the generator's rows through COPY.
//
// Everything happens in one transaction: a loading that fails leaves no half-filled schema behind.
// Rows are sent a few thousand at a time, so memory does not grow with the sample.

import FoundationEssentials
import Postgres
package import SiteAuthoring

/// Loads sample data.
package struct SampleLoader {
    private let sample: SampleData
    private let root: String

    /// Prepares to load `sample`, whose schema file lies below `root`.
    package init(_ sample: SampleData, root: String) {
        self.sample = sample
        self.root = root
    }

    /// Makes the schema and loads the rows, unless the database has a schema of that name.
    ///
    /// - Parameters:
    ///   - url: the database.
    ///   - size: how large the sample is; nil takes the sample's own size.
    ///   - seed: the same size and seed give the same rows.
    /// - Returns: how many rows were loaded; nil if the schema was there already.
    /// - Throws: a `PostgresError` or `.site`; the database is as it was then.
    package func load(
        into url: String, size: Int? = nil, seed: UInt64 = 1
    ) throws -> Int? {
        do {
            let copying = try SampleCopying(Connection(to: url))
            guard try copying.begin(schemaName: sample.schemaName) else { return nil }
            try copying.makeSchema(try schema())
            var sink: any RowSink = copying
            try sample.generate(size ?? sample.defaultSize, seed, &sink)
            return try copying.finish()
        } catch let error as BuildError {
            throw error
        } catch let error as PostgresError {
            throw error
        } catch {
            throw BuildError.site(
                reason: "The sample data could not be made: \(error).",
                remedy: "Change what the site's `sample` generates.")
        }
    }

    private func schema() throws -> String {
        let file = "\(root)/\(sample.schemaFile)"
        guard let data = FileManager.default.contents(atPath: file),
            let text = String(validating: data, as: UTF8.self)
        else {
            throw BuildError.site(
                reason: "The sample's schema \(file) cannot be read.",
                remedy: "Run the command in the site's root folder, or name it with --root.")
        }
        return text
    }
}

/// Sends rows through COPY, a batch at a time, in one transaction.
private final class SampleCopying: RowSink {
    private static let rowsPerBatch = 4096

    private let connection: Connection
    private var table = ""
    private var columns: [String] = []
    private var rows: [[Parameter]] = []
    private var count = 0

    init(_ connection: consuming Connection) { self.connection = connection }

    /// Begins the transaction; false, without one, if the schema is there already.
    func begin(schemaName: String) throws -> Bool {
        let found = try connection.rows(
            "SELECT 1 FROM pg_namespace WHERE nspname = $1", [Parameter(schemaName)]
        ) { (_) throws(PostgresError) in true }
        guard found.isEmpty else { return false }
        try connection.run("BEGIN; \(connection.transactionLimits)")
        return true
    }

    func makeSchema(_ sql: String) throws { try connection.run(sql) }

    func table(_ name: String, columns: [String]) throws {
        try flush()
        table = name
        self.columns = columns
    }

    func row(_ values: [SampleValue]) throws {
        rows.append(values.map(\.parameter))
        if rows.count == Self.rowsPerBatch { try flush() }
    }

    /// Commits; returns how many rows were loaded.
    func finish() throws -> Int {
        try flush()
        try connection.run("COMMIT")
        try connection.run("ANALYZE")
        return count
    }

    private func flush() throws {
        guard !rows.isEmpty else { return }
        let batch = rows
        rows.removeAll(keepingCapacity: true)
        count += try connection.copyIn(table, columns: columns) { (writer) throws(PostgresError) in
            for row in batch { try writer.row(row) }
        }
    }
}

extension SampleValue {
    /// The value as COPY sends it.
    fileprivate var parameter: Parameter {
        switch self {
        case .null: .null
        case .bool(let value): Parameter(value)
        case .int(let value): Parameter(value)
        case .double(let value): Parameter(value)
        case .text(let value): Parameter(value)
        case .timestamp(let seconds):
            Parameter(Timestamp(microsecondsSince1970: Int64(seconds) * 1_000_000))
        }
    }
}
