// The files of a page with slots, made and checked at build time.
//
// Every file is decoded and compared before it may be served: as stored, with every slot empty and
// with every slot full. A page whose brotli form fails keeps a plain brotli file, which shows its
// fallbacks, and is spliced as gzip only.

/// The files of one page with slots, and their layout.
package struct SlottedPage: Sendable, Equatable {
    /// The decoded page with fallbacks.
    package let identity: [UInt8]
    /// The gzip file with fallbacks; any gzip decoder reads it.
    package let gzip: [UInt8]
    /// The brotli file with fallbacks; any brotli decoder reads it.
    package let brotli: [UInt8]
    /// Where the slots are.
    package let layout: SlottedLayout
    /// Why `layout.brotli` is nil; nil when it is not.
    package let brotliFault: EncodingError?

    /// Lays out, compresses and checks a page; see the other initialiser.
    package init(
        page: [UInt8], slots: [SlotRequest], takesTail: Bool = false, level: Int = 9,
        quality: Int = 11
    ) throws(EncodingError) {
        try self.init(
            SlottedOutline(page: page, slots: slots, takesTail: takesTail), level: level,
            quality: quality)
    }

    /// Compresses and checks a page.
    ///
    /// - Parameters:
    ///   - outline: what `SlottedOutline` made of it.
    ///   - level: deflate's level, 1 to 9.
    ///   - quality: brotli's; 5 to 11 can be spliced, less is stored plain.
    /// - Throws: `.spliceMismatch` of identity or gzip, `.parameterOutOfRange`, `.libraryFailed`.
    package init(
        _ outline: SlottedOutline, level: Int = 9, quality: Int = 11
    ) throws(EncodingError) {
        let (gzip, runs) = try GzipSlots.compress(outline, level: level)
        var layout = SlottedLayout(
            length: outline.length, crcOfBlank: outline.crcOfBlank, slots: outline.slots,
            identity: outline.statics, gzip: runs, takesTail: outline.takesTail)
        try layout.validate(gzipLength: gzip.count)
        try SpliceCheck.check(outline, layout, .identity, outline.identity)
        try SpliceCheck.check(outline, layout, .gzip, gzip)
        var brotli: [UInt8]?
        var fault: EncodingError?
        for attempt in 0..<EncodingLimits.brotliAttemptsMax where brotli == nil {
            do throws(EncodingError) {
                guard quality >= Self.splicedQualityMin else {
                    throw .parameterOutOfRange(name: "brotli quality", value: quality)
                }
                let made = try BrotliSlots.compress(outline, quality: quality, attempt: attempt)
                layout.brotli = made.runs
                try layout.validate(gzipLength: gzip.count, brotliLength: made.file.count)
                try SpliceCheck.check(outline, layout, .brotli, made.file)
                brotli = made.file
            } catch {
                layout.brotli = nil
                fault = error
                if error != .spliceMismatch(.brotli) { break }
            }
        }
        self.gzip = gzip
        self.brotli =
            if let brotli { brotli } else {
                try Brotli.compress(outline.identity, quality: quality)
            }
        self.layout = layout
        identity = outline.identity
        brotliFault = brotli == nil ? fault : nil
    }

    /// Below this the encoder takes shortcuts that depend on what fills a slot.
    private static let splicedQualityMin = 5
}

/// Decodes what would be served and compares it.
enum SpliceCheck {
    /// Decodes a file as stored, with every slot empty and with every slot full.
    ///
    /// Full slots have compressed fragments, empty ones raw; something follows a full page that
    /// takes a tail.
    ///
    /// - Throws: `.spliceMismatch` if anything decodes to another page.
    static func check(
        _ outline: SlottedOutline, _ layout: SlottedLayout, _ coding: Coding, _ file: [UInt8]
    ) throws(EncodingError) {
        guard decoded(file, coding, limit: outline.identity.count) == outline.identity else {
            throw .spliceMismatch(coding)
        }
        let splicer = Splicer(layout)
        for isFull in [false, true] {
            var fills: [PreparedFragment?] = []
            var expected = outline.identity
            for slot in layout.slots {
                let count = isFull ? slot.fragmentBytesMax : 0
                let text = (0..<count).map { UInt8(ascii: "A") &+ UInt8($0 % 53) }
                let start = Int(slot.start)
                let end = start + Int(slot.capacity)
                let pad = Padding.spaces[..<slot.padCount(behind: count)]
                expected.replaceSubrange(start..<end, with: text + Padding.open + pad)
                fills.append(
                    isFull && coding == .brotli
                        ? try PreparedFragment(compressing: text) : try PreparedFragment(text))
            }
            var tail: [TailFragment] = []
            if isFull, layout.takesTail {
                let fragment = try PreparedFragment(compressing: Self.tailText)
                tail = [TailFragment(fragment, to: TailPlace(0))]
                expected += TailPlace(0).open + fragment.bytes + TailPlace.close
            }
            var spliced: [UInt8] = []
            splicer.splice(coding, file: file.span, fills: fills, tail: tail) { piece in
                unsafe piece.withUnsafeBufferPointer { unsafe spliced.append(contentsOf: $0) }
            }
            guard decoded(spliced, coding, limit: expected.count) == expected else {
                throw .spliceMismatch(coding)
            }
        }
    }

    private static let tailText = Array("<p>What follows, what follows a page.</p>".utf8)

    private static func decoded(_ file: [UInt8], _ coding: Coding, limit: Int) -> [UInt8]? {
        switch coding {
        case .identity: file
        case .gzip: try? Gzip.decompress(file, limit: limit)
        case .brotli: try? Brotli.decompress(file, limit: limit)
        }
    }
}
