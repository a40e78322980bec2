import Hashing
import Synchronization

/// Goes through the entries of a manifest, one after the other.
package struct OutlineCursor {
    private let manifest: StoredManifest
    private let passed: Set<BlobID>
    private var number = 0
    private var index = 0
    private var segment: ManifestSegment?

    /// Begins before the first entry; segments of some digests are passed over.
    init(_ manifest: StoredManifest, except passed: Set<BlobID>) {
        self.manifest = manifest
        self.passed = passed
    }

    /// The next entry; nil at the end.
    ///
    /// - Throws: `.blobInvalid` or `.system` when a segment cannot be read.
    package mutating func next() throws(ReleaseError) -> EntryOutline? {
        while true {
            if let segment, index < segment.count {
                defer { index += 1 }
                return EntryOutline(index, of: segment)
            }
            guard number < manifest.segments.count else { return nil }
            if passed.contains(manifest.segments[number].reference.digest) {
                segment = nil
            } else {
                segment = try manifest.pass(number)
            }
            (number, index) = (number + 1, 0)
        }
    }
}
