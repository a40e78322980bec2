// A page for a client that holds its stored form as a dictionary: copy commands and fragments.
//
// The dictionary is the identity file, fallbacks and all (RFC 9842). Static text is copied from it,
// an unfilled slot with its pad, so only filled slots cost bytes. They need no fixed length here: a
// fragment is followed by `<!--` and the text's own `-->`, or by nothing in other forms.

/// How a delta is coded.
package enum DeltaCoding: Sendable, CaseIterable {
    /// Dictionary-compressed brotli.
    case brotli
    /// Dictionary-compressed zstd.
    case zstandard

    /// The token of `Content-Encoding` and `Accept-Encoding`.
    package var token: String { self == .brotli ? "dcb" : "dcz" }
}

/// Writes deltas of one page against its own identity file.
package struct DeltaSplicer: Sendable {
    /// The page's constant parts.
    package let layout: SlottedLayout
    /// SHA-256 of the dictionary.
    private let digest: [UInt8]

    /// Prepares deltas of a page; nil if it has more than half of `EncodingLimits.deltaMax`.
    ///
    /// - Parameters:
    ///   - layout: one that passed `SlottedLayout.validate`.
    ///   - digest: the SHA-256 of the identity file, 32 bytes.
    package init?(_ layout: SlottedLayout, dictionaryDigest digest: [UInt8]) {
        precondition(digest.count == 32, "a SHA-256 has 32 bytes")
        guard Int(layout.length) <= EncodingLimits.deltaMax / 2 else { return nil }
        self.layout = layout
        self.digest = digest
    }

    /// The exact number of bytes that `splice` will emit for the same arguments.
    package func splicedLength(
        _ coding: DeltaCoding, dictionary: Span<UInt8>, fills: [PreparedFragment?],
        tail: [TailFragment] = []
    ) -> Int {
        var length = 0
        splice(coding, dictionary: dictionary, fills: fills, tail: tail) { length += $0.count }
        return length
    }

    /// Emits the page in pieces, in order.
    ///
    /// The decoded page is the one of `Splicer` without the spaces of filled slots. The pieces are
    /// borrowed. Allocates nothing.
    ///
    /// - Parameters:
    ///   - coding: brotli or zstd.
    ///   - dictionary: the whole identity file.
    ///   - fills: one for each slot; nil copies the fallback.
    ///   - tail: what follows the page, in this order.
    ///   - emit: takes one piece of the answer, never empty.
    /// - Precondition: each fill fits its slot.
    package func splice(
        _ coding: DeltaCoding, dictionary: Span<UInt8>, fills: [PreparedFragment?],
        tail: [TailFragment] = [], emit: (Span<UInt8>) -> Void
    ) {
        precondition(fills.count == layout.slots.count, "a splice has one fill for each slot")
        precondition(dictionary.count == Int(layout.length), "the dictionary is the page")
        emitHeader(coding, emit)
        var writer = DeltaWriter(coding: coding, position: 0)
        var start = 0
        for (slot, fill) in zip(layout.slots, fills) {
            guard let fill else { continue }
            precondition(fill.fits(slot), "a fragment fits its slot")
            writer.copy(start..<Int(slot.start), of: dictionary, emit)
            if coding == .brotli, slot.form == .comment, let run = fill.runs.brotli {
                emit(run.span)
                writer.position += fill.bytes.count
            } else {
                writer.raw(fill.bytes.span.extracting(first: slot.shownCount(fill)), emit)
            }
            start = Int(slot.start + slot.capacity)
        }
        writer.copy(start..<dictionary.count, of: dictionary, emit)
        for fragment in tail { fragment.emit(coding, to: emit) }
        var end = BitRun()
        if coding == .brotli {
            end.append(Int(BrotliBlocks.end), 8)
        } else {
            end.append(ZstandardBlocks.emptyLast, 24)
        }
        end.emit(to: emit)
    }

    /// The magic number, the dictionary's digest, and the header of the stream.
    private func emitHeader(_ coding: DeltaCoding, _ emit: (Span<UInt8>) -> Void) {
        var magic = BitRun()
        if coding == .brotli {
            magic.append(0x4243_44FF, 32)
        } else {
            magic.append(0x184D_2A5E, 32)  // a skippable frame
            magic.append(32, 32)
        }
        magic.emit(to: emit)
        emit(digest.span)
        if coding == .brotli {
            BrotliBlocks.streamHeader(window: 22).emit(to: emit)
        } else {
            ZstandardBlocks.frameHeader.emit(to: emit)
        }
    }
}

/// Writes the blocks of one delta and counts what they make.
private struct DeltaWriter {
    let coding: DeltaCoding
    /// The decoded bytes so far.
    var position: Int

    /// What costs less as it is than as a copy command.
    private static let copyMin = 16

    /// Copies a range of the dictionary.
    mutating func copy(
        _ range: Range<Int>, of dictionary: Span<UInt8>, _ emit: (Span<UInt8>) -> Void
    ) {
        let most = coding == .brotli ? BrotliBlocks.copyMax : ZstandardBlocks.blockMax
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(range.upperBound, start + most)
            if end - start < Self.copyMin {
                raw(dictionary.extracting(start..<end), emit)
            } else {
                let distance = position + dictionary.count - start
                if coding == .brotli {
                    BrotliBlocks.copy(length: end - start, distance: distance).emit(to: emit)
                } else {
                    ZstandardBlocks.copy(length: end - start, distance: distance).emit(to: emit)
                }
                position += end - start
            }
            start = end
        }
    }

    /// Writes bytes as they are; at most 65,536.
    mutating func raw(_ bytes: Span<UInt8>, _ emit: (Span<UInt8>) -> Void) {
        guard !bytes.isEmpty else { return }
        if coding == .brotli {
            BrotliBlocks.rawHeader(bytes.count).emit(to: emit)
        } else {
            ZstandardBlocks.rawHeader(bytes.count).emit(to: emit)
        }
        emit(bytes)
        position += bytes.count
    }
}
