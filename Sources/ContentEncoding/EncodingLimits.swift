// The limits of this module, each with its reason.
//
// They bound what one call may take or make, so that no page and no fragment can exhaust memory.

/// The largest and smallest sizes that this module works with, in bytes.
package enum EncodingLimits {
    /// The largest input of one compression, and the largest page.
    package static let inputMax = 256 * 1024 * 1024

    /// The largest capacity of one slot, so that a fragment fits one stored deflate block.
    package static let capacityMax = 65_536

    /// The smallest default capacity, and the step that defaults are rounded up to.
    static let capacityStep = 256

    /// The fewest spaces behind a fragment: a pad of fewer has no fixed form in brotli.
    static let padMin = 16

    /// The bytes of a slot that its fragment cannot have: `<!--` and the smallest pad.
    package static let slotOverhead = 4 + padMin

    /// The most bytes of a delta and its dictionary together: half of brotli's window there.
    package static let deltaMax = 2 << 20

    /// How often a page is laid out for brotli with other placeholders before it is given up.
    ///
    /// Where a small slot stands right before another one, two of three attempts at quality 11 were
    /// seen to fail; they do so independently of each other.
    static let brotliAttemptsMax = 32

    /// The most slots of one page.
    package static let slotsMax = 64
}
