// The gzip file of a page with slots: one deflate stream, cut at byte boundaries around every slot.
//
// Text behind a slot may refer to text before it, because the distance never changes; it can never
// refer into a slot, whose place is held by a byte that the page does not have.

/// Compresses pages with slots as gzip.
enum GzipSlots {
    /// The byte that holds a slot's place while the text around it is compressed.
    static let placeholder: UInt8 = 0x01

    /// The reach of deflate's references, in bytes.
    private static let windowBytes = 32_768

    /// The file with fallbacks, and its static runs.
    static func compress(
        _ outline: SlottedOutline, level: Int
    ) throws(EncodingError) -> (file: [UInt8], runs: [Range<UInt32>]) {
        let (identity, statics) = (outline.identity, outline.statics)
        var file = Gzip.header
        var runs: [Range<UInt32>] = []
        var start = 0
        var discarded: [UInt8] = []
        // The page as the encoder sees it: no text may refer to what will be replaced.
        var blank = identity
        for (before, after) in zip(statics, statics.dropFirst()) {
            for place in Int(before.upperBound)..<Int(after.lowerBound) {
                blank[place] = placeholder
            }
        }
        var stream = try DeflateStream(level: level)
        for (index, run) in statics.enumerated() {
            let isEnd = index == statics.count - 1 && !outline.takesTail
            let bytes = blank[Int(run.lowerBound)..<Int(run.upperBound)]
            try stream.write(bytes, isEnd ? .finish : .sync, to: &file)
            runs.append(UInt32(start)..<UInt32(file.count))
            if index == statics.count - 1 { break }
            let slot = Int(run.upperBound)..<Int(statics[index + 1].lowerBound)
            discarded.removeAll(keepingCapacity: true)
            try stream.write(blank[slot], .sync, to: &discarded)
            // The fallback may refer to static text, since nothing ever refers to it.
            var fallback = try DeflateStream(level: level)
            let window = blank[max(0, slot.lowerBound - windowBytes)..<slot.lowerBound]
            try fallback.refer(to: window)
            try fallback.write(identity[slot], .sync, to: &file)
            start = file.count
        }
        if outline.takesTail { file += Gzip.emptyBlock }
        Gzip.appendTrailer(crc: outline.crc, length: identity.count, to: &file)
        return (file, runs)
    }
}
