/// Writes the blocks of one delta and counts what they make.
struct DeltaWriter {
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
