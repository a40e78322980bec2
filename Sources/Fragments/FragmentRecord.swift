// A fragment as it lies in Redis: its HTML, its compressed runs, and what proves them whole.
//
// Compressing belongs to whoever publishes, so that the server compresses nothing. The format is
// docs/fragment-records.md, byte for byte; each record has exactly one encoding. A value that does
// not begin with the magic is no damaged record but a plain string of HTML, which any program may
// write. Decoding proves the HTML, not the runs: `PreparedFragment(_:runs:)` does that.

package import ContentEncoding
import Hashing

/// A fragment with its compressed forms and its end.
package struct FragmentRecord: Equatable, Sendable {
    /// The fragment's HTML.
    package let html: [UInt8]
    /// Its compressed forms; they come from whoever wrote the record and are not verified here.
    package let runs: FragmentRuns
    /// When it ends, in milliseconds since 1970 (UTC); 0 for never.
    package let expiry: UInt64
    /// The first 16 bytes of the SHA-256 of the HTML.
    package let contentHash: [UInt8]

    /// What every record begins with, and no HTML: a NUL, then `sgf1`.
    package static let magic: [UInt8] = [0x00, 0x73, 0x67, 0x66, 0x31]
    /// The bytes before the HTML.
    package static let headerBytes = 39
    private static let version: UInt8 = 1
    private static let hashBytes = 16

    /// A record of runs that were made before; an empty run counts as none.
    ///
    /// - Throws: `.tooLarge` if a part exceeds `FragmentLimits`.
    package init(
        _ html: [UInt8], runs: FragmentRuns, expiry: UInt64 = 0
    ) throws(FragmentRecordError) {
        let deflate = runs.deflate?.isEmpty == true ? nil : runs.deflate
        let brotli = runs.brotli?.isEmpty == true ? nil : runs.brotli
        guard html.count <= FragmentLimits.bytesMax,
            max(deflate?.count ?? 0, brotli?.count ?? 0) <= FragmentLimits.runBytesMax
        else { throw .tooLarge }
        self.init(
            html, FragmentRuns(deflate: deflate, brotli: brotli), expiry,
            contentHash: Self.contentHash(of: html))
    }

    private init(
        _ html: [UInt8], _ runs: FragmentRuns, _ expiry: UInt64, contentHash: [UInt8]
    ) {
        self.html = html
        self.runs = runs
        self.expiry = expiry
        self.contentHash = contentHash
    }

    /// Whether a value claims to be a record; any other is a plain string of HTML.
    package static func isRecord(_ value: [UInt8]) -> Bool { value.starts(with: magic) }

    /// The version of a fragment's content: the first 16 bytes of the SHA-256 of its HTML.
    package static func contentHash(of html: [UInt8]) -> [UInt8] {
        Array(SHA256Digest(of: html).bytes.prefix(hashBytes))
    }

    /// Reads a record and proves its HTML by checksum and hash.
    ///
    /// - Throws: for everything but the encoding of a record, whatever the bytes are.
    package init(decoding value: [UInt8]) throws(FragmentRecordError) {
        guard Self.isRecord(value) else { throw .notARecord }
        guard value.count <= FragmentLimits.valueBytesMax else { throw .tooLarge }
        var reader = RecordReader(value, at: Self.magic.count)
        guard try reader.integer(bytes: 1) == Self.version else { throw .unknownVersion }
        let flags = RecordFlags(rawValue: UInt8(try reader.integer(bytes: 1)))
        guard flags.isSubset(of: .all) else { throw .unknownFlags }
        let contentHash = try reader.bytes(Self.hashBytes)
        let expiry = try reader.integer(bytes: 8)
        let checksum = try reader.integer(bytes: 4)
        let html = try reader.block(limit: FragmentLimits.bytesMax)
        let deflate = flags.contains(.deflate) ? try reader.run() : nil
        let brotli = flags.contains(.brotli) ? try reader.run() : nil
        guard reader.isAtEnd else { throw .trailingBytes }
        guard UInt64(Checksum.crc32(html.span)) == checksum,
            Self.contentHash(of: html) == contentHash
        else { throw .damaged }
        self.init(
            html, FragmentRuns(deflate: deflate, brotli: brotli), expiry,
            contentHash: contentHash)
    }

    /// The record's bytes; the same for equal records.
    package var encoded: [UInt8] {
        var flags: RecordFlags = []
        if runs.deflate != nil { flags.insert(.deflate) }
        if runs.brotli != nil { flags.insert(.brotli) }
        var bytes = Self.magic + [Self.version, flags.rawValue] + contentHash
        bytes.reserveCapacity(
            Self.headerBytes + html.count + 8 + (runs.deflate?.count ?? 0)
                + (runs.brotli?.count ?? 0))
        Self.append(expiry, bytes: 8, to: &bytes)
        Self.append(UInt64(Checksum.crc32(html.span)), bytes: 4, to: &bytes)
        for block in [html, runs.deflate, runs.brotli] {
            guard let block else { continue }
            Self.append(UInt64(block.count), bytes: 4, to: &bytes)
            bytes += block
        }
        return bytes
    }

    private static func append(_ value: UInt64, bytes count: Int, to bytes: inout [UInt8]) {
        for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
}

/// Why a value is no record that can be used.
package enum FragmentRecordError: Error, Hashable, Sendable {
    /// It does not begin with the magic.
    case notARecord
    /// It ends before its last part does.
    case truncated
    /// It was written in a version that this program does not know.
    case unknownVersion
    /// A flag is set that this version does not define.
    case unknownFlags
    /// A part is larger than `FragmentLimits` allows.
    case tooLarge
    /// A compressed run is said to be there and has no bytes.
    case emptyRun
    /// Bytes follow the last part.
    case trailingBytes
    /// The HTML does not have the record's checksum and hash.
    case damaged
}

extension FragmentRecordError: CustomStringConvertible {
    /// What is wrong and what to change; never the value's bytes.
    package var description: String {
        switch self {
        case .notARecord: "It is no fragment record; begin it with the magic."
        case .truncated: "The record ends too early; write it whole."
        case .unknownVersion: "The record has another version; publish with this sitegen."
        case .unknownFlags: "The record has unknown flags; publish with this sitegen."
        case .tooLarge:
            "The record has a part beyond \(FragmentLimits.bytesMax) bytes; write less."
        case .emptyRun: "The record has an empty run; leave out its flag and its length."
        case .trailingBytes: "Bytes follow the record; write its lengths as they are."
        case .damaged: "The record's checksum or hash is not that of its HTML; publish it again."
        }
    }
}

/// Which compressed runs follow the HTML.
private struct RecordFlags: OptionSet {
    let rawValue: UInt8

    static let deflate = RecordFlags(rawValue: 1)
    static let brotli = RecordFlags(rawValue: 2)
    static let all: RecordFlags = [.deflate, .brotli]
}

/// Reads a record's parts in order, never past its end.
private struct RecordReader {
    private let value: [UInt8]
    private var at: Int

    init(_ value: [UInt8], at start: Int) {
        self.value = value
        at = start
    }

    var isAtEnd: Bool { at == value.count }

    mutating func bytes(_ count: Int) throws(FragmentRecordError) -> [UInt8] {
        guard count <= value.count - at else { throw .truncated }
        defer { at += count }
        return Array(value[at..<(at + count)])
    }

    /// An unsigned integer, the lowest byte first.
    mutating func integer(bytes count: Int) throws(FragmentRecordError) -> UInt64 {
        try bytes(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Bytes behind their length.
    mutating func block(limit: Int) throws(FragmentRecordError) -> [UInt8] {
        let count = try integer(bytes: 4)
        guard count <= UInt64(limit) else { throw .tooLarge }
        return try bytes(Int(count))
    }

    /// A compressed run, which has at least one byte.
    mutating func run() throws(FragmentRecordError) -> [UInt8] {
        let run = try block(limit: FragmentLimits.runBytesMax)
        guard !run.isEmpty else { throw .emptyRun }
        return run
    }
}
