// The pages, components and fragments of the tests' site: one of each kind that authors can write.
//
// They use only what authors see; no test looks at them but through a build.

import SiteAuthoring

/// A component with styles and a script.
struct Card: Component {
    static let styles: CSS? = """
        .card {
            color: #ff0000;
        }
        """
    static let script: JS? = "document.querySelector('.card').dataset.ready = 'yes';"
    @HTMLBuilder let content: () -> HTML

    var view: HTML { article(.cls("card")) { content() } }
}

/// A component with styles alone.
struct Badge: Component {
    static let styles: CSS? = ".badge { font-weight: 700 }"
    let label: String

    var view: HTML { b(.cls("badge")) { label } }
}

struct BookPage: Page {
    let row: BookRow

    static func path(_ row: BookRow) -> String { "/books/\(row.slug)/" }
    static func modified(_ row: BookRow) -> Timestamp? { row.changed }

    var view: HTML {
        html(.lang("en")) {
            head {
                title { row.title }
                link(.rel("canonical"), .href(absoluteURL("/books/\(row.slug)/")))
            }
            body {
                Card {
                    h1 { row.title }
                    p { row.blurb }
                    p { row.author.name }
                }
                a(.href(row.link)) { "More" }
                img(.src(asset(row.cover)), .alt(row.title))
            }
        }
    }
}

struct ShelfPage: Page {
    let row: ShelfRow

    static func path(_ row: ShelfRow) -> String { "/" }

    var view: HTML {
        html(.lang("en")) {
            head { title { "Library" } }
            body {
                ul { for book in row.books { li { book.title } } }
                Slot(Popular.self, key: "new", placement: .inline(capacity: 512)) {
                    p { "Nothing yet." }
                }
            }
        }
    }
}

struct BasketPage: StaticPage {
    static let path = "/basket/"
    static let isListed = false

    var view: HTML {
        html(.lang("en")) {
            head { title { "Basket" } }
            body { Slot(Basket.self, placement: .inline(capacity: 256)) { "empty" } }
        }
    }
}

struct LostPage: NotFoundPage {
    var view: HTML {
        html(.lang("en")) {
            head { title { "Lost" } }
            body { p { "No such page." } }
        }
    }
}

struct ShelfFeed: XMLFile {
    static let contentType = "application/atom+xml; charset=utf-8"
    let row: ShelfRow

    static func path(_ row: ShelfRow) -> String { "/feed.atom" }

    var view: HTML {
        element("feed", .attr("xmlns", "http://www.w3.org/2005/Atom")) {
            for book in row.books { element("title") { book.title } }
        }
    }
}

struct Popular: SharedFragment {
    static let name = "popular"
    static let lifetimeSeconds = 90
    static var uses: [any Component.Type] { [Badge.self] }
    let row: PopularRow

    static func key(_ row: PopularRow) -> String { row.genre }

    var view: HTML { p { Badge(label: row.label) } }
}

struct Basket: PrivateFragment {
    static let name = "basket"
    static let cookie = "basket"
    let row: BasketRow

    static func visitor(_ row: BasketRow) -> String { row.token }

    var view: HTML { "\(row.quantity) books" }
}

/// The whole site.
let library = librarySite()

/// The site with other routes or fragments.
func librarySite(
    routes: [Route] = [
        .pages(BookPage.self), .pages(ShelfPage.self), .page(BasketPage.self),
        .notFound(LostPage.self), .files(ShelfFeed.self),
    ], fragments: [FragmentRoute] = [.shared(Popular.self), .perVisitor(Basket.self)]
) -> Site {
    Site(
        title: "Library", origin: Origin(literal: "https://library.example"), routes: routes,
        fragments: fragments, foreignFragments: fragments.isEmpty ? ["popular", "basket"] : [])
}
