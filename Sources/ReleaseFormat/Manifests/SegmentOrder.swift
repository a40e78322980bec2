import Hashing

/// Checks that segments follow each other as they should.
struct SegmentOrder {
    private var last: [UInt8]?
    private var hasMissing = false

    /// - Throws: `.manifestInvalid` when the segment is not the one that is named, or not in order.
    mutating func follow(
        _ segment: StoredSegment, as reference: ManifestRoot.Reference
    ) throws(ReleaseError) {
        guard segment.reference == reference else {
            throw .manifestInvalid(reason: "a segment is not the one it names")
        }
        if let last, !last.lexicographicallyPrecedes(segment.firstPath) {
            throw .manifestInvalid(reason: "the paths are not in order")
        }
        last = segment.lastPath
        guard segment.notFound != nil else { return }
        guard !hasMissing else {
            throw .manifestInvalid(reason: "two entries are for missing paths")
        }
        hasMissing = true
    }
}
