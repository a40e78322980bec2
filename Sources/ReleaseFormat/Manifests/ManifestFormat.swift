// The bytes of a segment of a manifest, read.
//
//   "SITEGENS"  version:4  texts:4  blocks:4  entries:4
//   texts   each: length:4, UTF-8                           sorted, each once
//   blocks  each: fields:2, then name:4 value:4 (texts)     sorted, each once
//   table   the position of each record: 4 bytes each
//   records sorted by path; see `record`
//
// A segment has no digest of its own: it is stored under that of its bytes.

import ContentEncoding
import Hashing

/// The format of segments, version 4.
enum ManifestFormat {
    static let magic = Array("SITEGENS".utf8)
    static let version: UInt32 = 4
    /// The flags before a record's slots: it has a table; brotli runs; a tail.
    static let isSlottedFlag: UInt8 = 1
    static let hasBrotliFlag: UInt8 = 2
    static let takesTailFlag: UInt8 = 4
    /// The flags of a record's source: a row's digest; a date; in the site map; a date with a zone.
    static let hasRowFlag: UInt8 = 1
    static let hasDateFlag: UInt8 = 2
    static let isListedFlag: UInt8 = 4
    static let hasZoneFlag: UInt8 = 8
    /// In the same byte: the coded forms are provisional.
    static let isProvisionalFlag: UInt8 = 16
    /// In place of a text: there is none.
    static let noText = UInt32.max

    /// The numbers at the start of a segment.
    struct Header {
        let texts: Int
        let blocks: Int
        let entries: Int
    }

    static func header(_ reader: inout ByteReader) throws(ReleaseError) -> Header {
        try reader.expect(magic, version: version)
        let (texts, blocks, entries) = (try reader.word(), try reader.word(), try reader.word())
        // Each text takes 4 bytes at least, each block 2, each entry more: a count beyond what is
        // left is refused before anything of that size is allocated.
        guard Int(texts) <= reader.left / 4, Int(blocks) <= reader.left / 2,
            Int(entries) <= reader.left / 4, Int(entries) <= ReleaseLimits.entriesMax
        else { throw .manifestInvalid(reason: "its counts are larger than the file") }
        return Header(texts: Int(texts), blocks: Int(blocks), entries: Int(entries))
    }

    static func texts(_ reader: inout ByteReader, count: Int) throws(ReleaseError) -> [String] {
        var texts: [String] = []
        texts.reserveCapacity(count)
        for _ in 0..<count {
            let length = try reader.word()
            texts.append(try reader.text(count: Int(length)))
        }
        return texts
    }

    static func blocks(
        _ reader: inout ByteReader, count: Int, texts: [String]
    ) throws(ReleaseError) -> [HeaderBlock] {
        var blocks: [HeaderBlock] = []
        for _ in 0..<count {
            let fieldCount = Int(try reader.short())
            guard fieldCount <= ReleaseLimits.headerFieldsMax else {
                throw .manifestInvalid(reason: "a header block has too many fields")
            }
            var fields: [HeaderField] = []
            for _ in 0..<fieldCount {
                let name = try text(&reader, texts)
                let value = try text(&reader, texts)
                guard let field = HeaderField(name: name, value: value) else {
                    throw .manifestInvalid(reason: "a header is malformed")
                }
                fields.append(field)
            }
            blocks.append(HeaderBlock(fields))
        }
        return blocks
    }

    /// Reads one record: path, kind, policy, type, headers, digest, forms, source, slots.
    static func record(
        _ reader: inout ByteReader, texts: [String], blocks: [HeaderBlock]
    ) throws(ReleaseError) -> Entry {
        let path = try reader.text()
        let kindCode = try reader.byte()
        guard let policy = CachePolicy(rawValue: try reader.byte()) else {
            throw .manifestInvalid(reason: "a cache policy is unknown")
        }
        let contentType = try text(&reader, texts)
        let block = try reader.word()
        guard block < blocks.count else {
            throw .manifestInvalid(reason: "a header block is missing")
        }
        let digest = try reader.digest()
        let kind = try kind(kindCode, &reader)
        var forms: [Representation] = []
        for _ in 0..<(try reader.byte()) {
            guard let coding = Coding(rawValue: try reader.byte()) else {
                throw .manifestInvalid(reason: "a coding is unknown")
            }
            let blob = try reader.digest()
            forms.append(
                Representation(coding: coding, blob: blob, length: Int(try reader.word())))
        }
        let (source, isProvisional) = try source(&reader, texts)
        let slots = try slots(&reader, texts)
        var entry = Entry(
            path: path, kind: kind, contentType: contentType, cachePolicy: policy,
            headers: blocks[Int(block)], representations: forms, slots: slots, source: source,
            digest: digest)
        entry.isProvisional = isProvisional
        return entry
    }

