// The page of one look: its drawings, its text, its facts, and the way to its neighbours.
//
// This is the page that visitors shop from, so it has the bag's private slot: it is spliced for
// each visitor and stored by no shared cache. So are the front page and the bag's own.

import SiteAuthoring

/// The page of one look.
struct LookPage: Page {
    static let styles: CSS? = """
        .look { display: grid; grid-template-columns: minmax(0, 7fr) minmax(0, 5fr); }
        .look { gap: clamp(1.5rem, 4.5vw, 5rem); padding-top: clamp(1rem, 2vw, 2rem); }
        .look-pictures { display: grid; grid-template-columns: 1fr 1fr; gap: 0.75rem; }
        .look-pictures > :first-child, .look-pictures > :last-child:nth-child(even) {
            grid-column: 1 / -1;
        }
        .look-text { position: sticky; top: 5rem; align-self: start; display: grid; gap: 1.75rem; }
        .look-text h1 { font-size: clamp(2.25rem, 4.3vw, 4.25rem); margin-inline-start: -0.03em; }
        .look-number { font: italic 400 var(--middle)/1 var(--display); color: var(--mark); }
        @media (max-width: 52rem) {
            .look { grid-template-columns: 1fr; padding-top: 0; }
            .look-pictures { margin-inline: calc(-1 * var(--edge)); }
            .look-text { position: static; }
        }
        """

    let row: LookPageRow

    static func path(_ row: LookPageRow) -> PagePath { Magazine.look(row.slug) }

    var view: HTML {
        PageShell(facts: facts, current: .collections) {
            article(.cls("look wide")) {
                div(.cls("look-pictures")) {
                    for (index, picture) in row.images.enumerated() {
                        PictureView(picture: picture, arrival: index == 0 ? .first : .late)
                    }
                }
                div(.cls("look-text")) {
                    p(.cls("look-number figures")) { "Look \(row.number)" }
                    h1 { row.name }
                    Prose(text: row.description)
                    Facts(facts: details)
                }
            }
            div(.cls("wide")) {
                Turning(
                    previous: row.previous, next: row.next, noun: "look",
                    address: { Magazine.look($0) })
            }
            if !row.related.isEmpty {
                section(.cls("wide"), .aria("label", "Related looks")) {
                    SectionHeading(
                        heading: "From the same collection",
                        link: (
                            path: Magazine.collection(row.collection.slug), name: "See all looks"
                        ))
                    LookGrid(looks: row.related)
                }
            }
            TrendingStrip(number: nil)
            StructuredLook(row: row)
        }
    }

    private var facts: PageFacts {
        PageFacts(
            heading: "\(row.name), \(row.brand.name)", summary: row.description,
            path: Self.path(row), picture: row.images.first, kind: "article",
            previous: row.previous.map { link in Magazine.look(link.slug) },
            next: row.next.map { link in Magazine.look(link.slug) })
    }

    private var details: [Fact] {
        [
            Fact(term: "Cloth", value: row.cloth),
            Fact(term: "House", value: row.brand.name, path: Magazine.house(row.brand.slug)),
            Fact(
                term: "Collection", value: row.collection.name,
                path: Magazine.collection(row.collection.slug)),
            Fact(term: "Season", value: row.season.name, path: Magazine.season(row.season.slug)),
            Fact(term: "Words", value: row.author.name, path: Magazine.person(row.author.slug)),
            Fact(term: "Shown", value: row.published),
        ]
    }
}
