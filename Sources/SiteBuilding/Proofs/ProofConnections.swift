// The connections of a proof: those of a follower, and one more whose snapshot is read through
// for addresses while the others work.
//
// None is repaired: after an error all are dropped and made anew.

import MaterializedViews
import Postgres
import ReleaseFormat
import SiteAuthoring

/// The open connections that proofs are made by.
final class ProofConnections {
    let following: FollowConnections
    /// Finds addresses; see `SiteProofs.findSome`.
    var finding: RowReading
    /// The route whose rows a cursor on it goes through; nil without one.
    var cursor: Int?
    /// The last event whose rows are known.
    var event: Int64
    /// The views that write no log.
    let unlogged: Set<String>
    /// Where the compiled rows do not fit what is installed.
    private(set) var differences: [ViewDisagreement]
    /// Whether all rows are read from the files.
    private let isPreview: Bool
    /// The views that only their files make rows of that fit.
    var uninstalled: Set<String> { isPreview ? [] : Set(differences.map(\.view)) }

    /// Connects, compares the compiled rows with the database, and keeps the log from now on.
    init(
        _ database: DatabaseAddress, _ schemas: [ViewSchema], consumer: String,
        preview: PreviewReading?
    ) throws {
        following = try FollowConnections(database, preview: preview)
        finding = try RowReading(database, preview: preview)
        try following.register(consumer)
        event = try following.begin().event
        differences = try following.reading.differences(of: schemas)
        isPreview = preview != nil
        // What a preview shows besides the views' rows is in no log.
        let unlogged = preview == nil ? try following.unlogged(schemas) : schemas
        self.unlogged = Set(unlogged.map(\.name))
        try following.end()
        try finding.end()
    }

    /// Compares again, as when views may have been installed.
    ///
    /// - Throws: what PostgreSQL throws; disconnect then.
    func compare(_ schemas: [ViewSchema]) throws {
        _ = try following.begin()
        defer { try? following.end() }
        differences = try following.reading.differences(of: schemas)
    }

    /// The views that were never installed as their files are now.
    ///
    /// - Throws: what PostgreSQL throws; disconnect then.
    func unapplied(_ definitions: [ViewDefinition]) throws -> Set<String> {
        _ = try following.begin()
        defer { try? following.end() }
        return try following.reading.unapplied(definitions)
    }
}
