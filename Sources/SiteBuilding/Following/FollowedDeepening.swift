import ReleaseFormat
import ReleaseTools

/// What a follower has still to compress again.
struct FollowedDeepening {
    /// How many pages are compressed again between two looks at the database.
    private static let pagesMax = 16

    /// Whether pages may wait that are not in `waiting`.
    private var mayBeMore = true
    private var waiting: WaitingPages?

    /// Something else went live.
    mutating func note() { mayBeMore = true }

    /// Compresses some pages again; nil if none waits.
    mutating func step(
        _ manifest: StoredManifest, _ writer: ReleaseWriter, jobs: Int
    ) async throws -> (StoredManifest, DeepeningReport)? {
        let deepening = Deepening(jobs: jobs)
        while true {
            if waiting?.isEmpty ?? true {
                waiting = nil
                guard mayBeMore else { return nil }
                mayBeMore = false
                waiting = try WaitingPages(manifest, deepening, writer.spools)
            }
            guard let waiting, !waiting.isEmpty else { return nil }
            let (next, done) = try await deepening.deepened(
                manifest, waiting, writer, limit: Self.pagesMax)
            if done.deepened > 0 { return (next, done) }
        }
    }
}
