// Puts fragments into a stored page by copying: nothing is compressed or decompressed.
//
// One splicer serves both halves: the build checks its files with the code that will serve them.
// A fill of nil means the stored fallback. It never waits and never fails: what does not fit is
// the caller's to replace by nil beforehand (`PreparedFragment.fits`).

/// Splices fragments into the files of one page.
package struct Splicer: Sendable {
    /// The page's constant parts.
    package let layout: SlottedLayout
    /// For each slot, the CRC operator that moves past everything behind the slot.
    private let toEnd: [UInt32]

    /// Prepares the constants of a page: about 150 ns for each slot.
    ///
    /// - Precondition: the layout passed `SlottedLayout.validate`.
    package init(_ layout: SlottedLayout) {
        self.layout = layout
        toEnd = layout.slots.map { slot in
            Checksum.shift(over: Int(layout.length - slot.start - slot.capacity))
        }
    }

    /// The exact number of bytes that `splice` will emit for the same arguments.
    package func splicedLength(
        _ coding: Coding, fileLength: Int, fills: [PreparedFragment?], tail: [TailFragment] = []
    ) -> Int {
        var length = tail.reduce(fileLength) { $0 + $1.count(coding) }
        guard coding != .identity, let runs = layout.runs(coding) else { return length }
        for (index, fill) in fills.enumerated() {
            guard let fill else { continue }
            length -= Int(runs[index + 1].lowerBound - runs[index].upperBound)
            length += layout.slots[index].filledCount(fill, coding)
        }
        return length
    }

    /// Emits the page with its slots filled, in pieces, in order.
    ///
    /// The pieces are borrowed: copy or send them before the closure returns. Allocates nothing.
    ///
    /// - Parameters:
    ///   - coding: brotli only if the layout has runs of it, or there is nothing to fill.
    ///   - file: the whole stored file of that coding.
    ///   - fills: one for each slot, in page order; nil leaves the fallback as it is stored.
    ///   - tail: what follows the page, in this order.
    ///   - emit: takes one piece of the answer, never empty.
    /// - Precondition: each fill fits its slot; without `takesTail`, there is no tail.
    package func splice(
        _ coding: Coding, file: Span<UInt8>, fills: [PreparedFragment?],
        tail: [TailFragment] = [], emit: (Span<UInt8>) -> Void
    ) {
        precondition(fills.count == layout.slots.count, "a splice has one fill for each slot")
        precondition(tail.isEmpty || layout.takesTail, "the page takes a tail")
        guard !tail.isEmpty || fills.contains(where: { $0 != nil }) else {
            if !file.isEmpty { emit(file) }
            return
        }
        guard let runs = layout.runs(coding), let last = runs.last else {
            preconditionFailure("a brotli file without runs is sent as it is stored")
        }
        precondition(
            file.count == Int(last.upperBound) + layout.endCount(coding),
            "the file is the one of this layout")
        var position = 0
        for (index, fill) in fills.enumerated() {
            guard let fill else { continue }
            precondition(fill.fits(layout.slots[index]), "a fragment fits its slot")
            let end = Int(runs[index].upperBound)
            if end > position { emit(file.extracting(position..<end)) }
            layout.slots[index].emit(fill, coding, to: emit)
            position = Int(runs[index + 1].lowerBound)
        }
        let end = Int(last.upperBound)
        if end > position { emit(file.extracting(position..<end)) }
        for fragment in tail { fragment.emit(coding, to: emit) }
        switch coding {
        case .identity: break
        case .gzip: emitGzipEnd(fills, tail, emit)
        case .brotli: emit(file.extracting(end...))
        }
    }

    /// The final block, if it is apart, the checksum and the length.
    private func emitGzipEnd(
        _ fills: [PreparedFragment?], _ tail: [TailFragment], _ emit: (Span<UInt8>) -> Void
    ) {
        var crc = layout.crcOfBlank
        for (index, fill) in fills.enumerated() {
            crc ^= contribution(of: fill, in: index)
        }
        var length = Int(layout.length)
        for fragment in tail {
            crc = fragment.moved(crc)
            length += fragment.byteCount
        }
        var bits = BitRun()
        if layout.takesTail { bits.append(3, 16) }
        bits.append(Int(crc), 32)
        bits.append(length & 0xFFFF_FFFF, 32)
        bits.emit(to: emit)
    }

    /// What a fill changes in the CRC of the whole blank page.
    private func contribution(of fill: PreparedFragment?, in index: Int) -> UInt32 {
        let slot = layout.slots[index]
        guard let fill else { return slot.fallbackCRC }
        let behindPad = Checksum.moved(
            fill.crcDelta, over: slot.padCount(behind: fill.byteCount))
        return Checksum.moved(behindPad, by: toEnd[index])
    }
}
