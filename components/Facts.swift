// A short list of terms and what they are: cloth, house, season.
//
// A fact with a path is a link. The list is a `dl`, so terms and values belong together for screen
// readers as they do for the eye.

import SiteAuthoring

/// A term, what it is, and where it leads.
struct Fact: Sendable {
    let term: String
    let value: String
    var path: PagePath?
}

/// A list of facts.
struct Facts: Component {
    static let styles: CSS? = """
        .facts { display: grid; grid-template-columns: minmax(5.5rem, auto) 1fr; }
        .facts > * { padding-block: 0.5rem; border-top: 1px solid var(--rule); }
        .facts dt { color: var(--soft); padding-inline-end: 1.5rem; }
        """

    let facts: [Fact]

    var view: HTML {
        dl(.cls("facts plain")) {
            for fact in facts {
                dt { fact.term }
                dd {
                    if let path = fact.path { a(.href(path)) { fact.value } } else { fact.value }
                }
            }
        }
    }
}
