// The pages that wait to be compressed again, found in one pass and then worked off.
//
// A follower looks for them anew only after something went live: an idle one reads nothing.

package import ReleaseFormat
package import Spooling

/// The pages of a manifest that wait to be compressed again, in the order in which they will be.
package final class WaitingPages {
    private var paths: SortedRecords

    /// Finds them.
    ///
    /// - Throws: a `ReleaseError` when the manifest cannot be read, or a `SpoolError`.
    package init(
        _ manifest: StoredManifest, _ deepening: Deepening, _ spools: SpoolFolder
    ) throws {
        var sorter = RecordSorter(in: spools)
        var outlines = manifest.outlines()
        while let outline = try outlines.next() {
            guard outline.isProvisional else { continue }
            let path = Array(outline.path)
            try sorter.add(key: deepening.rank(of: path), value: path)
        }
        paths = try sorter.sorted()
    }

    /// How many are left.
    var count: Int { paths.count }

    /// Whether none is left.
    package var isEmpty: Bool { count == 0 }

    /// The next path; nil at the end.
    func next() throws -> String? {
        try paths.next().map { String(decoding: $0.value, as: UTF8.self) }
    }
}
