// A fragment made ready once and spliced into any page any number of times.
//
// It holds the fragment and the `<!--` that opens its pad, raw and (if somebody compressed it
// before) as runs. It knows no page and no slot; slots without a comment take the raw bytes only.

/// The bytes of one fragment in the forms that splicing needs.
package struct PreparedFragment: Sendable, Equatable {
    /// The fragment, then `<!--`.
    let bytes: [UInt8]
    /// The same bytes compressed.
    let runs: FragmentRuns
    /// The CRC-32 of `bytes`, and the operator that moves a CRC past them.
    let crc: UInt32
    let shift: UInt32
    /// The CRC-32 of fragment and `<!--`, xor that of as many spaces.
    let crcDelta: UInt32

    /// Prepares a fragment's HTML, in UTF-8 and trusted as it is, to be sent raw.
    ///
    /// Costs one copy and two CRCs of the bytes. Comments inside are allowed when they are closed.
    ///
    /// - Throws: `.fragmentTooLarge` when no slot could hold it; `.unbalancedComment` when a
    ///   comment is left open, so that the slot's own comment would not close it as expected.
    package init(_ html: [UInt8]) throws(EncodingError) {
        try self.init(html, checked: .none)
    }

    /// Prepares a fragment with runs that were made before.
    ///
    /// - Parameters:
    ///   - html: the fragment.
    ///   - runs: of `FragmentRuns.init(compressing:)`, perhaps read from elsewhere: they are
    ///     decoded and compared.
    /// - Throws: as the other initialiser, and `.runMismatch`.
    package init(_ html: [UInt8], runs: FragmentRuns) throws(EncodingError) {
        try runs.check(decodeTo: html + Padding.open)
        try self.init(html, checked: runs)
    }

    /// Prepares a fragment and compresses it: once when it is first met, never for each request.
    ///
    /// - Throws: as the others, and `.libraryFailed`.
    package init(compressing html: [UInt8]) throws(EncodingError) {
        try Self.check(html)
        try self.init(html, checked: FragmentRuns(compressing: html))
    }

    private init(_ html: [UInt8], checked runs: FragmentRuns) throws(EncodingError) {
        try Self.check(html)
        let bytes = html + Padding.open
        self.bytes = bytes
        self.runs = runs
        crc = Checksum.crc32(bytes.span)
        shift = Checksum.shift(over: bytes.count)
        crcDelta = crc ^ Checksum.crc32(ofSpaces: bytes.count)
    }

    private static func check(_ html: [UInt8]) throws(EncodingError) {
        let limit = EncodingLimits.capacityMax - EncodingLimits.slotOverhead
        guard html.count <= limit else {
            throw .fragmentTooLarge(bytes: html.count, limit: limit)
        }
        guard !CommentScan.leavesCommentOpen(html) else { throw .unbalancedComment }
    }

    /// The fragment's own length in bytes.
    package var byteCount: Int { bytes.count - Padding.open.count }

    /// What the fragment takes in memory, in bytes, besides its fixed part.
    package var storedBytes: Int {
        bytes.count + (runs.deflate?.count ?? 0) + (runs.brotli?.count ?? 0)
    }

    /// Whether the fragment fits a slot with what is needed behind it.
    package func fits(_ slot: SlotGeometry) -> Bool {
        byteCount <= slot.fragmentBytesMax
    }
}
