// The part of an entry that planning, counting and collecting files need, read without making the
// entry: a hundred thousand of them take tens of milliseconds.
//
// An outline refers to the manifest's bytes. Every record was checked when the manifest was
// loaded, so reading it again cannot fail.

import ContentEncoding
package import Hashing

/// One entry of a manifest, as places in its bytes.
package struct EntryOutline {
    private let segment: ManifestSegment
    private let index: Int
    private let pathRange: Range<Int>
    private let keyRange: Range<Int>
    private let assetNumbers: Range<Int>
    private let readNumbers: Range<Int>

    /// How long caches may keep it.
    package let cachePolicy: CachePolicy
    /// The view, or the component or folder when there is no row.
    package let view: String
    /// The author's page type; empty for what no page type makes.
    package let route: String
    /// What PostgreSQL computed over the row's columns; nil when there is no row.
    package let row: RowDigest?
    /// When the page last changed; nil when the author does not say.
    package let modified: EntryDate?
    /// Whether the page stands in the site map.
    package let isListed: Bool
    /// Whether the coded forms wait to be made again, smaller.
    package let isProvisional: Bool
    /// The coded forms, identity first.
    package let representations: [Representation]
    /// The digest over what a client sees; see `Entry.digest`.
    package let digest: SHA256Digest
    /// How many slots it has.
    package let slotCount: Int

    /// The bytes of the path.
    package var path: ArraySlice<UInt8> { segment.bytes[pathRange] }
    /// The bytes of the row's key; none when there is no row.
    package var key: ArraySlice<UInt8> { segment.bytes[keyRange] }
    /// Whether a row or a page type of the author's made it.
    package var isMadeByRoute: Bool { !route.isEmpty }

    /// All of the entry.
    package var entry: Entry { segment.entry(at: index) }

    /// The paths of the assets that the page needs.
    package var assets: [String] { texts(assetNumbers) }

    /// The paths of the files of public/ that the page names.
    package var reads: [String] { texts(readNumbers) }

    private func texts(_ numbers: Range<Int>) -> [String] {
        stride(from: numbers.lowerBound, to: numbers.upperBound, by: 4).map {
            segment.texts[RecordSkimmer.word(segment.bytes, at: $0)]
        }
    }

    /// Reads the record at an index of a segment.
    init(_ index: Int, of segment: ManifestSegment) {
        self.segment = segment
        self.index = index
        var skimmer = RecordSkimmer(segment.bytes, at: segment.position(ofRecord: index))
        let known = skimmer.entry()
        pathRange = skimmer.path
        keyRange = skimmer.key
        assetNumbers = skimmer.assets
        readNumbers = skimmer.reads
        cachePolicy = known.cachePolicy
        view = segment.texts[skimmer.view]
        route = segment.texts[skimmer.route]
        row = known.source.row
        modified = known.source.modified
        isListed = known.source.isListed
        isProvisional = known.isProvisional
        representations = known.representations
        digest = known.digest
        slotCount = skimmer.slotCount
    }
}

extension ManifestSegment {
    /// Lends an outline of every entry of the segment.
    func forEachOutline<Failure: Error>(
        _ body: (EntryOutline) throws(Failure) -> Void
    ) throws(Failure) {
        for index in 0..<count { try body(EntryOutline(index, of: self)) }
    }
}
