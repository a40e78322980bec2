// How many bytes a slot gets when its author does not say.
//
// Capacity is nearly free when compressed (a few bytes at any size) but counts in the decoded
// page, and large holes push earlier text out of deflate's 32 KB window.

/// Default capacities of slots.
package enum Capacity {
    /// Twice the fallback, at least 256 bytes, rounded up to a multiple of 256.
    ///
    /// - Parameter count: the fallback's length in bytes.
    /// - Returns: a capacity that the fallback fits, unless it is beyond
    ///   `EncodingLimits.capacityMax`, which `SlottedPage` refuses.
    package static func `default`(forFallbackOf count: Int) -> Int {
        let step = EncodingLimits.capacityStep
        return (max(step, 2 * count) + step - 1) / step * step
    }

    /// The smallest capacity in steps of 256 that takes a fragment between elements.
    ///
    /// - Parameter count: the fragment's length in bytes.
    /// - Returns: what to declare; nil if no inline slot is large enough.
    package static func needed(forFragmentOf count: Int) -> Int? {
        let step = EncodingLimits.capacityStep
        let capacity = (count + EncodingLimits.slotOverhead + step - 1) / step * step
        return capacity <= EncodingLimits.capacityMax ? capacity : nil
    }
}
