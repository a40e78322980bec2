// The page that the benchmark renders: 24 cards of a season's looks.
//
// Its numbers of elements and attributes are those that the aim was set with (638 and 1,079), so
// that times can be compared; a change here makes them incomparable.

import Markup

final class Look: Sendable {
    let id: Int
    let name: String
    let brand: String
    let href: String
    let jpg: String
    let avif: String
    let tags: [String]
    let isNew: Bool

    init(_ id: Int) {
        self.id = id
        name =
            id % 5 == 0
            ? "Coat \(id) with <belt> & lining, long, double-breasted"
            : "Wool coat number \(id), long, with a belt"
        brand = "Maison Example & Daughters"
        href = "/looks/fall-2024/maison-example/\(id)-wool-coat-long/"
        jpg = "/assets/looks/2024/fall/\(id)/look-front-640.0123456789abcdef.jpg"
        avif =
            "/assets/looks/2024/fall/\(id)/look-front-640.0123456789abcdef.avif 640w, "
            + "/assets/looks/2024/fall/\(id)/look-front-1280.0123456789abcdef.avif 1280w, "
            + "/assets/looks/2024/fall/\(id)/look-front-1920.0123456789abcdef.avif 1920w, "
            + "/assets/looks/2024/fall/\(id)/look-front-2560.0123456789abcdef.avif 2560w"
        tags = ["coats", "wool", "fall 2024", "black", "outerwear"]
        isNew = id % 3 == 0
    }
}

struct LookCard: Component {
    static let styles: CSS? = ".look { display: grid; gap: .5rem }"
    let look: Look

    var view: HTML {
        article(.cls("look", and: "is-new", when: look.isNew), .data("id", look.id)) {
            a(.href(look.href), .cls("look-link"), .aria("label", look.name)) {
                picture {
                    source(
                        .type("image/avif"), .srcset(look.avif),
                        .sizes("(min-width: 60rem) 25vw, 50vw"))
                    img(
                        .src(look.jpg), .alt(look.name), .width(640), .height(960),
                        .loading("lazy"), .decoding("async"))
                }
            }
            div(.cls("look-text")) {
                h3(.cls("look-name")) { a(.href(look.href)) { look.name } }
                p(.cls("look-brand")) {
                    small { "by" }
                    span(.cls("brand-name"), .itemprop("brand")) { look.brand }
                }
                if look.isNew { span(.cls("badge"), .role("status")) { "New & noteworthy" } }
                ul(.cls("tags"), .aria("label", "Tags")) {
                    for tag in look.tags {
                        li {
                            a(
                                .href("/fall-2024/tags/coats-and-jackets/"), .rel("tag"),
                                .cls("tag-link")
                            ) { tag }
                        }
                    }
                }
                button(
                    .type("button"), .cls("like"), .data("look", look.id), .aria("pressed", false)
                ) {
                    "♥"
                }
            }
        }
    }
}

struct SeasonHead: Component {
    var view: HTML {
        head {
            meta(.charset("utf-8"))
            meta(.name("viewport"), .content("width=device-width, initial-scale=1"))
            meta(.name("description"), .content("Every look of the fall shows, by maison & day."))
            meta(.name("theme-color"), .content("#101010"))
            meta(.name("robots"), .content("index, max-image-preview:large"))
            meta(.property("og:title"), .content("Fall 2024"))
            meta(.property("og:type"), .content("website"))
            meta(.property("og:image"), .content("https://example.com/assets/og/fall-2024.jpg"))
            meta(.property("og:locale"), .content("en_GB"))
            meta(.property("og:site_name"), .content("Looks & Shows"))
            link(.rel("canonical"), .href("https://example.com/seasons/fall-2024/"))
            link(.rel("icon"), .href("/favicon.svg"))
            link(.rel("manifest"), .href("/site.webmanifest"))
            title { "Fall 2024 — looks" }
        }
    }
}

struct SeasonFooter: Component {
    static let styles: CSS? = ".bottom { display: flex }"

    var view: HTML {
        footer(.cls("bottom")) {
            nav(.cls("sitemap"), .aria("label", "Site map")) {
                column("Seasons", 7)
                column("Maisons", 7)
                column("About", 5)
            }
            p(.cls("note")) { small(.lang("en")) { "All looks are shown as they came." } }
        }
    }

    @HTMLBuilder private func column(_ heading: String, _ count: Int) -> HTML {
        h2(.cls("column")) { heading }
        ul(.cls("links")) {
            for _ in 0..<count {
                li { a(.href("/seasons/fall-2024/ready-to-wear/")) { "Fall 2024, ready to wear" } }
            }
        }
    }
}

struct SeasonPage: Component {
    static let styles: CSS? = "body { margin: 0 }"
    let looks: [Look]

    var view: HTML {
        html(.lang("en")) {
            SeasonHead()
            body(.cls("season")) {
                header(.cls("top")) {
                    nav(.cls("main"), .aria("label", "Main")) {
                        for look in looks.prefix(8) {
                            a(.href(look.href), .cls("nav-link")) { look.brand }
                        }
                    }
                }
                main(.id("main")) {
                    h1(.cls("heading")) { "Fall 2024" }
                    section(.cls("looks")) { for look in looks { LookCard(look: look) } }
                }
                SeasonFooter()
            }
        }
    }
}
