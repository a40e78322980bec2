// The front page: the lead story, what else is in the issue, what is read, looks, people, seasons.
//
// The lead is whatever was published last before the edition's moment. The sections are numbered as
// in a table of contents. Like the pages of looks it has the bag's private slot.

import SiteAuthoring

/// The front page.
struct FrontPage: Page {
    static let styles: CSS? = """
        .letter { display: grid; grid-template-columns: repeat(12, minmax(0, 1fr)); }
        .letter { gap: var(--gap); margin-top: clamp(5rem, 10vw, 9rem); }
        .letter p { grid-column: 5 / 11; font: 400 clamp(1.3rem, 2.5vw, 2.25rem)/1.3 var(--text); }
        .letter h2 { grid-column: 1 / 5; font-size: var(--middle); }
        @media (max-width: 52rem) { .letter > * { grid-column: 1 / -1 !important; } }
        """

    let row: HomeRow

    static func path(_ row: HomeRow) -> String { "/" }

    var view: HTML {
        PageShell(
            facts: PageFacts(
                heading: Magazine.line, summary: row.letter, path: "/",
                picture: row.lead.first?.cover)
        ) {
            for story in row.lead {
                LeadStory(
                    story: story, opening: row.leadText ?? "", looks: row.leadLooks,
                    issue: "No. \(row.number), \(row.name)")
            }
            section(.cls("wide"), .aria("label", "In this issue")) {
                SectionHeading(
                    number: 1, heading: "Also in this issue",
                    link: (path: Magazine.collections(), name: "All collections"))
                Contents(stories: row.features)
            }
            TrendingStrip(number: 2)
            section(.cls("wide"), .aria("label", "Looks")) {
                SectionHeading(number: 3, heading: "Eight looks we keep going back to")
                LookGrid(looks: row.looks, showsBrand: true, isHanging: true)
            }
            section(.cls("wide")) {
                SectionHeading(number: 4, heading: "Who is writing")
                PeopleRow(people: row.people)
            }
            section(.cls("wide")) {
                SectionHeading(number: 5, heading: "Seasons")
                SeasonLines(seasons: row.seasons)
            }
            section(.cls("wide letter"), .aria("label", "From the editors")) {
                h2 { "From the editors" }
                p { row.letter }
            }
        }
    }
}
