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
    private let digestStart: Int
    private let assetNumbers: Range<Int>
    private let readNumbers: Range<Int>

    /// What the entry is: the number of its kind.
    let kindCode: UInt8
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

    /// The digest over what a client sees; see `Entry.digest`.
    package var digest: SHA256Digest {
        guard
            let digest = SHA256Digest(
                bytes: segment.bytes[digestStart..<digestStart + SHA256Digest.byteCount])
        else { preconditionFailure("a digest has 32 bytes") }
        return digest
    }

    /// The paths of the assets that the page needs.
    package var assets: [String] { texts(assetNumbers) }

    /// The paths of the files of public/ that the page names.
    package var reads: [String] { texts(readNumbers) }

    private func texts(_ numbers: Range<Int>) -> [String] {
        stride(from: numbers.lowerBound, to: numbers.upperBound, by: 4).map {
            segment.texts[Int(segment.bytes.word(at: $0))]
        }
    }

    /// Reads the record at an index of a segment.
    init(_ index: Int, of segment: ManifestSegment) {
        self.segment = segment
        self.index = index
        let bytes = segment.bytes
        var place = segment.position(ofRecord: index)
        func text() -> Range<Int> {
            let start = place + 2
            place = start + bytes.short(at: place)
            return start..<place
        }
        pathRange = text()
        kindCode = bytes[place]
        cachePolicy = CachePolicy(rawValue: bytes[place + 1]) ?? .revalidate
        digestStart = place + 10
        place = digestStart + SHA256Digest.byteCount
        if kindCode == 3 || kindCode == 4 { _ = text() }
        let formCount = Int(bytes[place])
        place += 1
        var forms: [Representation] = []
        forms.reserveCapacity(formCount)
        for _ in 0..<formCount {
            let blob = place + 1..<place + 1 + SHA256Digest.byteCount
            if let coding = Coding(rawValue: bytes[place]), let id = BlobID(bytes: bytes[blob]) {
                forms.append(
                    Representation(
                        coding: coding, blob: id, length: Int(bytes.word(at: blob.upperBound))))
            }
            place = blob.upperBound + 4
        }
        representations = forms
        view = segment.texts[Int(bytes.word(at: place))]
        place += 4
        keyRange = text()
        route = segment.texts[Int(bytes.word(at: place))]
        let flags = bytes[place + 4]
        place += 5
        isProvisional = flags & ManifestFormat.isProvisionalFlag != 0
        isListed = flags & ManifestFormat.isListedFlag != 0
        if flags & ManifestFormat.hasRowFlag != 0 {
            row = RowDigest(bytes: bytes[place..<place + RowDigest.byteCount])
            place += RowDigest.byteCount
        } else {
            row = nil
        }
        if flags & ManifestFormat.hasDateFlag != 0 {
            let bits = UInt64(bytes.word(at: place)) | UInt64(bytes.word(at: place + 4)) << 32
            modified = EntryDate(
                microseconds: Int64(bitPattern: bits),
                hasZone: flags & ManifestFormat.hasZoneFlag != 0)
            place += 8
        } else {
            modified = nil
        }
        assetNumbers = place + 1..<place + 1 + 4 * Int(bytes[place])
        place = assetNumbers.upperBound
        readNumbers = place + 2..<place + 2 + 4 * bytes.short(at: place)
        place = readNumbers.upperBound
        slotCount =
            bytes[place] & ManifestFormat.isSlottedFlag == 0
            ? 0 : Int(bytes[place + 1]) + Int(bytes[place + 2])
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

extension [UInt8] {
    /// A number of two bytes.
    fileprivate func short(at place: Int) -> Int { Int(self[place]) | Int(self[place + 1]) << 8 }

    /// A number of four bytes.
    fileprivate func word(at place: Int) -> UInt32 {
        UInt32(self[place]) | UInt32(self[place + 1]) << 8 | UInt32(self[place + 2]) << 16
            | UInt32(self[place + 3]) << 24
    }
}
