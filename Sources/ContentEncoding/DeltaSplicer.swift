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
            if coding == .brotli, let run = fill.runs.brotli {
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
