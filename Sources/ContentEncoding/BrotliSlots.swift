// The brotli file of a page with slots: one encoder for the whole page, so that text behind a slot
// still refers to text before it and to brotli's dictionary.
//
// The encoder sees a placeholder in each slot, and what it makes of that is thrown away; the file
// has the fallback there. At each static run a decoder's state is the same whatever fills the
// slots, so one decode that gives the page proves all fills. See `Placeholder` for why.

/// Compresses pages with slots as brotli.
enum BrotliSlots {
    /// The file with fallbacks, and its static runs.
    ///
    /// - Parameters:
    ///   - outline: the page.
    ///   - quality: 5 to 11 are checked; less finds fewer copies and may fail to decode.
    ///   - attempt: another number gives other placeholders.
    /// - Returns: a whole file, and one run for each static part.
    /// - Throws: `.tooFewFreeBytes`, `.libraryFailed` and what preparing a fallback throws.
    static func compress(
        _ outline: SlottedOutline, quality: Int, attempt: Int
    ) throws(EncodingError) -> (file: [UInt8], runs: [Range<UInt32>]) {
        let window = Brotli.window(forBytes: outline.identity.count)
        var stream = try BrotliStream(quality: quality, window: window)
        let placeholder = try Placeholder(page: outline.identity)
        var file: [UInt8] = []
        var runs: [Range<UInt32>] = []
        var start = 0
        for (index, range) in outline.statics.enumerated() {
            var text = outline.identity[Int(range.lowerBound)..<Int(range.upperBound)]
            if index > 0, !outline.slots[index - 1].isCanonical {
                // What precedes the text is unknown, so its first two bytes are sent as they are:
                // they are the context of what follows.
                let raw = text.prefix(2)
                text = text.dropFirst(2)
                if !raw.isEmpty {
                    BrotliBlocks.rawHeader(raw.count).append(to: &file)
                    file += raw
                    try stream.skip(raw)
                }
            }
            if !text.isEmpty {
                try stream.write(text, to: &file)
            } else if index == 0 {
                // The encoder writes its own header before the placeholder, which is not kept.
                BrotliBlocks.streamHeader(window: window).append(to: &file)
            }
            runs.append(UInt32(start)..<UInt32(file.count))
            guard index < outline.slots.count else { break }
            let slot = outline.slots[index]
            let seed =
                UInt64(outline.crc) << 32 | UInt64(attempt) << 16 | UInt64(index)
            let place =
                slot.isCanonical
                ? placeholder.canonical(capacity: Int(slot.capacity), seed: seed)
                : placeholder.neutral(capacity: Int(slot.capacity), seed: seed)
            try stream.skip(place[...])
            let fallback = try PreparedFragment(compressing: outline.fallbacks[index])
            slot.emit(fallback, .brotli) { piece in
                unsafe piece.withUnsafeBufferPointer { unsafe file.append(contentsOf: $0) }
            }
            start = file.count
        }
        file.append(BrotliBlocks.end)
        return (file, runs)
    }
}
