/// An address that was one, for each row of a view.
///
/// ```swift
/// struct OldAlbums: Redirect {
///     static func path(_ row: OldAlbumRow) -> PagePath { "/album.php/\(row.id)" }
///     static func destination(_ row: OldAlbumRow) -> Destination {
///         row.slug.map { .to("/albums/\($0)/") } ?? .gone
///     }
/// }
/// ```
public protocol Redirect: SendableMetatype {
    /// The generated row type of the view.
    associatedtype Row: SharedRow
    /// `PagePath`, or `String`.
    associatedtype Path: PathText
    /// The old path as text, nothing encoded.
    static func path(_ row: Row) -> Path
    /// Where it leads.
    static func destination(_ row: Row) -> Destination
}
