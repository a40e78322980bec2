// The table of a release's paths, and what the release was made from.
//
// The file that is called the manifest is short: it names the segments that hold the entries. A
// path begins a segment if its hash says so, so segments are a function of the paths alone, and a
// change of one page makes one segment and one short file. What has not changed is neither read
// nor written again.

import Hashing

/// Something that every page of a build depends on, besides its row.
package struct BuildInput: Sendable, Hashable {
    /// What it is, such as `program`.
    package let name: String
    /// Its digest or its text.
    package let value: String

    /// Names an input.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// All the entries of a release.
package struct Manifest: Sendable {
    /// The bytes of the file, exactly, without the segments it names.
    package let bytes: [UInt8]
    /// The release's name: the first 16 hexadecimal digits of the manifest's own digest.
    package let id: ReleaseID
    /// Whether the release has a plain tree of files for other servers.
    package let hasTree: Bool
    /// How the stored forms were made, as a number of the builder's.
    ///
    /// Forms of an earlier release may stand for the same bytes only if the recipes are equal.
    package let recipe: UInt8
    /// What every page was made from, besides its row, in the builder's order.
    package let inputs: [BuildInput]
    /// The number of entries; their indices are 0 up to this.
    package let count: Int
    /// The index of the page for paths that do not exist.
    package let notFound: Int?

    let segments: [ManifestSegment]
    /// The index of the first entry of each segment.
    let starts: [Int]

    /// Reads a manifest file and the segments it names, and checks all of it.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - known: a manifest whose segments are used again where they are the same.
    ///   - load: gives the bytes of a segment by its digest and length.
    /// - Throws: `.manifestInvalid` whatever is wrong with the bytes, never traps; what `load`
    ///   throws.
    init(
        bytes: [UInt8], reusing known: Manifest? = nil,
        load: (BlobID, Int) throws(ReleaseError) -> [UInt8]
    ) throws(ReleaseError) {
        let root = try ManifestRoot(bytes: bytes)
        var byDigest: [BlobID: ManifestSegment] = [:]
        for segment in known?.segments ?? [] { byDigest[segment.digest] = segment }
        var segments: [ManifestSegment] = []
        segments.reserveCapacity(root.segments.count)
        for reference in root.segments {
            let segment: ManifestSegment
            if let same = byDigest[reference.digest] {
                segment = same
            } else {
                segment = try ManifestSegment(bytes: try load(reference.digest, reference.length))
            }
            segments.append(segment)
        }
        try self.init(root, bytes: bytes, segments: segments)
    }

    /// Joins a root with its segments.
    init(
        _ root: ManifestRoot, bytes: [UInt8], segments: [ManifestSegment]
    ) throws(ReleaseError) {
        var starts: [Int] = []
        var count = 0
        var notFound: Int?
        var order = SegmentOrder()
        for (segment, reference) in zip(segments, root.segments) {
            try order.follow(segment, as: reference)
            if let local = segment.notFound { notFound = count + local }
            starts.append(count)
            count += segment.count
        }
        guard count <= ReleaseLimits.entriesMax else {
            throw .manifestInvalid(reason: "it has too many entries")
        }
        self.bytes = bytes
        self.segments = segments
        self.starts = starts
        self.count = count
        self.notFound = notFound
        id = ReleaseID(manifestDigest: root.digest)
        hasTree = root.hasTree
        recipe = root.recipe
        inputs = root.inputs
    }

    /// Reads all of a manifest that is on disk or being made.
    ///
    /// - Throws: `.manifestInvalid`, `.blobInvalid` or `.system`.
    package init(_ stored: StoredManifest) throws(ReleaseError) {
        var segments: [ManifestSegment] = []
        for segment in stored.segments {
            segments.append(try ManifestSegment(bytes: try segment.verifiedBytes()))
        }
        try self.init(
            try ManifestRoot(bytes: stored.bytes), bytes: stored.bytes, segments: segments)
    }

    /// The bytes of each segment, in order.
    package var segmentBytes: [[UInt8]] { segments.map(\.bytes) }

    /// Reads a manifest of one segment, whose bytes come from anywhere: what fuzzers call.
    ///
    /// - Throws: `.manifestInvalid` whatever is wrong with the bytes; never traps.
    package init(segment bytes: [UInt8]) throws(ReleaseError) {
        let segment = try ManifestSegment(bytes: bytes)
        let root = ManifestRoot.file(
            hasTree: false, recipe: 0, inputs: [], segments: [segment.reference])
        try self.init(try ManifestRoot(bytes: root), bytes: root, segments: [segment])
    }

    /// The bytes of the file and of its segments: what the manifest costs in memory.
    package var byteCount: Int { segments.reduce(bytes.count) { $0 + $1.bytes.count } }

    /// Every different header block, each once, in the order of their bytes.
    package var headerBlocks: [HeaderBlock] {
        Set(segments.flatMap(\.headerBlocks)).sorted {
            $0.rendered.lexicographicallyPrecedes($1.rendered)
        }
    }

    /// The index of the entry at a decoded path; nil when there is none.
    package func index(ofPath path: Span<UInt8>) -> Int? {
        guard let number = segment(ofPath: path) else { return nil }
        return segments[number].index(ofPath: path).map { starts[number] + $0 }
    }

    /// The index of the entry at a decoded path; nil when there is none.
    package func index(ofPath path: String) -> Int? {
        index(ofPath: Array(path.utf8).span)
    }

    /// The entry at an index; entries are in the order of their paths' bytes.
    ///
    /// - Precondition: `index` is in `0..<count`.
    package func entry(at index: Int) -> Entry {
        precondition((0..<count).contains(index), "an entry's index is less than the count")
        let number = segment(ofIndex: index)
        return segments[number].entry(at: index - starts[number])
    }

    /// The entry at a decoded path; nil when there is none.
    package func entry(atPath path: String) -> Entry? {
        index(ofPath: path).map(entry(at:))
    }

    /// The last segment that begins at or before a path; nil when all begin after it.
    func segment(ofPath path: Span<UInt8>) -> Int? {
        var (low, high) = (0, segments.count)
        while low < high {
            let middle = (low + high) / 2
            if Self.precedes(path, segments[middle].path(at: 0)) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low == 0 ? nil : low - 1
    }

    private func segment(ofIndex index: Int) -> Int {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] > index { high = middle } else { low = middle + 1 }
        }
        return low - 1
    }

    /// Whether `one` comes before `other` in the order of bytes.
    private static func precedes(_ one: Span<UInt8>, _ other: ArraySlice<UInt8>) -> Bool {
        let shared = min(one.count, other.count)
        for place in 0..<shared {
            let byte = other[other.startIndex + place]
            if one[place] != byte { return one[place] < byte }
        }
        return one.count < other.count
    }
}
