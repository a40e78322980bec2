// Fragments: the few dynamic places of a page, rendered from rows of their own into Redis.
//
// A shared fragment is the same for everybody. A private fragment belongs to the visitor whose
// cookie names it; a page with a slot for one is never stored by a shared cache. The two are
// different protocols, and only a private one takes a `PrivateRow`.

/// What both kinds of fragments declare.
public protocol Fragment: Component, SendableMetatype {
    /// The generated row type of the view.
    associatedtype Row: ViewRow
    /// The fragment's name in Redis: 1 to 64 of `a`–`z`, `0`–`9` and `-`.
    static var name: String { get }
    /// How many seconds a published fragment may be shown.
    static var lifetimeSeconds: Int { get }
    /// The components whose styles the published fragment needs; pages with its slot have them.
    ///
    /// Written as a computed property: `static var uses: [any Component.Type] { [Badge.self] }`.
    static var uses: [any Component.Type] { get }
    /// Takes the row.
    init(row: Row)
}

extension Fragment {
    /// One hour.
    public static var lifetimeSeconds: Int { 3600 }
    /// None but the fragment's own.
    public static var uses: [any Component.Type] { [] }
}

/// A fragment that everybody sees alike.
public protocol SharedFragment: Fragment where Row: SharedRow {
    /// What tells this row's fragment from the others; empty if there is only one.
    static func key(_ row: Row) -> String
}

extension SharedFragment {
    /// There is only one.
    public static func key(_ row: Row) -> String { "" }
}

/// A fragment that one visitor sees, found through a cookie.
public protocol PrivateFragment: Fragment {
    /// The cookie whose value names the visitor.
    static var cookie: String { get }
    /// The cookie value of the visitor to whom the row belongs.
    static func visitor(_ row: Row) -> String
}

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
