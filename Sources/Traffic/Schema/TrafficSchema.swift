// The schema `traffic`: installed and brought up to date by numbered migrations, never by hand.
//
// Tables change by a migration each. Functions and views hold no data, so each installation makes
// them anew. An ingester works with the version it knows and with no other: an older schema lacks
// what it needs, and a newer one may count what it would not.

internal import FoundationEssentials
internal import Groundwork
package import Postgres

/// The tables, functions and views of traffic in one database.
package enum TrafficSchema {
    /// The version that this program knows.
    static let version = 2

    /// What changes the tables, each once, in this order.
    private static var migrations: [(number: Int, sql: String)] {
        [
            (1, text(PackageResources.tables_sql)),
            // The last minutes of a day without reading all of it. Rows come nearly in the order
            // of their times, so this index has a few bytes for a megabyte of them.
            (2, "CREATE INDEX hit_at ON traffic.hit USING brin (at) WITH (autosummarize = on)"),
        ]
    }

    /// What is made anew by each installation.
    private static var definitions: [String] {
        [
            PackageResources.days_sql, PackageResources.fold_sql, PackageResources.counts_sql,
            PackageResources.seal_sql, PackageResources.views_sql, PackageResources.statistics_sql,
            PackageResources.roles_sql,
        ].map(text)
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// Installs the schema, or brings it up to date, and sets what is given.
    ///
    /// - Parameters:
    ///   - changes: settings that shall have other values.
    ///   - connection: of somebody who may make schemas.
    /// - Returns: the numbers of the migrations that ran.
    /// - Throws: a newer schema, a zone that does not exist, what the server said.
    @discardableResult
    package static func install(
        _ changes: TrafficSettings.Changes, on connection: borrowing Connection
    ) throws -> [Int] {
        try connection.atomically { connection in
            try connection.run("SET LOCAL client_min_messages = warning")
            // Two installations at once: one of them waits.
            try connection.run("SELECT pg_advisory_xact_lock(hashtext('sitegen.traffic'))")
            let installed = try number(on: connection)
            if let installed, installed > version { throw TrafficError.newerSchema(installed) }
            var ran: [Int] = []
            for migration in migrations where migration.number > installed ?? 0 {
                try connection.run(migration.sql)
                try connection.run(
                    "INSERT INTO traffic.migration (number) VALUES (\(migration.number))")
                ran.append(migration.number)
            }
            for sql in definitions { try connection.run(sql) }
            try TrafficSettings.apply(changes, isFirst: installed == nil, on: connection)
            return ran
        }
    }

    /// The number of the newest migration; nil if there is no schema.
    private static func number(
        on connection: borrowing Connection
    ) throws -> Int? {
        let isThere = try connection.rows(
            "SELECT to_regclass('traffic.migration') IS NOT NULL"
        ) { row throws(PostgresError) in try row.value(0, as: Bool.self) }
        guard isThere == [true] else { return nil }
        return try connection.rows(
            "SELECT coalesce(max(number), 0) FROM traffic.migration"
        ) { row throws(PostgresError) in Int(try row.value(0, as: Int32.self)) }.first
    }

    /// Makes sure that the schema is the one that this program knows.
    ///
    /// - Throws: what is there instead, and what to do.
    package static func require(on connection: borrowing Connection) throws {
        switch try number(on: connection) {
        case nil: throw TrafficError.noSchema
        case .some(let number) where number < version: throw TrafficError.olderSchema(number)
        case .some(let number) where number > version: throw TrafficError.newerSchema(number)
        default: return
        }
    }

    /// Removes the schema with everything in it.
    package static func drop(on connection: borrowing Connection) throws {
        guard try number(on: connection) != nil else { throw TrafficError.noSchema }
        try connection.run("SET client_min_messages = warning; DROP SCHEMA traffic CASCADE")
    }
}

extension TrafficSchema {
    /// The roles that are not there.
    package static func missingRoles(on connection: borrowing Connection) throws -> [String] {
        try connection.rows(
            """
            SELECT r FROM unnest(ARRAY['sitegen_ingest', 'sitegen_stats']) AS u(r)
            WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = r)
            """
        ) { row throws(PostgresError) in try row.value(0, as: String.self) }
    }

    /// Removes the text of a path wherever it is kept.
    ///
    /// - Returns: how many texts were removed.
    package static func forget(
        path: String, on connection: borrowing Connection
    ) throws -> Int {
        try connection.atomically { connection in
            let pages = try connection.execute(
                """
                UPDATE traffic.page SET path = '(forgotten ' || id || ')', view = '', key = ''
                WHERE md5(path) = md5($1) AND path = $1 AND id >= 16
                """, [Parameter(path)])
            let sources = try connection.execute(
                """
                UPDATE traffic.source SET text = '(forgotten ' || id || ')'
                WHERE class = 3 AND md5(text) = md5($1) AND text = $1 AND id >= 16
                """, [Parameter(path)])
            return pages + sources
        }
    }
}
