// A fragment compressed once, apart from every page, for splicing anywhere.
//
// Compressing belongs to whoever publishes a fragment, or to the first meeting with it; never to a
// request. A brotli run must mean the same wherever it stands, so it may not use brotli's
// dictionary, whose addresses depend on the position: the encoder gives up looking there after
// some hundred bytes that have nothing in it, which is what the primer is for.

/// The compressed forms of one fragment; nil is a form that raw bytes are no longer than.
package struct FragmentRuns: Sendable, Equatable {
    /// Deflate blocks that end at a byte boundary.
    package let deflate: [UInt8]?
    /// Brotli metablocks that end at a byte boundary.
    package let brotli: [UInt8]?

    /// No compressed form: everything is sent raw.
    package static let none = FragmentRuns(deflate: nil, brotli: nil)

    /// Takes runs made elsewhere; whoever uses them checks that they decode to the fragment.
    package init(deflate: [UInt8]?, brotli: [UInt8]?) {
        self.deflate = deflate
        self.brotli = brotli
    }

    /// Compresses a fragment for inline slots, with the `<!--` that opens its pad.
    ///
    /// Costs about 100 µs; the result depends on the bytes alone.
    package init(compressing html: [UInt8]) throws(EncodingError) {
        try self.init(of: html + Padding.open)
    }

    init(of bytes: [UInt8]) throws(EncodingError) {
        deflate = try Self.deflated(bytes)
        brotli = try Self.brotli(bytes)
    }

    /// Checks that both runs decode to the bytes, at more than one position.
    func check(decodeTo bytes: [UInt8]) throws(EncodingError) {
        if let deflate {
            var file = Gzip.header + deflate + [3, 0]
            Gzip.appendTrailer(crc: Checksum.crc32(bytes.span), length: bytes.count, to: &file)
            guard let decoded = try? Gzip.decompress(file, limit: bytes.count), decoded == bytes
            else { throw .runMismatch(.gzip) }
        }
        guard let brotli else { return }
        for before in Self.positions {
            let decoded = try? Brotli.decompress(
                Self.stream(brotli, behind: before), limit: before + bytes.count)
            guard let decoded, decoded.dropFirst(before).elementsEqual(bytes) else {
                throw .runMismatch(.brotli)
            }
        }
    }

    /// A whole stream with a run behind as many other bytes, in the smallest window of any page.
    static func stream(_ run: [UInt8], behind count: Int) -> [UInt8] {
        var stream: [UInt8] = []
        BrotliBlocks.streamHeader(window: windowBits).append(to: &stream)
        if count > 0 {
            BrotliBlocks.rawHeader(count).append(to: &stream)
            stream += [UInt8](repeating: 0x2E, count: count)
        }
        return stream + run + [BrotliBlocks.end]
    }

    /// The window of the smallest page, which no run may reach beyond.
    private static let windowBits = 16
    /// A run that uses what stands before it, or the dictionary, differs between any two.
    private static let positions = [0, 333]
    /// Far from the start, so that the encoder writes no stream header.
    private static let streamOffset: UInt32 = 1 << 20
    private static let quality = 5
    /// Below this, no run is ever shorter than the raw bytes.
    private static let bytesMin = 32

    /// Text without any word or repetition.
    ///
    /// Not in ascending order: a dictionary word has that.
    private static let primer: [UInt8] = {
        var random = SplitMix64(seed: 1)
        let symbols = Array(UInt8(0x01)...0x08) + Array(UInt8(0x0E)...0x1F) + [0x0B, 0x7F]
        return DistinctPairs.walk(symbols.shuffled(using: &random), count: 512)
    }()

    private static func deflated(_ bytes: [UInt8]) throws(EncodingError) -> [UInt8]? {
        guard bytes.count >= bytesMin else { return nil }
        var run: [UInt8] = []
        var stream = try DeflateStream(level: 9)
        try stream.write(bytes[...], .sync, to: &run)
        return run.count < bytes.count + 5 * StoredBlock.blocks(bytes.count) ? run : nil
    }

    private static func brotli(_ bytes: [UInt8]) throws(EncodingError) -> [UInt8]? {
        guard bytes.count >= bytesMin else { return nil }
        var stream = try BrotliStream(
            quality: quality, window: windowBits, offset: streamOffset)
        try stream.skip(primer[...])
        // The first two bytes are the context of the rest, so they are sent as they are.
        var run: [UInt8] = []
        BrotliBlocks.rawHeader(2).append(to: &run)
        run += bytes[..<2]
        try stream.skip(bytes[..<2])
        try stream.write(bytes[2...], to: &run)
        let raw = bytes.count + BrotliBlocks.rawHeaderCount(bytes.count)
        guard run.count < raw else { return nil }
        let made = FragmentRuns(deflate: nil, brotli: run)
        // Text that looks like the primer would refer to it; such a fragment stays raw.
        do { try made.check(decodeTo: bytes) } catch { return nil }
        return run
    }
}

/// Deflate blocks of bytes as they are (RFC 1951 section 3.2.4).
enum StoredBlock {
    /// The most bytes of one block.
    static let bytesMax = 65_535
    /// The bytes of its header, at a byte boundary.
    static let headerCount = 5

    /// How many blocks hold as many bytes.
    static func blocks(_ count: Int) -> Int { (count + bytesMax - 1) / bytesMax }

    /// The header of one block.
    static func header(_ count: Int) -> BitRun {
        var bits = BitRun()
        bits.append(0, 8)
        bits.append(count, 16)
        bits.append(~count & 0xFFFF, 16)
        return bits
    }
}
