// A fragment that is sent behind the page and moved into place by the browser.
//
// The page holds `<?start name="x">fallback<?end>`; a later `<template for="x">` replaces it where
// the browser knows how, and where not, the fallback stays. Any length, any number, and the page
// itself can be sent before the fragment is known.

/// A `<template for=…>` made ready once, for the end of any page.
package struct TailFragment: Sendable, Equatable {
    /// The whole element.
    let bytes: [UInt8]
    private let runs: FragmentRuns
    /// Its CRC-32, and the operator that moves a CRC past it.
    let crc: UInt32
    let shift: UInt32

    /// Wraps a fragment's HTML, in UTF-8 and trusted as it is, to be sent raw.
    ///
    /// - Parameters:
    ///   - html: at most `EncodingLimits.tailBytesMax` with its wrapping.
    ///   - name: the place in the page; letters, digits, `-` and `_`.
    ///   - runs: of `compressed(_:for:)`; they are decoded and compared.
    /// - Throws: `.fragmentTooLarge`, `.tailNameInvalid`, `.unbalancedComment`, `.runMismatch`.
    package init(
        _ html: [UInt8], for name: String, runs: FragmentRuns = .none
    ) throws(EncodingError) {
        let bytes = try Self.wrapped(html, for: name)
        try runs.check(decodeTo: bytes)
        self.bytes = bytes
        self.runs = runs
        crc = Checksum.crc32(bytes.span)
        shift = Checksum.shift(over: bytes.count)
    }

    /// Compresses the element that a fragment becomes: once, never for each request.
    package static func compressed(
        _ html: [UInt8], for name: String
    ) throws(EncodingError) -> FragmentRuns {
        try FragmentRuns(of: wrapped(html, for: name))
    }

    /// The length of the whole element in one coding, in bytes.
    package func count(_ coding: Coding) -> Int {
        switch coding {
        case .identity: bytes.count
        case .gzip:
            runs.deflate?.count
                ?? bytes.count + StoredBlock.headerCount * StoredBlock.blocks(bytes.count)
        case .brotli:
            runs.brotli?.count ?? bytes.count + BrotliBlocks.rawHeaderCount(bytes.count)
        }
    }

    /// Emits the whole element in one coding, in pieces.
    func emit(_ coding: Coding, to emit: (Span<UInt8>) -> Void) {
        switch coding {
        case .identity: emit(bytes.span)
        case .gzip:
            if let run = runs.deflate { return emit(run.span) }
            for start in stride(from: 0, to: bytes.count, by: StoredBlock.bytesMax) {
                let end = min(bytes.count, start + StoredBlock.bytesMax)
                StoredBlock.header(end - start).emit(to: emit)
                emit(bytes.span.extracting(start..<end))
            }
        case .brotli:
            if let run = runs.brotli { return emit(run.span) }
            BrotliBlocks.rawHeader(bytes.count).emit(to: emit)
            emit(bytes.span)
        }
    }

    private static func wrapped(
        _ html: [UInt8], for name: String
    ) throws(EncodingError) -> [UInt8] {
        let isPlain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        guard isPlain, !name.isEmpty else { throw .tailNameInvalid }
        guard !CommentScan.leavesCommentOpen(html) else { throw .unbalancedComment }
        let bytes = Array("<template for=\"\(name)\">".utf8) + html + Array("</template>".utf8)
        guard bytes.count <= EncodingLimits.tailBytesMax else {
            throw .fragmentTooLarge(bytes: bytes.count, limit: EncodingLimits.tailBytesMax)
        }
        return bytes
    }
}