    private static func kind(
        _ code: UInt8, _ reader: inout ByteReader
    ) throws(ReleaseError) -> EntryKind {
        switch code {
        case 0: .page
        case 1: .file
        case 2: .asset
        case 3: .redirect(to: try reader.text(), permanent: true)
        case 4: .redirect(to: try reader.text(), permanent: false)
        case 5: .notFound
        default: throw .manifestInvalid(reason: "a kind of entry is unknown")
        }
    }

    private static func source(
        _ reader: inout ByteReader, _ texts: [String]
    ) throws(ReleaseError) -> (EntrySource, isProvisional: Bool) {
        let view = try text(&reader, texts)
        var source = EntrySource(view: view, key: try reader.text())
        source.route = try text(&reader, texts)
        let flags = try reader.byte()
        let known = hasRowFlag | hasDateFlag | isListedFlag | hasZoneFlag | isProvisionalFlag
        guard flags & ~known == 0 else {
            throw .manifestInvalid(reason: "a source has unknown flags")
        }
        source.isListed = flags & isListedFlag != 0
        if flags & hasRowFlag != 0 {
            let start = try reader.take(RowDigest.byteCount)
            source.row = RowDigest(bytes: reader.bytes[start..<reader.position])
        }
        if flags & hasDateFlag != 0 {
            let (low, high) = (try reader.word(), try reader.word())
            source.modified = EntryDate(
                microseconds: Int64(bitPattern: UInt64(high) << 32 | UInt64(low)),
                hasZone: flags & hasZoneFlag != 0)
        }
        for _ in 0..<(try reader.byte()) { source.assets.append(try text(&reader, texts)) }
        for _ in 0..<(try reader.short()) { source.reads.append(try text(&reader, texts)) }
        return (source, flags & isProvisionalFlag != 0)
    }

    private static func slots(
        _ reader: inout ByteReader, _ texts: [String]
    ) throws(ReleaseError) -> SlotTable? {
        let flags = try reader.byte()
        guard flags & ~(isSlottedFlag | hasBrotliFlag | takesTailFlag) == 0 else {
            throw .manifestInvalid(reason: "the slots have unknown flags")
        }
        guard flags & isSlottedFlag != 0 else { return nil }
        let (count, tailCount) = (Int(try reader.byte()), Int(try reader.byte()))
        let length = try reader.word()
        let crc = try reader.word()
        var geometry: [SlotGeometry] = []
        var identity: [Range<UInt32>] = []
        var start: UInt32 = 0
        for _ in 0..<count {
            let (position, capacity) = (try reader.word(), try reader.word())
            let fallbackCRC = try reader.word()
            guard let form = SlotForm(rawValue: try reader.byte()) else {
                throw .manifestInvalid(reason: "a form of slot is unknown")
            }
            let slot = SlotGeometry(
                start: position, capacity: capacity, fallbackCRC: fallbackCRC, form: form)
            // A slot out of order is refused by `SlottedLayout.validate`; here it must not trap.
            identity.append(start..<max(start, slot.start))
            start = slot.start &+ slot.capacity
            geometry.append(slot)
        }
        var bindings: [SlotBinding] = []
        for _ in 0..<(count + tailCount) { bindings.append(try binding(&reader, texts)) }
        identity.append(start..<max(start, length))
        let gzip = try runs(&reader, count: count + 1)
        let brotli =
            flags & hasBrotliFlag != 0 ? try runs(&reader, count: count + 1) : nil
        let layout = SlottedLayout(
            length: length, crcOfBlank: crc, slots: geometry, identity: identity, gzip: gzip,
            brotli: brotli, takesTail: flags & takesTailFlag != 0)
        return SlotTable(layout: layout, bindings: bindings)
    }

    private static func binding(
        _ reader: inout ByteReader, _ texts: [String]
    ) throws(ReleaseError) -> SlotBinding {
        let name = try text(&reader, texts)
        let key = try reader.text()
        let cookie = try reader.word()
        guard cookie == noText || cookie < texts.count else {
            throw .manifestInvalid(reason: "a text is missing")
        }
        return SlotBinding(
            name: name, key: key,
            scope: cookie == noText ? .shared : .perVisitor(cookie: texts[Int(cookie)]))
    }

    private static func runs(
        _ reader: inout ByteReader, count: Int
    ) throws(ReleaseError) -> [Range<UInt32>] {
        var runs: [Range<UInt32>] = []
        for _ in 0..<count {
            let (lower, upper) = (try reader.word(), try reader.word())
            guard lower <= upper else { throw .manifestInvalid(reason: "a range is reversed") }
            runs.append(lower..<upper)
        }
        return runs
    }

    private static func text(
        _ reader: inout ByteReader, _ texts: [String]
    ) throws(ReleaseError) -> String {
        let index = try reader.word()
        guard index < texts.count else { throw .manifestInvalid(reason: "a text is missing") }
        return texts[Int(index)]
    }
}
