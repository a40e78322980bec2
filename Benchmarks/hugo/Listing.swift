// The site that is built against Hugo: one kind of page, 24 cards each, about 8 KB.
//
// The template beside it, `layouts/_default/single.html`, writes the same bytes.

import SiteAuthoring

struct Card: Decodable, Sendable {
    let name: String
    let slug: String
    let price: Int
    let words: String
}

struct CardView: Component {
    let card: Card

    var view: HTML {
        article(.cls("card")) {
            h2 { a(.href("/c/\(card.slug)/")) { card.name } }
            p { card.words }
            p(.cls("price")) { "\(card.price) €" }
        }
    }
}

struct ListingPage: Page {
    let row: ListingRow

    static func path(_ row: ListingRow) -> String { "/l/\(row.slug)/" }

    var view: HTML {
        html(.lang("en")) {
            head { title { row.title } }
            body {
                header { h1 { row.title } }
                p { row.intro }
                main { for card in row.cards { CardView(card: card) } }
            }
        }
    }
}

let site = Site(
    title: "Listing", origin: Origin(literal: "https://listing.example"),
    routes: [.pages(ListingPage.self)])
