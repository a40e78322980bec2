// Previous and next, at the end of a look or a collection; the arrow keys turn, too.
//
// Without the script the links are links. The script leaves keys alone that are typed into a
// field or held with a modifier, so it takes nothing away from anybody.

import SiteAuthoring

/// Links to what comes before and after.
struct Turning: Component {
    static let styles: CSS? = """
        .turn {
            display: grid;
            grid-template-columns: 1fr 1fr;
            margin-top: clamp(4rem, 8vw, 7rem);
            border-block: 1px solid var(--ink);
        }
        .turn a { display: grid; gap: 0.3rem; padding-block: 1.4rem; text-decoration: none; }
        .turn a:hover strong { text-decoration: underline; text-decoration-thickness: 1px; }
        .turn strong { font: 400 var(--middle)/1.12 var(--display); letter-spacing: -0.015em; }
        .turn-next { grid-column: 2; text-align: end; padding-inline-start: var(--gap); }
        .turn-next { border-inline-start: 1px solid var(--rule); }
        """

    static let script: JS? = """
        document.addEventListener("keydown", (event) => {
            if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
            if (event.target.closest("input, textarea, select, [contenteditable]")) return;
            const way = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
            const link = way && document.querySelector(`.turn a[rel="${way}"]`);
            if (link) link.click();
        });
        """

    let previous: NamedLink?
    let next: NamedLink?
    let noun: String
    let address: @Sendable (String) -> PagePath

    var view: HTML {
        nav(.cls("turn"), .aria("label", "Previous and next \(noun)")) {
            if let previous {
                a(.href(address(previous.slug)), .rel("prev")) {
                    span(.cls("plain soft")) { "Previous \(noun)" }
                    strong { previous.name }
                }
            }
            if let next {
                a(.cls("turn-next"), .href(address(next.slug)), .rel("next")) {
                    span(.cls("plain soft")) { "Next \(noun)" }
                    strong { next.name }
                }
            }
        }
    }
}
