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
