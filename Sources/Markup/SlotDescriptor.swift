/// What fills a slot.
public struct SlotDescriptor: Hashable, Sendable {
    /// The fragment's name.
    public var name: String
    /// Which of the fragments of that name; empty if there is only one.
    public var key: String
    /// Whom the fragment is for.
    public var scope: SlotScope
    /// Where its bytes stand in the answer.
    public var placement: SlotPlacement

    /// A descriptor of a slot.
    public init(
        name: String, key: String = "", scope: SlotScope = .shared,
        placement: SlotPlacement = .inline()
    ) {
        self.name = name
        self.key = key
        self.scope = scope
        self.placement = placement
    }
}
