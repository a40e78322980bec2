// The pages and the fragments.

import SiteAuthoring

struct HomePage: Page {
    let row: HomeRow
    static func path(_ row: HomeRow) -> PagePath { "/" }

    var view: HTML {
        Layout(heading: "Records", path: Self.path(row)) {
            p { "\(Format.number(row.count)) albums. The newest:" }
            AlbumLinks(links: row.newest)
            h2 { "Sold most" }
            Slot(BestSellers.self, placement: .inline(capacity: 1024)) { p { "Nothing yet." } }
        }
    }
}

struct AlbumPage: Page {
    let row: AlbumPageRow
    static func path(_ row: AlbumPageRow) -> PagePath { "/albums/\(row.slug)/" }

    var view: HTML {
        Layout(heading: row.title, path: Self.path(row)) {
            p {
                a(.href("/artists/\(row.artist.slug)/")) { row.artist.name }
                ", \(Format.date(row.released)), €\(Format.number(row.price))"
            }
            ol { for song in row.songs { li { song } } }
        }
    }
}

struct ArtistPage: Page {
    let row: ArtistPageRow
    static func path(_ row: ArtistPageRow) -> PagePath { "/artists/\(row.slug)/" }

    var view: HTML {
        Layout(heading: row.name, path: Self.path(row)) {
            p { "\(row.count) albums" }
            AlbumLinks(links: row.albums)
        }
    }
}

struct AlbumListPage: Page {
    let row: AlbumListRow
    static func path(_ row: AlbumListRow) -> PagePath { paging(row).path }

    private static func paging(_ row: AlbumListRow) -> Paging {
        Paging("/albums/", page: row.page, of: row.pages)
    }

    var view: HTML {
        Layout(heading: "Albums, page \(row.page)", path: Self.path(row)) {
            AlbumLinks(links: row.entries.map { Link(slug: $0.slug, name: $0.title) })
            p {
                for step in Self.paging(row).steps() {
                    switch step {
                    case .page(let number, let path): a(.href(path)) { number }
                    case .current(let number): b { number }
                    case .gap: "…"
                    }
                    " "
                }
            }
        }
    }
}

struct LostPage: NotFoundPage {
    var view: HTML {
        Layout(heading: "There is no such page", path: "/404.html") { p { "It may have moved." } }
    }
}

struct BestSellers: SharedFragment {
    static let name = "best-sellers"
    let row: BestSellersRow
    var view: HTML { AlbumLinks(links: row.albums) }
}

struct BasketCount: PrivateFragment {
    static let name = "basket-count"
    static let cookie = "basket"
    static func visitor(_ row: BasketCountRow) -> String { row.token }
    let row: BasketCountRow
    var view: HTML { row.quantity }
}

struct SearchIndex: JSONFile {
    static func path(_ row: SearchRow) -> PagePath { "/search.json" }
    static func json(_ row: SearchRow) -> JSONDocument {
        JSONDocument(
            encoding: row.albums.map { ["name": $0.name, "url": siteURL("/albums/\($0.slug)/")] })
    }
}

struct Feed: XMLFile {
    static let contentType = "application/atom+xml; charset=utf-8"
    let row: HomeRow
    static func path(_ row: HomeRow) -> PagePath { "/feed.atom" }

    var view: HTML {
        element("feed", .attr("xmlns", "http://www.w3.org/2005/Atom")) {
            element("title") { Settings.name.value }
            element("id") { absoluteURL("/") }
            for album in row.newest {
                element("entry") {
                    element("title") { album.name }
                    element("id") { absoluteURL("/albums/\(album.slug)/") }
                }
            }
        }
    }
}

struct OldPath: Redirect {
    static func path(_ row: OldPathRow) -> PagePath { PagePath(row.path) }
    static func destination(_ row: OldPathRow) -> Destination {
        row.target.map { .to($0, .movedPermanently) } ?? .gone
    }
}
