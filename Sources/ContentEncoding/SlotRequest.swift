/// A slot as a renderer gives it.
package struct SlotRequest: Sendable, Equatable {
    /// Where the fallback is in the rendered bytes.
    package let fallback: Range<Int>
    /// The bytes of the slot in the decoded page, within `SlotForm.capacities`.
    package let capacity: Int
    /// What stands behind the fragment.
    package let form: SlotForm

    /// Asks for a slot.
    ///
    /// - Parameters:
    ///   - fallback: its place in the rendered bytes.
    ///   - capacity: nil takes `Capacity.default` between elements; in attributes and titles twice
    ///     the fallback, 32 to 512; of an exact slot the fallback's length.
    ///   - form: what stands behind the fragment.
    package init(fallback: Range<Int>, capacity: Int? = nil, form: SlotForm = .comment) {
        self.fallback = fallback
        self.capacity = capacity ?? form.defaultCapacity(forFallbackOf: fallback.count)
        self.form = form
    }
}
