// A fragment that is sent behind the page and moved into place by the browser.
//
// The page holds `<?start name="t0">fallback<?end>`; a later `<template for="t0">` replaces it
// where the browser knows how or a script does it, and where not, the fallback stays. The fragment
// is the same one that inline slots take, with the same runs: its `<!--` is closed at once by the
// `-->` that ends the element, so nothing is compressed here. Any length, any number.

/// A fragment on its way to a place: one `<template for=…>`, put together from ready parts.
package struct TailFragment: Sendable {
    private let place: TailPlace
    private let fragment: PreparedFragment

    /// Sends a fragment to a place.
    package init(_ fragment: PreparedFragment, to place: TailPlace) {
        self.place = place
        self.fragment = fragment
    }

    /// The length of the decoded element, in bytes.
    var byteCount: Int { place.open.count + fragment.bytes.count + TailPlace.close.count }

    /// The CRC-32 of everything up to the element's end, from the one up to its start.
    func moved(_ crc: UInt32) -> UInt32 {
        let opened = Checksum.moved(crc, by: place.openShift) ^ place.openCRC
        let filled = Checksum.moved(opened, by: fragment.shift) ^ fragment.crc
        return Checksum.moved(filled, by: TailPlace.closeShift) ^ TailPlace.closeCRC
    }

    /// The length of the whole element in one coding, in bytes.
    func count(_ coding: Coding) -> Int {
        var count = 0
        emit(coding) { count += $0.count }
        return count
    }

    /// Emits the whole element in one coding, in pieces.
    func emit(_ coding: Coding, to emit: (Span<UInt8>) -> Void) {
        let (open, bytes, close) = (place.open, fragment.bytes, TailPlace.close)
        switch coding {
        case .identity:
            emit(open.span)
            emit(bytes.span)
            emit(close.span)
        case .gzip:
            emitStored(open.span, emit)
            if let run = fragment.runs.deflate {
                emit(run.span)
            } else {
                emitStored(bytes.span, emit)
            }
            emitStored(close.span, emit)
        case .brotli:
            emitRaw(open.span, emit)
            if let run = fragment.runs.brotli {
                emit(run.span)
            } else {
                emitRaw(bytes.span, emit)
            }
            emitRaw(close.span, emit)
        }
    }

    /// Emits the element as blocks of a delta.
    func emit(_ coding: DeltaCoding, to emit: (Span<UInt8>) -> Void) {
        guard coding == .zstandard else { return self.emit(Coding.brotli, to: emit) }
        let (open, bytes, close) = (place.open, fragment.bytes, TailPlace.close)
        ZstandardBlocks.rawHeader(byteCount).emit(to: emit)
        emit(open.span)
        emit(bytes.span)
        emit(close.span)
    }

    /// One stored deflate block; the longest fragment fits one.
    private func emitStored(_ bytes: Span<UInt8>, _ emit: (Span<UInt8>) -> Void) {
        StoredBlock.header(bytes.count).emit(to: emit)
        emit(bytes)
    }

    /// One uncompressed brotli metablock.
    private func emitRaw(_ bytes: Span<UInt8>, _ emit: (Span<UInt8>) -> Void) {
        BrotliBlocks.rawHeader(bytes.count).emit(to: emit)
        emit(bytes)
    }
}
