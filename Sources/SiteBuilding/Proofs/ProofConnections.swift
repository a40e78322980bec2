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
    /// Whether a cursor is open on it.
    var isFinding = false
    /// The last event whose rows are known.
    var event: Int64
    /// The views that write no log.
    let unlogged: Set<String>

    /// Connects, checks that the compiled rows fit the database, and keeps the log from now on.
    init(
        _ database: DatabaseAddress, _ schemas: [ViewSchema], consumer: String,
        preview: PreviewReading?
    ) throws {
        following = try FollowConnections(database, preview: preview)
        finding = try RowReading(database, preview: preview)
        try following.register(consumer)
        event = try following.begin().event
        try following.reading.checkColumns(of: schemas)
        // What a preview shows besides the views' rows is in no log.
        let unlogged = preview == nil ? try following.unlogged(schemas) : schemas
        self.unlogged = Set(unlogged.map(\.name))
        try following.end()
        try finding.end()
    }
}
