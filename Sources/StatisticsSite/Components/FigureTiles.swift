// A few numbers in a row, each with what it was before and how it has changed.
//
// A change has no colour: whether more is better is not for a component to say.

import SiteAuthoring

/// A number with a name.
struct Figure: Sendable {
    /// What it is.
    let label: String
    /// What it is worth, as text.
    let value: String
    /// What it was before, as text; nil if that says nothing.
    var before: String?
    /// How it has changed; nil while the days are not over.
    var change: String?
}

/// Numbers in a row.
struct FigureTiles: Component {
    let figures: [Figure]

    var view: HTML {
        dl(.cls("tiles")) {
            for figure in figures {
                div {
                    dt { figure.label }
                    dd(.cls("value")) { figure.value }
                    if let before = figure.before {
                        dd(.cls("before")) {
                            if let change = figure.change { span(.cls("change")) { change } }
                            before
                        }
                    }
                }
            }
        }
    }
}
