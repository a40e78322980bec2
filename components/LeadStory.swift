// The lead story of the front page: a title as large as the page allows, and a picture that bleeds.
//
// The first two paragraphs are set here, the rest on the collection's page. Four looks stand beside
// them as pictures only; their links are named for screen readers.

import SiteAuthoring

/// The lead story.
struct LeadStory: Component {
    static let styles: CSS? = """
        .lead-story {
            display: grid;
            grid-template-columns: repeat(12, minmax(0, 1fr));
            column-gap: var(--gap);
            padding-top: clamp(1.25rem, 2.5vw, 2.5rem);
        }
        .lead-story .issue { grid-column: 1 / -1; display: flex; justify-content: space-between; }
        .lead-story h1 {
            grid-column: 1 / -1;
            grid-row: 2;
            font-size: var(--huge);
            line-height: 0.88;
            letter-spacing: -0.035em;
            max-width: 11ch;
            margin: 0.16em 0 0.22em -0.05em;
        }
        .lead-story h1 a { text-decoration: none; }
        .lead-picture { grid-column: 4 / -1; grid-row: 3; }
        .lead-picture { margin-inline-end: calc(-1 * var(--edge)); }
        .lead-aside {
            grid-column: 1 / 4;
            grid-row: 3;
            display: flex;
            flex-direction: column;
            justify-content: space-between;
            gap: 2rem;
        }
        .lead-sub { font: italic 400 clamp(1.2rem, 1.75vw, 1.6rem)/1.3 var(--text); }
        .lead-text { grid-column: 4 / 10; padding-top: 2.25rem; }
        .lead-text .plain { margin-top: 1.1rem; }
        .lead-looks {
            grid-column: 10 / -1;
            display: grid;
            grid-template-columns: 1fr 1fr;
            gap: 0.75rem;
            align-content: start;
            padding-top: 2.25rem;
        }
        @media (max-width: 52rem) {
            .lead-picture { grid-column: 1 / -1; margin-inline-start: calc(-1 * var(--edge)); }
            .lead-aside { grid-column: 1 / -1; grid-row: 4; padding-top: 1.25rem; gap: 0.75rem; }
            .lead-text { grid-column: 1 / -1; padding-top: 1.25rem; }
            .lead-looks { grid-column: 1 / -1; grid-template-columns: repeat(4, 1fr); }
            .lead-looks a:nth-child(n + 5) { display: none; }
        }
        """

    let story: CollectionCard
    let opening: String
    let looks: [LookCard]
    let issue: String

    var view: HTML {
        article(.cls("lead-story wide")) {
            p(.cls("issue plain soft")) {
                span { issue }
                span { story.date }
            }
            h1 { a(.href(Magazine.collection(story.slug))) { story.title } }
            div(.cls("lead-picture")) { PictureView(picture: story.cover, arrival: .first) }
            div(.cls("lead-aside")) {
                if let subtitle = story.subtitle { p(.cls("lead-sub")) { subtitle } }
                p(.cls("plain soft")) {
                    "\(story.brand), \(story.season)"
                    br()
                    "Words by \(story.author)"
                }
            }
            div(.cls("lead-text")) {
                Prose(text: firstParagraphs, hasInitial: true)
                p(.cls("plain")) {
                    a(.href(Magazine.collection(story.slug))) { "Read on, and see all looks" }
                }
            }
            div(.cls("lead-looks")) {
                for look in looks.prefix(4) {
                    a(.href(Magazine.look(look.slug)), .aria("label", look.name)) {
                        if let image = look.image {
                            PictureView(picture: image, isDecorative: true)
                        }
                    }
                }
            }
        }
    }

    private var firstParagraphs: String {
        opening.split(separator: "\n").prefix(2).joined(separator: "\n")
    }
}
