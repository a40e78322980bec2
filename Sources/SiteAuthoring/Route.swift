// Routes: which pages and files a site has, with the row types erased.
//
// `.pages(LookPage.self)` stands for one page per row. The builder sees only what it needs: which
// view to read, and a function from a row to a page that waits to be rendered. Decoding happens
// where rows arrive, rendering on any thread.

/// One kind of page or file.
public struct Route: Sendable {
    /// The name of the author's type, for reports and messages.
    package let name: String
    /// What a browser gets.
    package let output: Output
    /// Where the pages come from.
    package let source: Source

    /// What a route makes.
    package enum Output: Sendable, Hashable {
        /// Web pages; `isListed` says whether they stand in the site map.
        case page(isListed: Bool)
        /// The answer to unknown addresses.
        case notFound
        /// XML files of this media type.
        case xml(contentType: String)
    }

    /// Where pages come from.
    package enum Source: Sendable {
        /// One page for each row of a view.
        case rows(ViewSchema, @Sendable (borrowing RowReader) throws(RowError) -> PreparedPage)
        /// One page without a row.
        case single(PreparedPage)
    }

    /// One page for each row of the view.
    public static func pages<P: Page>(_ page: P.Type) -> Route {
        Route(
            name: "\(P.self)", output: .page(isListed: P.isListed),
            source: .rows(P.Row.schema) { (reader) throws(RowError) in
                let row = try P.Row(from: reader)
                return PreparedPage(
                    path: P.path(row).pagePath.text, rowKey: row.rowKey, modified: P.modified(row)
                ) { environment in
                    render(.html, in: environment) { P(row: row) }
                }
            })
    }

    /// One page without a row.
    public static func page<P: StaticPage>(_ page: P.Type) -> Route {
        Route(
            name: "\(P.self)", output: .page(isListed: P.isListed),
            source: .single(
                PreparedPage(path: P.path.pagePath.text, rowKey: "", modified: nil) { environment in
                    render(.html, in: environment) { P() }
                }))
    }

    /// The page for addresses that the site does not have.
    public static func notFound<P: NotFoundPage>(_ page: P.Type) -> Route {
        Route(
            name: "\(P.self)", output: .notFound,
            source: .single(
                PreparedPage(path: "/404.html", rowKey: "", modified: nil) { environment in
                    render(.html, in: environment) { P() }
                }))
    }

    /// One file for each row of the view.
    public static func files<F: XMLFile>(_ file: F.Type) -> Route {
        Route(
            name: "\(F.self)", output: .xml(contentType: F.contentType),
            source: .rows(F.Row.schema) { (reader) throws(RowError) in
                let row = try F.Row(from: reader)
                return PreparedPage(
                    path: F.path(row).pagePath.text, rowKey: row.rowKey, modified: nil
                ) { environment in
                    render(.xml, in: environment) { F(row: row) }
                }
            })
    }
}

/// A page that waits to be rendered.
package struct PreparedPage: Sendable {
    /// The path as text, composed.
    package let path: String
    /// The key of the row, for messages; empty without a row.
    package let rowKey: String
    /// When the page last changed, if the author says so.
    package let modified: Timestamp?
    /// Renders the page; the same result whenever and wherever it is called.
    package let render: @Sendable (any RenderEnvironment) -> RenderedDocument
}

/// A fragment as rendered from its row.
package struct RenderedFragment: Sendable {
    /// For whom a fragment is.
    package enum Address: Sendable, Hashable {
        /// For everybody; the key tells the rows of one view apart.
        case shared(key: String)
        /// For the visitor whose cookie has this value.
        case perVisitor(cookieValue: String)
    }

    /// For whom it is.
    package let address: Address
    /// The key of the row, for messages.
    package let rowKey: String
    /// The rendered bytes and the components met.
    package let document: RenderedDocument
}
