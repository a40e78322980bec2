// What a visitor put aside: the number beside the word, and the list on the bag's own page.
//
// Both are private. They are found by the cookie `bag`, whose value is the bag's token; a row of
// one visitor can reach no shared page, since `BagRow` is a `PrivateRow`.

import SiteAuthoring

/// How many pieces are in the bag, as a number behind the word.
struct BagCount: PrivateFragment {
    static let name = "bag-count"
    static let cookie = "bag"
    static func visitor(_ row: BagRow) -> String { row.token }

    let row: BagRow

    var view: HTML {
        if row.quantity > 0 { " (\(row.quantity))" }
    }
}

/// The looks in the bag.
struct BagContents: PrivateFragment {
    static let name = "bag"
    static let cookie = "bag"
    static func visitor(_ row: BagRow) -> String { row.token }
    /// The most bytes of a dozen looks with long names.
    static let capacity = 4096

    static let styles: CSS? = """
        .bag { max-width: 46rem; }
        .bag li {
            display: flex;
            justify-content: space-between;
            gap: 2rem;
            padding-block: 0.9rem;
            border-top: 1px solid var(--rule);
            font: 400 var(--middle)/1.2 var(--display);
        }
        .bag a { text-decoration: none; }
        .bag a:hover { text-decoration: underline; text-decoration-thickness: 1px; }
        """

    let row: BagRow

    var view: HTML {
        ul(.cls("bag")) {
            for item in row.items {
                li {
                    a(.href(Magazine.look(item.slug))) { item.name }
                    span(.cls("soft figures")) { "× \(item.quantity)" }
                }
            }
        }
    }
}
