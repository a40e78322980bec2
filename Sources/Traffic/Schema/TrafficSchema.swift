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
    static let version = 3

    /// What changes the tables, each once, in this order.
    private static var migrations: [(number: Int, sql: String)] {
        [
            (1, text(PackageResources.tables_sql)),
            // The last minutes of a day without reading all of it. Rows come nearly in the order
            // of their times, so this index has a few bytes for a megabyte of them.
            (2, "CREATE INDEX hit_at ON traffic.hit USING brin (at) WITH (autosummarize = on)"),
            (3, text(PackageResources.version3_sql)),
        ]
    }

    /// What is made anew by each installation.
    private static var definitions: [String] {
        [
            PackageResources.days_sql, PackageResources.texts_sql, PackageResources.fold_sql,
            PackageResources.counts_sql, PackageResources.seal_sql, PackageResources.views_sql,
            PackageResources.statistics_sql, PackageResources.roles_sql,
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
            if let installed {
                if installed > version { throw TrafficError.newerSchema(installed) }
                try becomeOwner(on: connection)
                // No batch is counted half by what was and half by what is.
                try connection.run("LOCK TABLE traffic.leader IN EXCLUSIVE MODE")
            }
            var ran: [Int] = []
            for migration in migrations where migration.number > installed ?? 0 {
                try connection.run(migration.sql)
                try connection.run(
                    "INSERT INTO traffic.migration (number) VALUES (\(migration.number))")
                ran.append(migration.number)
            }
            for sql in definitions { try connection.run(sql) }
            if let installed, installed < 3 {
                try connection.run(
                    "SELECT traffic.count_ways(day) FROM traffic.day WHERE NOT is_final")
            }
            try TrafficSettings.apply(changes, isFirst: installed == nil, on: connection)
            try connection.run("SELECT traffic.bound_days()")
            return ran
        }
    }

    /// Works as who owns the schema until the transaction ends: functions run with their owner's
    /// rights, so all of it has to have one owner, whoever brings it up to date.
    private static func becomeOwner(on connection: borrowing Connection) throws {
        let owner = try connection.rows(
            """
            SELECT quote_ident(rolname) FROM pg_catalog.pg_roles
            WHERE rolname <> current_user AND oid = (
                SELECT nspowner FROM pg_catalog.pg_namespace WHERE nspname = 'traffic')
            """
        ) { row throws(PostgresError) in try row.value(0, as: String.self) }.first
        if let owner { try connection.run("SET LOCAL ROLE \(owner)") }
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
    /// What led into the page and what was asked for out of it stay of one name, since that tells
    /// whether a prefetch was opened.
    ///
    /// - Returns: how many texts were removed.
    package static func forget(
        path: String, on connection: borrowing Connection
    ) throws -> Int {
        try connection.atomically { connection in
            // Neither a batch nor a proof sees one name here and another there.
            try connection.run("LOCK TABLE traffic.leader IN EXCLUSIVE MODE")
            let names = try connection.rows(
                """
                UPDATE traffic.setting SET forgotten = forgotten + 1
                RETURNING format('(forgotten %s)', forgotten)
                """
            ) { row throws(PostgresError) in try row.value(0, as: String.self) }
            let parameters = [Parameter(path), Parameter(names.first ?? "(forgotten)")]
            // The key of its row may tell what the path told.
            try connection.execute(
                """
                DELETE FROM traffic.trend t USING traffic.page p
                WHERE md5(p.path) = md5($1) AND p.path = $1 AND p.id >= 16
                    AND (t.view, t.key) = (p.view, p.key)
                """, [Parameter(path)])
            let pages = try connection.execute(
                """
                UPDATE traffic.page SET path = $2, view = '', key = id::text
                WHERE md5(path) = md5($1) AND path = $1 AND id >= 16
                """, parameters)
            let sources = try connection.execute(
                """
                UPDATE traffic.source SET text = $2
                WHERE class = 3 AND md5(text) = md5($1) AND text = $1 AND id >= 16
                """, parameters)
            return pages + sources
        }
    }
}
