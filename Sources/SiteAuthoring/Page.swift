// What an author writes for a page: a component made from one row of a view, and its address.
//
// A page is a pure function of its row: no clock, no random number, no I/O. A row that belongs to
// one visitor (`PrivateRow`) is refused here by the type checker; such rows reach a page only
// through a `PrivateFragment`. Each protocol is a `Component`, so a page can be tested alone.

/// One page for each row of a view.
///
/// ```swift
/// struct LookPage: Page {
///     let row: LookPageRow
///     static func path(_ row: LookPageRow) -> PagePath { "/looks/\(row.slug)/" }
///     var view: HTML { Layout(heading: row.name) { p { row.text } } }
/// }
/// ```
public protocol Page: Component, SendableMetatype {
    /// The generated row type of the view.
    associatedtype Row: SharedRow
    /// `PagePath`, which links take as it is, or `String`.
    associatedtype Path: PathText
    /// Whether the page stands in the site map; true unless the author says otherwise.
    static var isListed: Bool { get }
    /// The page's path as text, nothing encoded: starts with `/`, and ends with `/` unless it names
    /// a file.
    static func path(_ row: Row) -> Path
    /// When the page last changed, for the site map; nil leaves the date out.
    static func modified(_ row: Row) -> Timestamp?
    /// Takes the row.
    init(row: Row)
}

extension Page {
    /// Pages are listed in the site map.
    public static var isListed: Bool { true }
    /// No date.
    public static func modified(_ row: Row) -> Timestamp? { nil }
}

/// A page without a row, such as an imprint.
public protocol StaticPage: Component, SendableMetatype {
    /// `PagePath`, or `String`.
    associatedtype Path: PathText
    /// The page's path as text, nothing encoded.
    static var path: Path { get }
    /// Whether the page stands in the site map; true unless the author says otherwise.
    static var isListed: Bool { get }
    /// Makes the page.
    init()
}

extension StaticPage {
    /// Pages are listed in the site map.
    public static var isListed: Bool { true }
}

/// The page that answers every address the site does not have, with status 404.
public protocol NotFoundPage: Component, SendableMetatype {
    /// Makes the page.
    init()
}

/// A file that is not a web page, one for each row of a view: a feed, a drawing, a data file.
///
/// Its `view` is written as XML: `element("feed", …)`.
public protocol XMLFile: Component, SendableMetatype {
    /// The generated row type of the view.
    associatedtype Row: SharedRow
    /// The media type, such as `application/atom+xml; charset=utf-8`.
    static var contentType: String { get }
    /// `PagePath`, or `String`.
    associatedtype Path: PathText
    /// The file's path as text, such as `/feed.atom`.
    static func path(_ row: Row) -> Path
    /// Takes the row.
    init(row: Row)
}
