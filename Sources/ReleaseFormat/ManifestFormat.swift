// The bytes of a manifest, read.
//
//   "SITEGENM"  version:4  flags:4  texts:4  blocks:4  entries:4
//   texts   each: length:4, UTF-8                           sorted, each once
//   blocks  each: fields:2, then name:4 value:4 (texts)     sorted, each once
//   table   the position of each record: 4 bytes each
//   records sorted by path; see `record`
//   SHA-256 of everything before it

import ContentEncoding
import Hashing

/// The format of manifest files, version 2.
enum ManifestFormat {
    static let magic = Array("SITEGENM".utf8)
    static let version: UInt32 = 2
    static let treeFlag: UInt32 = 1
    /// The flags' second byte is the recipe.
    static let recipeShift: UInt32 = 8
    /// The flags before a record's slots: it has a table; brotli runs; a tail.
    static let isSlottedFlag: UInt8 = 1
    static let hasBrotliFlag: UInt8 = 2
    static let takesTailFlag: UInt8 = 4
    /// In place of a text: there is none.
    static let noText = UInt32.max

    /// The numbers at the start of a manifest.
    struct Header {
        let hasTree: Bool
        let recipe: UInt8
        let texts: Int
        let blocks: Int
        let entries: Int
        let digest: SHA256Digest
    }

    /// Checks the digest at the end; reads from the start up to it.
    static func body(of bytes: [UInt8]) throws(ReleaseError) -> ByteReader {
        let end = bytes.count - SHA256Digest.byteCount
        guard end >= 0, bytes.count <= ReleaseLimits.manifestBytesMax else {
            throw .manifestInvalid(reason: "its length is not that of a manifest")
        }
        var hasher = SHA256Hasher()
        hasher.update(bytes[..<end])
        guard SHA256Digest(bytes: bytes[end...]) == hasher.finish() else {
            throw .manifestInvalid(reason: "its digest is wrong, so it is damaged or cut short")
        }
        return ByteReader(bytes, 0..<end)
    }

    static func header(_ reader: inout ByteReader) throws(ReleaseError) -> Header {
        for byte in magic {
            guard try reader.byte() == byte else {
                throw .manifestInvalid(reason: "it is another kind of file")
            }
        }
        let version = try reader.word()
        guard version == Self.version else {
            throw .manifestInvalid(reason: "it has version \(version), not \(Self.version)")
        }
        let flags = try reader.word()
        guard flags & ~(treeFlag | UInt32(UInt8.max) << recipeShift) == 0 else {
            throw .manifestInvalid(reason: "it has unknown flags")
        }
        let (texts, blocks, entries) = (try reader.word(), try reader.word(), try reader.word())
        // Each text takes 4 bytes at least, each block 2, each entry more: a count beyond what is
        // left is refused before anything of that size is allocated.
        guard Int(texts) <= reader.left / 4, Int(blocks) <= reader.left / 2,
            Int(entries) <= reader.left / 4, Int(entries) <= ReleaseLimits.entriesMax
        else { throw .manifestInvalid(reason: "its counts are larger than the file") }
        var end = ByteReader(reader.bytes, reader.end..<reader.bytes.count)
        return Header(
            hasTree: flags & treeFlag != 0,
            recipe: UInt8(truncatingIfNeeded: flags >> recipeShift), texts: Int(texts),
            blocks: Int(blocks),
            entries: Int(entries), digest: try end.digest())
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
        let view = try text(&reader, texts)
        let source = EntrySource(view: view, key: try reader.text())
        let slots = try slots(&reader, texts)
        return Entry(
            path: path, kind: kind, contentType: contentType, cachePolicy: policy,
            headers: blocks[Int(block)], representations: forms, slots: slots, source: source,
            digest: digest)
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
