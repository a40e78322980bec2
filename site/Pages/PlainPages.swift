// Pages without a row: about, the bag, and the answer to addresses that lead nowhere.
//
// They still change with the site: the 404 page shows what is read most, and the bag's page is
// nothing but a private slot with a fallback.

import SiteAuthoring

/// What the magazine is.
struct AboutPage: StaticPage {
    static let path: PagePath = "/about/"

    var view: HTML {
        PageShell(
            facts: PageFacts(
                heading: "About", summary: "What \(Magazine.name) is, and how it is made.",
                path: Self.path), current: .about
        ) {
            div(.cls("wide")) {
                TitleBlock(
                    heading: "A placket is the opening that lets you in",
                    below: "It is also where the tailor’s work shows, or doesn’t.")
                Prose(
                    text: """
                        \(Magazine.name) looks at clothes the way other magazines look at \
                        buildings: who made them, out of what, and whether they keep the rain out.
                        Nothing here was photographed. Every look is drawn from a pattern of \
                        shoulders, sleeves, hems and weaves; the words beside it speak of the very \
                        cloth that is drawn. The people, houses and seasons are invented.
                        The pages are made ahead of time from a database, one from each row, and \
                        change within moments of it. What is read most, and what is in your bag, \
                        is put in as the page is sent.
                        """, hasInitial: true)
            }
        }
    }
}

/// What the visitor put aside.
struct BagPage: StaticPage {
    static let path: PagePath = "/bag/"
    static let isListed = false

    var view: HTML {
        PageShell(
            facts: PageFacts(
                heading: "Your bag", summary: "The looks you put aside.", path: Self.path),
            isPrivate: true
        ) {
            div(.cls("wide")) {
                TitleBlock(heading: "Your bag", below: "What you put aside waits here.")
                Slot(BagContents.self, placement: .inline(capacity: BagContents.capacity)) {
                    p {
                        "It is empty. "
                        a(.href(Magazine.collections())) { "Look around." }
                    }
                }
                BorrowedBag()
            }
        }
    }
}

/// The answer to addresses that the magazine does not have.
struct LostPage: NotFoundPage {
    var view: HTML {
        PageShell(
            facts: PageFacts(
                heading: "This page has come undone", summary: "There is no page at this address.",
                path: "/404.html")
        ) {
            div(.cls("wide")) {
                TitleBlock(
                    heading: "This page has come undone",
                    below: "Nothing is sewn on at this address. The thread starts elsewhere:")
                p {
                    a(.href("/")) { "the front page" }
                    ", "
                    a(.href(Magazine.collections())) { "all collections" }
                    " or "
                    a(.href("/seasons/")) { "the seasons" }
                    "."
                }
            }
            TrendingStrip(number: nil)
        }
    }
}
