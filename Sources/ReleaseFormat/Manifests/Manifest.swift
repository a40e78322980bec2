// The table of a release's paths, and what the release was made from.
//
// The file that is called the manifest is short: it names the segments that hold the entries. A
// path begins a segment if its hash says so, so segments are a function of the paths alone, and a
// change of one page makes one segment and one short file. What has not changed is neither read
// nor written again.

import Hashing

/// All the entries of a release, in memory: a stored manifest with every segment held.
///
/// Nothing here reads a file or fails, so it is what servers look paths up in.
package struct Manifest: Sendable {
    /// The manifest whose segments these are.
    let stored: StoredManifest
    /// The index of the page for paths that do not exist.
    package let notFound: Int?

    let segments: [ManifestSegment]
    /// The index of the first entry of each segment.
    let starts: [Int]

    /// Holds all segments of a manifest that is on disk or being made.
    ///
    /// - Throws: `.manifestInvalid`, `.blobInvalid` or `.system`.
    package init(_ stored: StoredManifest) throws(ReleaseError) {
        var segments: [ManifestSegment] = []
        var starts: [Int] = []
        var count = 0
        var notFound: Int?
        for segment in stored.segments {
            let held = try segment.checked()
            if let local = held.notFound { notFound = count + local }
            segments.append(held)
            starts.append(count)
            count += held.count
        }
        self.stored = stored
        self.segments = segments
        self.starts = starts
        self.notFound = notFound
    }

    /// Reads a manifest of one segment, whose bytes come from anywhere: what fuzzers call.
    ///
    /// - Throws: `.manifestInvalid` whatever is wrong with the bytes; never traps.
    package init(segment bytes: [UInt8]) throws(ReleaseError) {
        let segment = StoredSegment(try ManifestSegment(bytes: bytes))
        let root = ManifestRoot.file(
            hasTree: false, recipe: 0, inputs: [], segments: [segment.reference])
        try self.init(try StoredManifest(bytes: root) { _ throws(ReleaseError) in segment })
    }

    /// The bytes of the file, exactly, without the segments it names.
    package var bytes: [UInt8] { stored.bytes }
    /// The release's name: the first 16 hexadecimal digits of the manifest's own digest.
    package var id: ReleaseID { stored.id }
    /// Whether the release has a plain tree of files for other servers.
    package var hasTree: Bool { stored.hasTree }
    /// How the stored forms were made, as a number of the builder's.
    package var recipe: UInt8 { stored.recipe }
    /// What every page was made from, besides its row, in the builder's order.
    package var inputs: [BuildInput] { stored.inputs }
    /// The number of entries; their indices are 0 up to this.
    package var count: Int { stored.count }

    /// The bytes of each segment, in order.
    package var segmentBytes: [[UInt8]] { segments.map(\.bytes) }

    /// The bytes of the file and of its segments: what the manifest costs in memory.
    package var byteCount: Int { segments.reduce(bytes.count) { $0 + $1.bytes.count } }

    /// Every different header block, each once, in the order of their bytes.
    var headerBlocks: [HeaderBlock] {
        Set(segments.flatMap(\.headerBlocks)).sorted {
            $0.rendered.lexicographicallyPrecedes($1.rendered)
        }
    }

    /// The index of the entry at a decoded path; nil when there is none.
    package func index(ofPath path: Span<UInt8>) -> Int? {
        guard let number = stored.segment(ofPath: path) else { return nil }
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

    private func segment(ofIndex index: Int) -> Int {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] > index { high = middle } else { low = middle + 1 }
        }
        return low - 1
    }
}
