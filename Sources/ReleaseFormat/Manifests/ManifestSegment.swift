// A part of a manifest: some neighbouring paths of a release, as a server holds them.
//
// It is the file's bytes and one hash table of 32-bit numbers: entries are made from the bytes
// when asked for. Everything is checked once, at load; after that nothing here fails. It opens
// no file.

import ContentEncoding
import Hashing

/// Entries whose paths are neighbours.
struct ManifestSegment: Sendable {
    /// The bytes of the file, exactly.
    let bytes: [UInt8]
    /// The digest of the bytes, which is the segment's name.
    let digest: BlobID
    /// The number of entries, at least 1; their indices are 0 up to this.
    let count: Int
    /// Every different header block, each once.
    let headerBlocks: [HeaderBlock]
    /// The index of the page for paths that do not exist.
    let notFound: Int?

    let texts: [String]
    /// Where the table of record positions begins.
    private let table: Int
    private let paths: PathTable

    /// Reads a segment, and checks all of it.
    ///
    /// - Throws: `.manifestInvalid` whatever is wrong with the bytes; never traps.
    init(bytes: [UInt8]) throws(ReleaseError) {
        guard bytes.count <= ReleaseLimits.segmentBytesMax else {
            throw .manifestInvalid(reason: "a segment is longer than its limit")
        }
        var reader = ByteReader(bytes, 0..<bytes.count)
        let header = try ManifestFormat.header(&reader)
        guard header.entries > 0 else { throw .manifestInvalid(reason: "a segment is empty") }
        let texts = try ManifestFormat.texts(&reader, count: header.texts)
        let blocks = try ManifestFormat.blocks(&reader, count: header.blocks, texts: texts)
        let table = try reader.take(4 * header.entries)
        self.bytes = bytes
        self.texts = texts
        self.table = table
        digest = BlobID(of: bytes)
        headerBlocks = blocks
        count = header.entries
        let (paths, notFound) = try Self.checkedPaths(
            bytes, records: reader.position..<reader.end, table: table, count: header.entries,
            texts: texts, blocks: blocks)
        self.paths = paths
        self.notFound = notFound
    }

    /// Takes the bytes of a segment that was checked before: what is in its records is believed.
    ///
    /// - Throws: `.manifestInvalid` if what stands before the records is wrong.
    init(checked bytes: [UInt8], digest: BlobID) throws(ReleaseError) {
        var reader = ByteReader(bytes, 0..<bytes.count)
        let header = try ManifestFormat.header(&reader)
        texts = try ManifestFormat.texts(&reader, count: header.texts)
        headerBlocks = try ManifestFormat.blocks(&reader, count: header.blocks, texts: texts)
        table = try reader.take(4 * header.entries)
        self.bytes = bytes
        self.digest = digest
        count = header.entries
        var paths = PathTable(count: count)
        var notFound: Int?
        for index in 0..<count {
            let start = Self.position(ofRecord: index, in: bytes, table: table)
            let head = RecordHead(at: start, in: bytes)
            paths.insert(index, path: bytes[head.path])
            if head.isNotFound(in: bytes) { notFound = index }
        }
        self.paths = paths
        self.notFound = notFound
    }

    /// What a root says of it.
    var reference: ManifestRoot.Reference {
        ManifestRoot.Reference(count: count, length: bytes.count, digest: digest)
    }

    /// The path of the first entry.
    var firstPath: [UInt8] { Array(path(at: 0)) }

    /// The path of the last entry.
    var lastPath: [UInt8] { Array(path(at: count - 1)) }

    /// The path of an entry.
    func path(at index: Int) -> ArraySlice<UInt8> {
        bytes[RecordHead(at: position(ofRecord: index), in: bytes).path]
    }

    /// The index of the entry at a decoded path; nil when there is none.
    func index(ofPath path: Span<UInt8>) -> Int? {
        paths.index(of: path, in: bytes) { position(ofRecord: $0) }
    }

    /// The entry at an index; entries are in the order of their paths' bytes.
    ///
    /// - Precondition: `index` is in `0..<count`.
    func entry(at index: Int) -> Entry {
        precondition((0..<count).contains(index), "an entry's index is less than the count")
        var reader = RecordReader(
            bytes, position(ofRecord: index)..<bytes.count, texts: texts, blocks: headerBlocks)
        do throws(ReleaseError) {
            return try reader.entry()
        } catch {
            preconditionFailure("every record was read when the manifest was loaded")
        }
    }

    func position(ofRecord index: Int) -> Int {
        Self.position(ofRecord: index, in: bytes, table: table)
    }

    private static func position(ofRecord index: Int, in bytes: [UInt8], table: Int) -> Int {
        RecordSkimmer.word(bytes, at: table + 4 * index)
    }

    /// Reads every record once: they fill the rest of the body, in order, each as it should be.
    private static func checkedPaths(
        _ bytes: [UInt8], records: Range<Int>, table: Int, count: Int, texts: [String],
        blocks: [HeaderBlock]
    ) throws(ReleaseError) -> (PathTable, Int?) {
        var reader = RecordReader(bytes, records, texts: texts, blocks: blocks)
        var paths = PathTable(count: count)
        var notFound: Int?
        var last: Range<Int>?
        for index in 0..<count {
            let start = reader.position
            guard position(ofRecord: index, in: bytes, table: table) == start else {
                throw .manifestInvalid(reason: "a record is not where the table says")
            }
            let entry: Entry
            do throws(ReleaseError) {
                entry = try reader.entry()
                try entry.check()
            } catch .manifestInvalid(let reason) {
                throw .manifestInvalid(reason: reason)
            } catch {
                throw .manifestInvalid(reason: "an entry breaks a rule")
            }
            let path = RecordHead(at: start, in: bytes).path
            if let last, !bytes[last].lexicographicallyPrecedes(bytes[path]) {
                throw .manifestInvalid(reason: "the paths are not in order")
            }
            last = path
            if entry.kind == .notFound {
                guard notFound == nil else {
                    throw .manifestInvalid(reason: "two entries are for missing paths")
                }
                notFound = index
            }
            paths.insert(index, path: bytes[path])
        }
        guard reader.left == 0 else {
            throw .manifestInvalid(reason: "bytes follow the last record")
        }
        return (paths, notFound)
    }
}
