// What a builder sees of the types that an author wrote: paths, keys, slots and rendered bytes.
//
// Rows come from a real PostgreSQL, because a `RowReader` cannot be made by hand; no view is
// installed for them.

import Markup
import MaterializedViews
import Postgres
import SiteAuthoring
import TestSupport
import Testing

/// As the generator writes it for a view with the columns id and name.
final class ThingRow: SharedRow {
    let id: Int
    let name: String
    static let schema = ViewSchema(
        name: "thing", key: ["id"], columns: [.init("id", "integer"), .init("name", "text")],
        digest: "")
    var rowKey: String { "\(id)" }

    init(from row: borrowing RowReader) throws(RowError) {
        id = try row.column(0, of: Self.self)
        name = try row.column(1, of: Self.self)
    }
}

private struct Styled: Component {
    static let styles: CSS? = "b { margin: 0 }"
    var view: HTML { b { "s" } }
}

private struct Hot: SharedFragment {
    static let name = "hot"
    static var uses: [any Component.Type] { [Styled.self] }
    let row: ThingRow
    static func key(_ row: ThingRow) -> String { "k\(row.id)" }
    var view: HTML { p { row.name } }
}

private struct Alone: SharedFragment {
    static let name = "alone"
    static let lifetimeSeconds = 5
    static let styles: CSS? = "i { margin: 0 }"
    let row: ThingRow
    var view: HTML { i { row.name } }
}

private struct Mine: PrivateFragment {
    static let name = "mine"
    static let cookie = "who"
    let row: ThingRow
    static func visitor(_ row: ThingRow) -> String { row.name }
    var view: HTML { row.name }
}

private struct ThingPage: Page {
    let row: ThingRow
    static func path(_ row: ThingRow) -> String { "/things/\(row.id)/" }
    var view: HTML {
        h1 { row.name }
        img(.src(asset("a.svg")), .alt(""))
        a(.href(absoluteURL("/x/"))) { "x" }
        Slot(Hot.self, key: "k1") { "f" }
        Slot(Mine.self, placement: .inline(capacity: 300)) { "me" }
        Slot(Alone.self) {}
    }
}

private struct DatedPage: Page {
    static let isListed = false
    let row: ThingRow
    static func path(_ row: ThingRow) -> String { "/dated/" }
    static func modified(_ row: ThingRow) -> Timestamp? {
        Timestamp(microsecondsSince1970: 1_000_000)
    }
    var view: HTML { row.name }
}

private struct Imprint: StaticPage {
    static let path = "/imprint/"
    var view: HTML { p { "Imprint" } }
}

private struct Lost: NotFoundPage {
    var view: HTML { p { "Lost" } }
}

private struct ThingFile: XMLFile {
    static let contentType = "image/svg+xml"
    let row: ThingRow
    static func path(_ row: ThingRow) -> String { "/things/\(row.id).svg" }
    var view: HTML { element("svg") { row.name } }
}

/// Knows one asset.
private final class Surroundings: RenderEnvironment {
    let origin = "https://things.example"
    func assetPath(_ path: String) -> String? { path == "a.svg" ? "/assets/a-1.svg" : nil }
}

@Suite("Routes") struct RouteTests {
    private let surroundings = Surroundings()

    /// Decodes one row of this name with a route of rows.
    private func outputs(_ route: Route, name: String = "N") throws -> RowOutputs {
        guard case .rows(let schema, let decode) = route.source else {
            throw RowError(view: "", column: "", key: nil, reason: .null)
        }
        #expect(schema == ThingRow.schema)
        let connection = try Connection(to: ThrowAwayPostgres.database())
        let pages = try connection.rows("SELECT 7, $1::text", [Parameter(name)]) {
            (row) throws(PostgresError) -> Result<RowOutputs, RowError> in
            do throws(RowError) { return .success(try decode(row)) } catch {
                return .failure(error)
            }
        }
        return try #require(pages.first).get()
    }

    /// What an output is, in words.
    private func kind(_ output: Output) -> String {
        switch output.body {
        case .page(let isListed, _): isListed ? "listed page" : "page"
        case .notFound: "not found"
        case .xml(let type, _), .text(let type, _), .json(let type, _), .bytes(let type, _): type
        case .moved: "moved"
        }
    }

    /// The rendered document of a page or of XML.
    private func document(
        _ output: Output, in environment: (any RenderEnvironment)? = nil
    ) throws -> RenderedDocument {
        switch output.body {
        case .page(_, let rendering), .notFound(let rendering), .xml(_, let rendering):
            return rendering(environment ?? surroundings)
        case .text, .json, .bytes, .moved: throw NoDocument()
        }
    }

    private struct NoDocument: Error {}

    private func text(_ document: RenderedDocument) -> String {
        String(decoding: document.bytes, as: UTF8.self)
    }

