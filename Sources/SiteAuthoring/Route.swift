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

/// One kind of fragment, with the row type erased.
public struct FragmentRoute: Sendable {
    /// The fragment's name in Redis.
    package let name: String
    /// The view to read.
    package let schema: ViewSchema
    /// How many seconds a published fragment may be shown.
    package let lifetimeSeconds: Int
    /// The components whose styles a page with the slot has.
    package let styledComponents: ComponentSet
    /// Decodes a row and renders it.
    package let render:
        @Sendable (borrowing RowReader, any RenderEnvironment) throws(RowError) -> RenderedFragment

    /// A fragment that everybody sees alike.
    public static func shared<F: SharedFragment>(_ fragment: F.Type) -> FragmentRoute {
        make(F.self) { .shared(key: F.key($0)) }
    }

    /// A fragment of one visitor.
    public static func perVisitor<F: PrivateFragment>(_ fragment: F.Type) -> FragmentRoute {
        make(F.self) { .perVisitor(cookieValue: F.visitor($0)) }
    }

    private static func make<F: Fragment>(
        _ fragment: F.Type, address: @escaping @Sendable (F.Row) -> RenderedFragment.Address
    ) -> FragmentRoute {
        FragmentRoute(
            name: F.name, schema: F.Row.schema, lifetimeSeconds: F.lifetimeSeconds,
            styledComponents: ComponentSet([F.self] + F.uses)
        ) { (reader, environment) throws(RowError) in
            let row = try F.Row(from: reader)
            let document = Markup.render(.fragment, in: environment) { F(row: row) }
            return RenderedFragment(
                address: address(row), rowKey: row.rowKey, document: document)
        }
    }
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
