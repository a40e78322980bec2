// Routes: which pages and files a site has, with the row types erased.
//
// `.pages(LookPage.self)` stands for one page per row, `.outputs(…)` for any number of pages, files
// and redirects. The builder sees only what it needs: which view to read, and a function from a row
// to outputs that wait to be rendered. Decoding happens where rows arrive, rendering on any thread.

/// One kind of page or file.
public struct Route: Sendable {
    /// The name of the author's type, for reports and messages.
    package let name: String
    /// Where the outputs come from.
    package let source: Source

    /// Where outputs come from.
    package enum Source: Sendable {
        /// The outputs of each row of a view.
        case rows(ViewSchema, @Sendable (borrowing RowReader) throws(RowError) -> RowOutputs)
        /// Outputs without a row.
        case single(RowOutputs)
    }

    /// Any number of pages, files and redirects for each row of a view.
    ///
    /// - Parameters:
    ///   - name: what reports call the route; a site has it once.
    ///   - row: the generated row type of the view.
    ///   - outputs: what a row becomes: a pure function of it, at most 1,024 outputs.
    /// - Returns: the route.
    public static func outputs<Row: SharedRow>(
        _ name: String, of row: Row.Type, _ outputs: @escaping @Sendable (Row) -> [Output]
    ) -> Route {
        Route(
            name: name,
            source: .rows(Row.schema) { (reader) throws(RowError) in
                let row = try Row(from: reader)
                return RowOutputs(rowKey: row.rowKey, outputs: outputs(row))
            })
    }

    /// One page for each row of the view; where the view says `moved:`, earlier addresses lead to
    /// it.
    public static func pages<P: Page>(_ page: P.Type) -> Route {
        Route(
            name: "\(P.self)",
            source: .rows(P.Row.schema) { (reader) throws(RowError) in
                let row = try P.Row(from: reader)
                let path = P.path(row).pagePath
                let output = Output.page(
                    at: path, isListed: P.isListed, modified: P.modified(row), P(row: row))
                let earlier = try reader.earlierRows(of: P.Row.self) { P.path($0).pagePath }
                return RowOutputs(
                    rowKey: row.rowKey,
                    outputs: [output]
                        + Set(earlier).subtracting([path]).sorted { $0.text < $1.text }
                        .map { .redirect(from: $0, .to(path)) })
            })
    }

    /// One page without a row.
    public static func page<P: StaticPage>(_ page: P.Type) -> Route {
        single("\(P.self)", .page(at: P.path, isListed: P.isListed, P()))
    }

    /// The page for addresses that the site does not have.
    public static func notFound<P: NotFoundPage>(_ page: P.Type) -> Route {
        let rendering: Output.Rendering = { render(.html, in: $0) { P() } }
        return single("\(P.self)", Output(path: "/404.html", .notFound(rendering)))
    }

    /// One file in XML for each row of the view.
    public static func files<F: XMLFile>(_ file: F.Type) -> Route {
        outputs("\(F.self)", of: F.Row.self) { row in
            [.xml(at: F.path(row), mediaType: F.contentType, F(row: row))]
        }
    }

    /// One file of text for each row of the view.
    public static func files<F: TextFile>(_ file: F.Type) -> Route {
        outputs("\(F.self)", of: F.Row.self) { row in
            [.text(at: F.path(row), mediaType: F.contentType, F.text(row))]
        }
    }

    /// One file in JSON for each row of the view.
    public static func files<F: JSONFile>(_ file: F.Type) -> Route {
        outputs("\(F.self)", of: F.Row.self) { row in
            [.json(at: F.path(row), mediaType: F.contentType, F.json(row))]
        }
    }

    /// One file of bytes for each row of the view.
    public static func files<F: DataFile>(_ file: F.Type) -> Route {
        outputs("\(F.self)", of: F.Row.self) { row in
            [.bytes(at: F.path(row), mediaType: F.contentType(row), F.bytes(row))]
        }
    }

    /// One redirect for each row of the view.
    public static func redirects<R: Redirect>(_ redirect: R.Type) -> Route {
        outputs("\(R.self)", of: R.Row.self) { row in
            [.redirect(from: R.path(row), R.destination(row))]
        }
    }

    private static func single(_ name: String, _ output: Output) -> Route {
        Route(name: name, source: .single(RowOutputs(rowKey: "", outputs: [output])))
    }
}

/// What one row becomes.
package struct RowOutputs: Sendable {
    /// The key of the row, for messages; empty without a row.
    package let rowKey: String
    /// The outputs, in the author's order.
    package let outputs: [Output]
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
