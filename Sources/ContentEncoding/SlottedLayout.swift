// Where the slots of a stored page are: everything that splicing needs besides the files.
//
// A page with slots always has the same decoded length, whatever fills them, because the rest of
// a slot is invisible filling. So every position here is a constant of the page, and the
// checksum of a spliced page is that of the blank page, changed by each fill's own contribution.
// Only what is sent behind the page (`takesTail`) adds to the length.

/// The constant parts of one page with slots.
///
/// A page with N slots has N + 1 static runs in each file; what lies between two runs is the
/// stored form of the fallback. Behind the last run comes the file's end: 8 bytes of checksum and
/// length in gzip (10 if the page takes a tail: the final empty block is apart), 1 in brotli.
package struct SlottedLayout: Sendable, Equatable {
    /// The decoded length of the page, in bytes, without a tail.
    package var length: UInt32
    /// The CRC-32 of the decoded page with nothing but spaces in every slot.
    package var crcOfBlank: UInt32
    /// The slots in page order; none if the page only takes a tail.
    package var slots: [SlotGeometry]
    /// The static runs of the identity file, one more than slots.
    package var identity: [Range<UInt32>]
    /// The static runs of the gzip file, one more than slots.
    package var gzip: [Range<UInt32>]
    /// The static runs of the brotli file; nil if it can only be sent as it is stored.
    package var brotli: [Range<UInt32>]?
    /// Whether fragments may follow the page.
    package var takesTail: Bool

    /// Joins the parts of a layout; `validate` says whether they agree.
    package init(
        length: UInt32, crcOfBlank: UInt32, slots: [SlotGeometry],
        identity: [Range<UInt32>], gzip: [Range<UInt32>], brotli: [Range<UInt32>]? = nil,
        takesTail: Bool = false
    ) {
        self.length = length
        self.crcOfBlank = crcOfBlank
        self.slots = slots
        self.identity = identity
        self.gzip = gzip
        self.brotli = brotli
        self.takesTail = takesTail
    }

    /// The static runs of one coding's file; nil for a brotli file that cannot be spliced.
    package func runs(_ coding: Coding) -> [Range<UInt32>]? {
        switch coding {
        case .identity: identity
        case .gzip: gzip
        case .brotli: brotli
        }
    }

    /// The bytes of one coding's file behind the last static run.
    func endCount(_ coding: Coding) -> Int {
        switch coding {
        case .identity: 0
        case .gzip: Gzip.trailerBytes + (takesTail ? Gzip.emptyBlock.count : 0)
        case .brotli: 1
        }
    }

    /// Whether two layouts put the same slots at the same places, whatever their files are.
    package func hasSameSlots(as other: SlottedOutline) -> Bool {
        length == other.length && crcOfBlank == other.crcOfBlank && slots == other.slots
            && takesTail == other.takesTail
    }

    /// Checks that the slots are in order, within the page, and agree with the runs.
    ///
    /// - Parameters:
    ///   - gzipLength: the bytes of the gzip file; nil when there is none.
    ///   - brotliLength: the bytes of the brotli file; nil when there is none.
    /// - Throws: `.layoutInvalid`. A layout that passes can be spliced without any trap.
    package func validate(gzipLength: Int?, brotliLength: Int? = nil) throws(EncodingError) {
        guard !slots.isEmpty || takesTail, slots.count <= EncodingLimits.slotsMax,
            identity.count == slots.count + 1, length <= EncodingLimits.inputMax
        else { throw .layoutInvalid }
        var position: UInt32 = 0
        for (index, slot) in slots.enumerated() {
            let (end, overflow) = slot.start.addingReportingOverflow(slot.capacity)
            guard !overflow, end <= length, slot.start >= position,
                identity[index] == position..<slot.start,
                SlotGeometry.capacities.contains(Int(slot.capacity))
            else { throw .layoutInvalid }
            position = end
        }
        guard identity[slots.count] == position..<length else { throw .layoutInvalid }
        try validate(gzip, .gzip, fileLength: gzipLength)
        if let brotli { try validate(brotli, .brotli, fileLength: brotliLength) }
    }

    private func validate(
        _ runs: [Range<UInt32>], _ coding: Coding, fileLength: Int?
    ) throws(EncodingError) {
        guard runs.count == slots.count + 1 else { throw .layoutInvalid }
        guard let fileLength else { return }
        var offset: UInt32 = 0
        for run in runs {
            guard run.lowerBound >= offset else { throw .layoutInvalid }
            offset = run.upperBound
        }
        guard runs[0].lowerBound == 0, Int(offset) + endCount(coding) == fileLength else {
            throw .layoutInvalid
        }
    }
}
