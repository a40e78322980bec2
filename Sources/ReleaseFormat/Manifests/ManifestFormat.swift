// The bytes of a segment of a manifest, read.
//
//   "SITEGENS"  version:4  texts:4  blocks:4  entries:4
//   texts   each: length:4, UTF-8                           sorted, each once
//   blocks  each: fields:2, then name:4 value:4 (texts)     sorted, each once
//   table   the position of each record: 4 bytes each
//   records sorted by path; see `RecordFields.swift`
//
// A segment has no digest of its own: it is stored under that of its bytes.

/// The format of segments, version 4.
enum ManifestFormat {
    static let magic = Array("SITEGENS".utf8)
    static let version: UInt32 = 4
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

    private static func text(
        _ reader: inout ByteReader, _ texts: [String]
    ) throws(ReleaseError) -> String {
        let index = try reader.word()
        guard index < texts.count else { throw .manifestInvalid(reason: "a text is missing") }
        return texts[Int(index)]
    }
}
