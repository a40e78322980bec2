// What fills a slot behind its fragment: the opening of a comment and spaces.
//
// The closing `-->` is not here: it is the first thing of the static run that follows, so that a
// fragment's checksum and length never depend on what comes after it.

/// The constant bytes of every slot.
enum Padding {
    /// What stands between a fragment and its spaces.
    static let open = Array("<!--".utf8)
    /// What the static run behind each slot begins with.
    static let close = Array("-->".utf8)
    /// As many spaces as the largest slot has bytes.
    static let spaces = [UInt8](repeating: UInt8(ascii: " "), count: EncodingLimits.capacityMax)
}
