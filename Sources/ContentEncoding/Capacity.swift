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
}
