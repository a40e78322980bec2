// Everything between <head> and </head>.
//
// What a page says of itself once is used for the title, the description, the canonical address
// and the cards of social sites. Styles are put in behind it by the build.

import SiteAuthoring

/// What a page says about itself.
struct PageFacts: Sendable {
    let heading: String
    let summary: String
    let path: PagePath
    var picture: Picture?
    var kind = "website"
    var previous: PagePath?
    var next: PagePath?
}

/// The head of a page.
struct PageHead: Component {
    let facts: PageFacts

    var view: HTML {
        head {
            meta(.charset("utf-8"))
            meta(.name("viewport"), .content("width=device-width, initial-scale=1"))
            Markup.title { fullTitle }
            meta(.name("description"), .content(summary))
            link(.rel("canonical"), .href(absoluteURL(facts.path)))
            link(
                .rel("alternate"), .type("application/atom+xml"), .href("/feed.atom"),
                .title("\(Magazine.name): new collections"))
            link(.rel("icon"), .type("image/svg+xml"), .href(asset("icon.svg")))
            if let previous = facts.previous { link(.rel("prev"), .href(previous)) }
            if let next = facts.next { link(.rel("next"), .href(next)) }
            OpenGraph(facts: facts, summary: summary)
        }
    }

    private var fullTitle: String {
        facts.path == "/"
            ? "\(Magazine.name): \(facts.heading)" : "\(facts.heading) – \(Magazine.name)"
    }

    /// The first paragraph, cut at a word before 180 characters.
    private var summary: String {
        let first = facts.summary.prefix { character in character != "\n" }
        guard first.count > 180 else { return String(first) }
        let cut = first.prefix(179)
        return cut[..<(cut.lastIndex(of: " ") ?? cut.endIndex)] + "…"
    }
}

/// What social sites read.
struct OpenGraph: Component {
    let facts: PageFacts
    let summary: String

    var view: HTML {
        property("og:site_name", Magazine.name)
        property("og:type", facts.kind)
        property("og:title", facts.heading)
        property("og:description", summary)
        property("og:url", absoluteURL(facts.path))
        if let picture = facts.picture {
            property("og:image", absoluteURL(picture.file))
            property("og:image:alt", picture.alt)
        }
    }

    @HTMLBuilder private func property(_ name: String, _ value: String) -> HTML {
        meta(.attr("property", name), .content(value))
    }
}
