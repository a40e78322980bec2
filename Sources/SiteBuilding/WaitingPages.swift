// The pages that wait to be compressed again, found in one pass and then worked off.
//
// A follower looks for them anew only after something went live: an idle one reads nothing.

import ReleaseFormat

/// The pages of a manifest that wait to be compressed again, in the order in which they will be.
final class WaitingPages {
    private var paths: SortedRecords

    /// Finds them.
    init(
        _ manifest: StoredManifest, _ deepening: Deepening, _ spools: SpoolFolder
    ) throws(BuildError) {
        paths = try releasing { () throws(ReleaseError) in
            var sorter = RecordSorter(in: spools)
            try manifest.forEachOutline { (outline) throws(ReleaseError) in
                guard outline.isProvisional else { return }
                let path = Array(outline.path)
                try sorter.add(key: deepening.rank(of: path), value: path)
            }
            return try sorter.sorted()
        }
    }

    /// How many are left.
    var count: Int { paths.count }

    /// Whether none is left.
    var isEmpty: Bool { count == 0 }

    /// The next path; nil at the end.
    func next() throws(ReleaseError) -> String? {
        try paths.next().map { String(decoding: $0.value, as: UTF8.self) }
    }
}

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
    ) async throws(BuildError) -> (StoredManifest, DeepeningReport)? {
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
