// Looks now and then whether what views were made from is still the same, for whoever follows.
//
// PostgreSQL counts the rows that are written to its catalogue. The counts are read, in a fraction
// of a millisecond; only when one has moved is everything compared. They arrive up to ten seconds
// after a commit, since PostgreSQL keeps them back for that long.

package import Postgres

/// Watches the sources of all installed views.
package struct SourceWatch: Sendable {
    /// How often a follower looks.
    package static let interval = Duration.seconds(2)

    private var counts: String?
    /// The views whose rows may be wrong, as of the last look.
    package private(set) var outdated: [ViewDisagreement] = []

    /// Watches from now on.
    package init() {}

    /// Looks.
    ///
    /// - Parameter connection: a connection outside of any transaction.
    /// - Returns: the views whose rows may be wrong, where that has changed; nil where it has not.
    /// - Throws: `.database`.
    package mutating func look(
        on connection: borrowing Connection
    ) throws(ViewError) -> [ViewDisagreement]? {
        let now = try Self.counts(on: connection)
        guard now != counts else { return nil }
        let found = try ViewInstaller.outdated(nil, on: connection)
        counts = now
        guard found != outdated else { return nil }
        outdated = found
        return found
    }

    private static func counts(on connection: borrowing Connection) throws(ViewError) -> String {
        let rows = try connection.texts(
            """
            SELECT string_agg(concat_ws(' ', pg_stat_get_tuples_inserted(t.oid),
                pg_stat_get_tuples_updated(t.oid), pg_stat_get_tuples_deleted(t.oid)), ',')
                || ' ' || pg_postmaster_start_time()
            FROM unnest(ARRAY['pg_class', 'pg_attribute', 'pg_attrdef', 'pg_inherits', 'pg_proc',
                'pg_aggregate', 'pg_operator', 'pg_rewrite', 'pg_trigger', 'pg_policy', 'pg_type',
                'pg_enum', 'pg_constraint', 'pg_collation', 'pg_namespace', 'pg_ts_config',
                'pg_ts_config_map', 'pg_ts_dict',
                'pg_subscription_rel']::regclass[]) AS t (oid)
            """, doing: "looking whether the catalogue has changed")
        return rows.first.flatMap { $0[0] } ?? ""
    }
}

extension ViewInstaller {
    /// The installed views of which something that they were made from is another thing now.
    ///
    /// - Parameters:
    ///   - definitions: the view files, to ask what their statements mean now; nil asks only what
    ///     is installed, and writes nothing.
    ///   - connection: a connection outside of any transaction.
    /// - Returns: one `.outdated` for each, by name.
    /// - Throws: `.database`.
    package static func outdated(
        _ definitions: [ViewDefinition]?, on connection: borrowing Connection
    ) throws(ViewError) -> [ViewDisagreement] {
        guard try ViewCatalogue.isInstalled(on: connection) else { return [] }
        let changes = try connection.inTransaction(
            "BEGIN", then: settings, doing: "reading what views mean", end: "ROLLBACK"
        ) { (connection) throws(ViewError) in
            try ViewMemory.changes(definitions, on: connection).changes
        }
        return changes.sorted { $0.key < $1.key }.map { name, changes in
            .outdated(view: name, changes: changes)
        }
    }

    /// The names of all views that are recorded, sorted.
    package static func names(on connection: borrowing Connection) throws(ViewError) -> [String] {
        try ViewCatalogue.records(on: connection).map(\.name)
    }
}
