// A segment of a manifest that is read when it is asked for, from the stored files or from a spool,
// or that is held.
//
// What tells whether segments follow each other is always in memory.

import Hashing
import Spooling

/// A segment that can be read.
struct StoredSegment: Sendable {
    /// Where the bytes are.
    enum Place: Sendable {
        case stored(BlobStore)
        case spooled(Spool, Range<Int>)
        case held(ManifestSegment)
    }

    let reference: ManifestRoot.Reference
    let firstPath: [UInt8]
    let lastPath: [UInt8]
    /// The index of the page for paths that do not exist.
    let notFound: Int?
    let place: Place

    /// Describes a segment that was read; nil as its place holds it.
    init(_ segment: ManifestSegment, at place: Place? = nil) {
        reference = segment.reference
        firstPath = segment.firstPath
        lastPath = segment.lastPath
        notFound = segment.notFound
        self.place = place ?? .held(segment)
    }

    init(
        _ reference: ManifestRoot.Reference, firstPath: [UInt8], lastPath: [UInt8],
        notFound: Int?, at place: Place
    ) {
        self.reference = reference
        self.firstPath = firstPath
        self.lastPath = lastPath
        self.notFound = notFound
        self.place = place
    }

    /// The bytes of the segment.
    ///
    /// Their digest was checked when the manifest was opened or made, and stored files do not
    /// change: checking it for each look at a page would double what the look costs. Whoever
    /// writes them anew checks it with `verifiedBytes`.
    private func bytes() throws(ReleaseError) -> [UInt8] {
        switch place {
        case .stored(let store):
            try store.bytes(of: reference.digest, length: reference.length, verified: false)
        case .spooled(let spool, let range):
            try ReleaseError.spooling { () throws(SpoolError) in try spool.read(range) }
        case .held(let segment): segment.bytes
        }
    }

    /// The bytes of the segment, once more compared with its digest.
    ///
    /// - Throws: `.blobInvalid` when they are other bytes.
    func verifiedBytes() throws(ReleaseError) -> [UInt8] {
        let bytes = try bytes()
        guard BlobID(of: bytes) == reference.digest else {
            throw .blobInvalid(reference.digest, reason: "its bytes have another digest")
        }
        return bytes
    }

    /// The segment, with all of it checked.
    func checked() throws(ReleaseError) -> ManifestSegment {
        if case .held(let segment) = place { return segment }
        return try ManifestSegment(bytes: try verifiedBytes())
    }

    /// The segment; verified before what is in it goes into another.
    func load(verified: Bool = false) throws(ReleaseError) -> ManifestSegment {
        if case .held(let segment) = place { return segment }
        return try ManifestSegment(
            checked: verified ? try verifiedBytes() : try bytes(), digest: reference.digest)
    }

    /// The same segment, in the folder of stored files.
    func moved(to store: BlobStore) -> StoredSegment {
        StoredSegment(
            reference, firstPath: firstPath, lastPath: lastPath, notFound: notFound,
            at: .stored(store))
    }
}
