// One slot filled, in each coding: what stands between two static runs of a spliced page.
//
// Whether a compressed run may be used follows from the slot's capacity alone. Everything is
// written into registers or borrowed; nothing is allocated.

extension SlotGeometry {
    /// Whether the stored brotli text behind the slot expects the distances that a pad sets.
    ///
    /// Any other slot is neutral: it takes raw bytes only, and two raw bytes of static text follow.
    var isCanonical: Bool { Int(capacity) >= Placeholder.canonicalMin }

    /// The spaces behind a fragment of `count` bytes.
    func padCount(behind count: Int) -> Int { Int(capacity) - count - Padding.open.count }

    /// How much of a prepared fragment the slot shows: all of it, and `<!--`.
    func shownCount(_ fill: PreparedFragment) -> Int { fill.bytes.count }

    /// The length of a filled slot in one coding, in bytes.
    func filledCount(_ fill: PreparedFragment, _ coding: Coding) -> Int {
        let shown = shownCount(fill)
        let pad = padCount(behind: fill.byteCount)
        switch coding {
        case .identity: return Int(capacity)
        case .gzip:
            let run = fill.runs.deflate
            let stored = shown == 0 ? 0 : StoredBlock.headerCount + shown
            return (run?.count ?? stored) + (pad == 0 ? 0 : DeflatePad(spaces: pad).byteCount)
        case .brotli:
            if isCanonical {
                let raw = BrotliBlocks.rawHeaderCount(shown) + shown
                return (fill.runs.brotli?.count ?? raw) + BrotliBlocks.pad(spaces: pad).byteCount
            }
            let raw = shown == 0 ? 0 : BrotliBlocks.rawHeaderCount(shown) + shown
            return raw + (pad == 0 ? 0 : BrotliBlocks.neutralPad(spaces: pad).byteCount)
        }
    }

    /// Emits a filled slot: the fragment's bytes or run, then the pad.
    func emit(_ fill: PreparedFragment, _ coding: Coding, to emit: (Span<UInt8>) -> Void) {
        switch coding {
        case .identity:
            emitBytes(fill, emit)
            let pad = padCount(behind: fill.byteCount)
            let spaces = Padding.spaces
            if pad > 0 { emit(spaces.span.extracting(first: pad)) }
        case .gzip: emitDeflate(fill, emit)
        case .brotli: emitBrotli(fill, emit)
        }
    }

    private func emitBytes(_ fill: PreparedFragment, _ emit: (Span<UInt8>) -> Void) {
        let shown = shownCount(fill)
        if shown > 0 { emit(fill.bytes.span.extracting(first: shown)) }
    }

    private func emitDeflate(_ fill: PreparedFragment, _ emit: (Span<UInt8>) -> Void) {
        let shown = shownCount(fill)
        if let run = fill.runs.deflate {
            emit(run.span)
        } else if shown > 0 {
            StoredBlock.header(shown).emit(to: emit)
            emitBytes(fill, emit)
        }
        let count = padCount(behind: fill.byteCount)
        guard count > 0 else { return }
        let pad = DeflatePad(spaces: count)
        let prefix = DeflatePad.prefix
        if pad.prefixCount > 0 { emit(prefix.span.extracting(first: pad.prefixCount)) }
        let tail = pad.tail
        emit(tail.span.extracting(first: pad.tailCount))
    }

    private func emitBrotli(_ fill: PreparedFragment, _ emit: (Span<UInt8>) -> Void) {
        let shown = shownCount(fill)
        let pad = padCount(behind: fill.byteCount)
        if isCanonical, let run = fill.runs.brotli {
            emit(run.span)
        } else if shown > 0 {
            BrotliBlocks.rawHeader(shown).emit(to: emit)
            emitBytes(fill, emit)
        }
        if isCanonical {
            BrotliBlocks.pad(spaces: pad).emit(to: emit)
        } else if pad > 0 {
            BrotliBlocks.neutralPad(spaces: pad).emit(to: emit)
        }
    }
}
