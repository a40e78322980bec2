// What a row becomes: pages, documents, files, redirects, any number of each.
//
// An output is an address and what is there, with the author's types erased. Rendering waits: the
// builder does it on any thread, and `watch` for the pages that are looked at alone.

/// One thing that a site has at one address.
///
/// ```swift
/// Route.outputs("Covers", of: AlbumRow.self) { row in
///     [
///         .page(at: "/albums/\(row.slug)/", AlbumPage(row: row)),
///         .bytes(at: "/albums/\(row.slug).jpeg", mediaType: "image/jpeg", row.cover.bytes),
///         .redirect(from: "/album.php/\(row.id)", .to("/albums/\(row.slug)/")),
///     ]
/// }
/// ```
public struct Output: Sendable {
    /// Renders a document; the same result whenever and wherever it is called.
    package typealias Rendering = @Sendable (any RenderEnvironment) -> RenderedDocument

    /// What is at an address.
    package enum Body: Sendable {
        /// A web page; `isListed` says whether it stands in the site map.
        case page(isListed: Bool, Rendering)
        /// The answer to unknown addresses.
        case notFound(Rendering)
        /// A document in XML.
        case xml(mediaType: String, Rendering)
        /// A text in UTF-8.
        case text(mediaType: String, @Sendable () -> String)
        /// JSON.
        case json(mediaType: String, @Sendable () -> JSONDocument)
        /// Bytes.
        case bytes(mediaType: String, @Sendable () -> [UInt8])
        /// Another address, or that there is none.
        case moved(Destination)
    }

    /// The path as text, composed.
    package let path: String
    /// When a page last changed, if the author says so.
    package let modified: Timestamp?
    /// What is there.
    package let body: Body

    /// Puts a body at a path.
    package init(path: some PathText, modified: Timestamp? = nil, _ body: Body) {
        self.path = path.pagePath.text
        self.modified = modified
        self.body = body
    }

    /// A web page.
    ///
    /// - Parameters:
    ///   - path: its path as text, nothing encoded.
    ///   - isListed: whether it stands in the site map.
    ///   - modified: when it last changed, for the site map; nil leaves the date out.
    ///   - page: the component, made when it is rendered.
    /// - Returns: the output.
    public static func page<Content: Component>(
        at path: some PathText, isListed: Bool = true, modified: Timestamp? = nil,
        _ page: @escaping @autoclosure @Sendable () -> Content
    ) -> Output {
        Output(
            path: path, modified: modified,
            .page(isListed: isListed) { environment in render(.html, in: environment) { page() } })
    }

    /// A document in XML: a feed, a drawing.
    ///
    /// - Parameters:
    ///   - path: its path as text, such as `/feed.atom`.
    ///   - mediaType: `application/xml`, or a type that ends in `+xml`; others stop the build.
    ///   - document: the component, made when it is rendered.
    /// - Returns: the output.
    public static func xml<Content: Component>(
        at path: some PathText, mediaType: String,
        _ document: @escaping @autoclosure @Sendable () -> Content
    ) -> Output {
        Output(
            path: path,
            .xml(mediaType: mediaType) { environment in
                render(.xml, in: environment) { document() }
            })
    }

    /// A text, in UTF-8.
    ///
    /// - Parameters:
    ///   - path: its path as text, such as `/prices.csv`.
    ///   - mediaType: any type but those of web pages, which are made of components.
    ///   - text: the text, made when it is written.
    /// - Returns: the output.
    public static func text(
        at path: some PathText, mediaType: String = "text/plain; charset=utf-8",
        _ text: @escaping @autoclosure @Sendable () -> String
    ) -> Output { Output(path: path, .text(mediaType: mediaType, text)) }

    /// JSON.
    ///
    /// - Parameters:
    ///   - path: its path as text, such as `/search.json`.
    ///   - mediaType: `application/json`, or a type that ends in `+json`; others stop the build.
    ///   - json: the JSON, made when it is written; see `JSONDocument`.
    /// - Returns: the output.
    public static func json(
        at path: some PathText, mediaType: String = "application/json",
        _ json: @escaping @autoclosure @Sendable () -> JSONDocument
    ) -> Output { Output(path: path, .json(mediaType: mediaType, json)) }

    /// Bytes, such as an image from a column of type `bytea`.
    ///
    /// - Parameters:
    ///   - path: its path as text, such as `/covers/1.jpeg`.
    ///   - mediaType: any type but those of web pages, which are made of components.
    ///   - bytes: the bytes, made when they are written.
    /// - Returns: the output.
    public static func bytes(
        at path: some PathText, mediaType: String,
        _ bytes: @escaping @autoclosure @Sendable () -> [UInt8]
    ) -> Output { Output(path: path, .bytes(mediaType: mediaType, bytes)) }

    /// The way from an address that was one to where its page is now, or that it is gone.
    ///
    /// - Parameters:
    ///   - path: the old path as text, nothing encoded.
    ///   - destination: where it leads.
    /// - Returns: the output.
    public static func redirect(from path: some PathText, _ destination: Destination) -> Output {
        Output(path: path, .moved(destination))
    }
}
