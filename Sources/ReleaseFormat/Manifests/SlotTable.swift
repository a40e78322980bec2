package import ContentEncoding
import Hashing

/// The slots of an entry: where they are and what fills them.
package struct SlotTable: Sendable, Equatable {
    /// Where the slots are in the identity and gzip files.
    package internal(set) var layout: SlottedLayout
    /// What fills each slot inside the page, as many as `layout.slots`, and behind them what fills
    /// the places that are filled from behind the page, in their order.
    package internal(set) var bindings: [SlotBinding]

    /// Joins a layout with one binding for each of its slots and of its places for a tail.
    package init(layout: SlottedLayout, bindings: [SlotBinding]) {
        self.layout = layout
        self.bindings = bindings
    }

    /// How many places are filled from behind the page.
    package var tailCount: Int { bindings.count - layout.slots.count }

    /// Whether any slot depends on the visitor.
    package var isPrivate: Bool {
        bindings.contains { $0.scope != .shared }
    }
}
