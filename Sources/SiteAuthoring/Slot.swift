/// The place of a fragment in a page, with what is shown until there is one.
///
/// ```swift
/// Slot(TrendingLooks.self, placement: .inline(capacity: 4096)) { p { "Nothing trends yet." } }
/// Slot(Comments.self, placement: .tail) { p { "Comments are on their way." } }
/// ```
/// The fallback stands in the stored page, so that the page is whole without Redis. An inline slot
/// keeps room for its fragment; a fragment that outgrows it is not shown, and the server and
/// `sitegen fragments publish` say which capacity it needs.
public struct Slot: Component {
    private let descriptor: SlotDescriptor
    private let components: [any Component.Type]
    private let fallback: () -> HTML

    /// A slot for a fragment that everybody sees alike.
    ///
    /// - Parameters:
    ///   - fragment: the fragment's type.
    ///   - key: which of the fragments; what `SharedFragment.key` returns for its row.
    ///   - placement: where its bytes stand; without one the fallback decides the capacity.
    ///   - fallback: what is shown while there is no fragment.
    public init<F: SharedFragment>(
        _ fragment: F.Type, key: String = "", placement: SlotPlacement = .inline(),
        @HTMLBuilder fallback: @escaping () -> HTML
    ) {
        descriptor = SlotDescriptor(name: F.name, key: key, scope: .shared, placement: placement)
        components = [F.self] + F.uses
        self.fallback = fallback
    }

    /// A slot for a fragment of the visitor; it makes the whole page private.
    public init<F: PrivateFragment>(
        _ fragment: F.Type, placement: SlotPlacement = .inline(),
        @HTMLBuilder fallback: @escaping () -> HTML
    ) {
        descriptor = SlotDescriptor(
            name: F.name, key: "", scope: .perVisitor(cookie: F.cookie), placement: placement)
        components = [F.self] + F.uses
        self.fallback = fallback
    }

    /// The slot, with the fallback in its place.
    public var view: HTML {
        slot(descriptor, uses: components) { fallback() }
    }
}
