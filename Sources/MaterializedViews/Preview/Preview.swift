package import Postgres

/// Which rows a preview shows: those of another time, and drafts.
///
/// Nothing is written for it: views are computed in the reading session, from their files.
package struct Preview: Sendable, Hashable {
    /// The time that `publish-at:` and `expire-at:` are held against, as `time(_:on:)` writes it.
    package let time: String
    /// Whether rows are shown that `draft:` says are drafts, or that have no time to publish at.
    package let showsDrafts: Bool

    /// Describes a preview.
    ///
    /// - Parameters:
    ///   - time: as `time(_:on:)` writes it.
    ///   - showsDrafts: whether drafts are shown.
    package init(time: String, showsDrafts: Bool) {
        self.time = time
        self.showsDrafts = showsDrafts
    }

    /// Reads a time as PostgreSQL does: `2027-01-01`, `2027-01-01 09:00+01`, `tomorrow`.
    ///
    /// - Parameters:
    ///   - text: the time; nil is now.
    ///   - connection: to any database; its time zone counts where the text has none.
    /// - Returns: the time in UTC.
    /// - Throws: `.database` for what is no time.
    package static func time(
        _ text: String?, on connection: borrowing Connection
    ) throws(ViewError) -> String {
        let time = text == nil ? "statement_timestamp()" : "$1::text::timestamptz"
        let rows = try connection.texts(
            """
            SELECT to_char(\(time) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            """, text.map { [$0] } ?? [], doing: "reading the time of the preview")
        return rows.first?[0] ?? ""
    }

    /// That a row is shown, as SQL over the columns of `alias`; nil if every row is.
    func condition(_ definition: ViewDefinition, _ alias: String) -> String? {
        definition.isSeen(
            alias, at: "\(SQLText.literal(time))::timestamptz", hasDrafts: showsDrafts)
    }
}
