/// A slot as a renderer gives it.
package struct SlotRequest: Sendable, Equatable {
    /// Where the fallback is in the rendered bytes.
    package let fallback: Range<Int>
    /// The bytes of the slot in the decoded page, within `SlotGeometry.capacities`.
    package let capacity: Int

    /// Asks for a slot.
    ///
    /// - Parameters:
    ///   - fallback: its place in the rendered bytes.
    ///   - capacity: nil takes `Capacity.default`.
    package init(fallback: Range<Int>, capacity: Int? = nil) {
        self.fallback = fallback
        self.capacity = capacity ?? Capacity.default(forFallbackOf: fallback.count)
    }
}