    @Test func `a page of rows has its path, its row's key and its document`() throws {
        let route = Route.pages(ThingPage.self)
        #expect(route.name == "ThingPage")
        let outputs = try outputs(route, name: "<N>")
        let page = try #require(outputs.outputs.first)
        #expect(page.path == "/things/7/" && outputs.rowKey == "7" && page.modified == nil)
        #expect(kind(page) == "listed page")
        let document = try document(page)
        #expect(document.faults.isEmpty)
        #expect(
            text(document) == "<!DOCTYPE html><h1>&lt;N&gt;</h1>"
                + "<img src=\"/assets/a-1.svg\" alt=\"\">"
                + "<a href=\"https://things.example/x/\">x</a>fme")
    }

    @Test func `slots carry descriptor, placement and the styles of what fills them`() throws {
        let page = try #require(try outputs(.pages(ThingPage.self)).outputs.first)
        let document = try document(page)
        #expect(
            document.slots.map(\.descriptor) == [
                SlotDescriptor(name: "hot", key: "k1", scope: .shared, placement: .inline()),
                SlotDescriptor(
                    name: "mine", key: "", scope: .perVisitor(cookie: "who"),
                    placement: .inline(capacity: 300)),
                SlotDescriptor(name: "alone", key: "", scope: .shared, placement: .inline()),
            ])
        #expect(
            Set(document.components.styles.map(\.css)) == ["b { margin: 0 }", "i { margin: 0 }"])
    }

    @Test func `a page may stay out of the site map and say when it changed`() throws {
        let route = Route.pages(DatedPage.self)
        let page = try #require(try outputs(route).outputs.first)
        #expect(kind(page) == "page")
        #expect(page.modified?.description == "1970-01-01T00:00:01Z")
    }

    @Test func `pages without a row have a path and no key`() throws {
        for (route, kind, path, body) in [
            (Route.page(Imprint.self), "listed page", "/imprint/", "Imprint"),
            (Route.notFound(Lost.self), "not found", "/404.html", "Lost"),
        ] {
            guard case .single(let row) = route.source, let page = row.outputs.first else {
                Issue.record("\(route.name) has rows")
                continue
            }
            #expect(self.kind(page) == kind)
            #expect(page.path == path && row.rowKey.isEmpty)
            #expect(text(try document(page)) == "<!DOCTYPE html><p>\(body)</p>")
        }
    }

    @Test func `a file is XML of its media type`() throws {
        let route = Route.files(ThingFile.self)
        let page = try #require(try outputs(route, name: "a & b").outputs.first)
        #expect(kind(page) == "image/svg+xml")
        #expect(page.path == "/things/7.svg")
        #expect(
            text(try document(page))
                == "<?xml version=\"1.0\" encoding=\"utf-8\"?><svg>a &amp; b</svg>")
    }

    @Test func `a row that does not fit is a row error`() throws {
        #expect(throws: RowError.self) {
            guard case .rows(_, let decode) = Route.pages(ThingPage.self).source else { return }
            let connection = try Connection(to: ThrowAwayPostgres.database())
            let results = try connection.rows("SELECT NULL::int, 'x'::text") {
                (row) throws(PostgresError) -> Result<RowOutputs, RowError> in
                do throws(RowError) { return .success(try decode(row)) } catch {
                    return .failure(error)
                }
            }
            _ = try results[0].get()
        }
    }

    @Test func `asset of an unknown file is a fault of the page`() throws {
        final class Bare: RenderEnvironment {
            let origin = ""
            func assetPath(_ path: String) -> String? { nil }
        }
        let page = try #require(try outputs(.pages(ThingPage.self)).outputs.first)
        let document = try document(page, in: Bare())
        #expect(document.faults.map(\.reason) == [.unknownAsset("a.svg")])
        #expect(text(document).contains("src=\"a.svg\""))
    }

    @Test func `fragments carry name, view, lifetime and the components whose styles they need`() {
        let hot = FragmentRoute.shared(Hot.self)
        #expect(hot.name == "hot" && hot.schema == ThingRow.schema)
        #expect(hot.lifetimeSeconds == 3600)
        #expect(hot.styledComponents.styles.map(\.css) == ["b { margin: 0 }"])
        let alone = FragmentRoute.shared(Alone.self)
        #expect(alone.lifetimeSeconds == 5)
        #expect(alone.styledComponents.styles.map(\.css) == ["i { margin: 0 }"])
        #expect(FragmentRoute.perVisitor(Mine.self).styledComponents.isEmpty)
    }

    @Test func `a fragment is rendered without a document around it, for its address`() throws {
        let connection = try Connection(to: ThrowAwayPostgres.database())
        let surroundings = surroundings
        for (route, address, body) in [
            (
                FragmentRoute.shared(Hot.self), RenderedFragment.Address.shared(key: "k7"),
                "<p>N</p>"
            ),
            (.shared(Alone.self), .shared(key: ""), "<i>N</i>"),
            (.perVisitor(Mine.self), .perVisitor(cookieValue: "N"), "N"),
        ] {
            let made = try connection.rows("SELECT 7, 'N'::text") {
                (row) throws(PostgresError) -> Result<RenderedFragment, RowError> in
                do throws(RowError) {
                    return .success(try route.render(row, surroundings))
                } catch { return .failure(error) }
            }
            let fragment = try #require(made.first).get()
            #expect(fragment.address == address)
            #expect(fragment.rowKey == "7")
            #expect(text(fragment.document) == body)
        }
    }
}

@Suite("Site") struct SiteTests {
    @Test func `a site without fragments and sample has none`() {
        let site = Site(title: "T", origin: Origin(literal: "https://t.example"), routes: [])
        #expect(site.fragments.isEmpty && site.sample == nil && site.routes.isEmpty)
    }
}
