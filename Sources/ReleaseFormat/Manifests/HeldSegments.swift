import Hashing
import Synchronization

/// The segments that were used last.
struct HeldSegments: Sendable {
    private var segments: [BlobID: (segment: ManifestSegment, use: UInt64)] = [:]
    private var uses: UInt64 = 0

    subscript(digest: BlobID) -> ManifestSegment? {
        mutating get {
            guard let found = segments[digest] else { return nil }
            uses += 1
            segments[digest]?.use = uses
            return found.segment
        }
    }

    mutating func hold(_ segment: ManifestSegment) {
        if segments[segment.digest] == nil, segments.count >= ReleaseLimits.segmentsHeld,
            let oldest = segments.min(by: { $0.value.use < $1.value.use })
        {
            segments[oldest.key] = nil
        }
        uses += 1
        segments[segment.digest] = (segment, uses)
    }
}
