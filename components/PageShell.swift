// The frame of every page: head, skip link, header, main, footer.
//
// `section` says which part of the site the page belongs to, so that the navigation can mark it.
// A shell with `bag` has a private slot, and its page is never stored by a shared cache.

import SiteAuthoring

/// A part of the site that the navigation names.
enum SiteSection: String, CaseIterable, Sendable {
    case collections, houses, people, seasons, about

    var path: PagePath { "/\(rawValue)/" }
    var label: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

/// The frame of a page.
struct PageShell: Component {
    static let styles: CSS? = """
        .skip {
            position: absolute;
            inset: 0 auto auto 0;
            z-index: 9;
            padding: 0.6rem 1rem;
            background: var(--ink);
            color: var(--paper);
            transform: translateY(-120%);
        }
        .skip:focus { transform: none; color: var(--paper); }
        """

    let facts: PageFacts
    var current: SiteSection?
    var isPrivate = false
    @HTMLBuilder let content: () -> HTML

    var view: HTML {
        html(.lang("en")) {
            PageHead(facts: facts)
            body {
                a(.cls("skip plain"), .href("#main")) { "Skip to the page" }
                SiteHeader(current: current, isPrivate: isPrivate, isFront: facts.path == "/")
                Markup.main(.id("main"), .tabindex(-1)) { content() }
                SiteFooter()
            }
        }
    }
}
