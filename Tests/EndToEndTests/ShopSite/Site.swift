// What the site is made of, and what its pages have in common.

import SiteAuthoring

struct Link: Codable, Sendable {
    let slug: String
    let name: String
}

struct AlbumEntry: Decodable, Sendable {
    let slug: String
    let title: String
}

enum Settings {
    static let name = Setting("SHOP_NAME", default: "Crate")
}

let site = Site(
    title: "Crate", origin: Origin(literal: "https://crate.example/shop"),
    routes: [
        .pages(HomePage.self), .pages(AlbumPage.self), .pages(ArtistPage.self),
        .pages(AlbumListPage.self), .notFound(LostPage.self), .files(SearchIndex.self),
        .files(Feed.self), .redirects(OldPath.self),
    ],
    fragments: [.shared(BestSellers.self), .perVisitor(BasketCount.self)],
    headers: [.allow(.images, from: "https://covers.example", on: .pages(AlbumPage.self))],
    settings: [Settings.name])

struct Layout: Component {
    static var styles: CSS? {
        """
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; }
        nav { display: flex; gap: 1rem; justify-content: space-between; }
        """
    }

    let heading: String
    let path: PagePath
    @HTMLBuilder let content: () -> HTML

    var view: HTML {
        html(.lang("en")) {
            head {
                title { "\(heading) – \(Settings.name.value)" }
                meta(.name("viewport"), .content("width=device-width"))
                link(.rel("canonical"), .href(absoluteURL(path)))
                link(.rel("alternate"), .type("application/atom+xml"), .href("/feed.atom"))
                link(.rel("icon"), .href(asset("icon.svg")))
            }
            body {
                nav {
                    a(.href("/")) { Settings.name.value }
                    a(.href("/albums/")) { "Albums" }
                    span {
                        "Basket: "
                        Slot(BasketCount.self, placement: .inline(capacity: 64)) { "0" }
                    }
                }
                main {
                    h1 { heading }
                    content()
                }
            }
        }
    }
}

struct AlbumLinks: Component {
    let links: [Link]

    var view: HTML {
        ul {
            for link in links { li { a(.href("/albums/\(link.slug)/")) { link.name } } }
        }
    }
}
