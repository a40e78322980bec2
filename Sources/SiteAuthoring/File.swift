// What an author writes for files that are no web pages: one for each row of a view.
//
// The three kinds differ in what guards them: JSON has to be JSON, a text may be anything but a web
// page, and bytes come as a column has them. XML is made of components; see `XMLFile`.

/// A file of text, one for each row of a view: CSV, iCalendar, plain text.
///
/// ```swift
/// struct PriceList: TextFile {
///     static let contentType = "text/csv; charset=utf-8"
///     static func path(_ row: PriceListRow) -> PagePath { "/prices.csv" }
///     static func text(_ row: PriceListRow) -> String { row.lines.joined(separator: "\r\n") }
/// }
/// ```
public protocol TextFile: SendableMetatype {
    /// The generated row type of the view.
    associatedtype Row: SharedRow
    /// `PagePath`, or `String`.
    associatedtype Path: PathText
    /// The media type; `text/plain; charset=utf-8` unless the author says otherwise. Types of web
    /// pages are refused.
    static var contentType: String { get }
    /// The file's path as text, such as `/prices.csv`.
    static func path(_ row: Row) -> Path
    /// The text, which is written in UTF-8.
    static func text(_ row: Row) -> String
}

extension TextFile {
    /// Plain text.
    public static var contentType: String { "text/plain; charset=utf-8" }
}

/// A file in JSON, one for each row of a view: an index for search, data for a script.
///
/// ```swift
/// struct SearchIndex: JSONFile {
///     static func path(_ row: SearchIndexRow) -> PagePath { "/search.json" }
///     static func json(_ row: SearchIndexRow) -> JSONDocument { JSONDocument(row.entries) }
/// }
/// ```
public protocol JSONFile: SendableMetatype {
    /// The generated row type of the view.
    associatedtype Row: SharedRow
    /// `PagePath`, or `String`.
    associatedtype Path: PathText
    /// The media type; `application/json` unless the author names one that ends in `+json`.
    static var contentType: String { get }
    /// The file's path as text, such as `/search.json`.
    static func path(_ row: Row) -> Path
    /// The JSON: `JSONDocument(row.column)` or `JSONDocument(encoding: value)`.
    static func json(_ row: Row) -> JSONDocument
}

extension JSONFile {
    /// JSON.
    public static var contentType: String { "application/json" }
}

/// A file of bytes, one for each row of a view, such as an image from a column of type `bytea`.
///
/// ```swift
/// struct Cover: DataFile {
///     static func path(_ row: CoverRow) -> PagePath { "/covers/\(row.slug).jpeg" }
///     static func contentType(_ row: CoverRow) -> String { "image/jpeg" }
///     static func bytes(_ row: CoverRow) -> [UInt8] { row.image.bytes }
/// }
/// ```
public protocol DataFile: SendableMetatype {
    /// The generated row type of the view.
    associatedtype Row: SharedRow
    /// `PagePath`, or `String`.
    associatedtype Path: PathText
    /// The file's path as text.
    static func path(_ row: Row) -> Path
    /// The media type; types of web pages are refused.
    static func contentType(_ row: Row) -> String
    /// The bytes.
    static func bytes(_ row: Row) -> [UInt8]
}
