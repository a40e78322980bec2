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
