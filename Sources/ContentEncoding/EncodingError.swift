// What can go wrong when bytes are compressed, decompressed or laid out with slots.
//
// No case holds page bytes: a description is fit for any log.

/// Why bytes could not be encoded or decoded.
package enum EncodingError: Error, Equatable, Sendable {
    /// The input of a compression is larger than `limit` bytes.
    case inputTooLarge(bytes: Int, limit: Int)
    /// A compression level, quality or window is outside the range of its library.
    case parameterOutOfRange(name: String, value: Int)
    /// The library could not get memory, or refused valid input.
    case libraryFailed(coding: Coding, code: Int)
    /// The compressed data ended before the end of its stream.
    case truncated(Coding)
    /// The data is not what the coding allows, or its checksum or length is wrong.
    case corrupt(Coding)
    /// Bytes follow the end of the stream.
    case trailingBytes(Coding, count: Int)
    /// Decoding would give more than `limit` bytes.
    case outputTooLarge(limit: Int)
    /// A slot's range is outside the page, empty of order, or overlaps the slot before it.
    case slotOutOfPlace(slot: Int)
    /// The page has more slots than `limit`.
    case tooManySlots(count: Int, limit: Int)
    /// A slot's capacity is outside `SlotForm.capacities`.
    case capacityOutOfRange(slot: Int, capacity: Int)
    /// A slot's fallback leaves no room for its pad, or is not as long as its exact slot.
    case fallbackTooLarge(slot: Int, bytes: Int, capacity: Int)
    /// The page contains the byte 0x01, which marks a slot's place while it is compressed.
    case forbiddenByte(offset: Int)
    /// A fragment or fallback would swallow or uncover the comment that pads its slot.
    case unbalancedComment
    /// A fragment is larger than any slot may be.
    case fragmentTooLarge(bytes: Int, limit: Int)
    /// The page has too many different control bytes to mark its slots' places in brotli.
    case tooFewFreeBytes(count: Int, needed: Int)
    /// A fragment's ready-made run does not decode to the fragment.
    case runMismatch(Coding)
    /// A spliced form of the page did not decode to the page.
    case spliceMismatch(Coding)
    /// A stored layout contradicts itself, or its file.
    case layoutInvalid
}

extension EncodingError: CustomStringConvertible {
    /// What happened, then what to change.
    package var description: String {
        switch self {
        case .inputTooLarge(let bytes, let limit):
            "The input has \(bytes) bytes, more than \(limit).\nSplit the page or file."
        case .parameterOutOfRange(let name, let value):
            "The \(name) \(value) is out of range.\nUse a value that the library documents."
        case .libraryFailed(let coding, let code):
            "The \(coding.token) library failed with code \(code).\nCheck the free memory."
        case .truncated(let coding):
            "The \(coding.token) data is cut short.\nBuild the release again."
        case .corrupt(let coding):
            "The \(coding.token) data is corrupt.\nBuild the release again."
        case .trailingBytes(let coding, let count):
            "\(count) bytes follow the end of the \(coding.token) data.\nBuild the release again."
        case .outputTooLarge(let limit):
            "The data decodes to more than \(limit) bytes.\nRaise the limit or split the file."
        case .slotOutOfPlace(let slot):
            "Slot \(slot) is outside the page or overlaps another.\nGive slots in page order."
        case .tooManySlots(let count, let limit):
            "The page has \(count) slots, more than \(limit).\nJoin some of them."
        case .capacityOutOfRange(let slot, let capacity):
            """
            Slot \(slot) has a capacity of \(capacity) bytes.
            Declare \(EncodingLimits.slotOverhead) to \(EncodingLimits.capacityMax).
            """
        case .fallbackTooLarge(let slot, let bytes, let capacity):
            """
            The fallback of slot \(slot) has \(bytes) bytes and does not fit \(capacity).
            Declare at least \(bytes + EncodingLimits.slotOverhead), or the fallback's own length \
            for an exact slot.
            """
        case .forbiddenByte(let offset):
            "The page has the byte 0x01 at \(offset).\nRemove the control character from the row."
        case .unbalancedComment:
            "The fragment opens or closes an HTML comment it does not contain.\nBalance it."
        case .fragmentTooLarge(let bytes, let limit):
            "The fragment has \(bytes) bytes, more than \(limit).\nShorten it."
        case .tooFewFreeBytes(let count, let needed):
            """
            The page leaves \(count) unused control bytes; \(needed) are needed to mark slots.
            Remove control characters from the row.
            """
        case .runMismatch(let coding):
            "A fragment's \(coding.token) run is not that fragment.\nPublish the fragment again."
        case .spliceMismatch(let coding):
            "A spliced \(coding.token) page did not decode to itself.\nReport this page's shape."
        case .layoutInvalid:
            "The layout of a page's slots is inconsistent.\nBuild the release again."
        }
    }
}
