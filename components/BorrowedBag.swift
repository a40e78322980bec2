// A bag to try: the sample data has one for the visitor `demo`, and nothing else gives out bags.
//
// Without JavaScript the offer stays hidden, since only a script can set the cookie here.

import SiteAuthoring

/// An offer to look into the sample visitor's bag.
struct BorrowedBag: Component {
    static let styles: CSS? = """
        .borrow { margin-top: 3rem; }
        .borrow button {
            padding: 0.65rem 1.1rem;
            border: 1px solid currentcolor;
            background: none;
            color: inherit;
            font: inherit;
            cursor: pointer;
        }
        .borrow button:hover { background: var(--ink); color: var(--paper); }
        """
    static let script: JS? = """
        const offer = document.querySelector(".borrow");
        const isLent = document.cookie.split("; ").includes("bag=demo");
        if (offer && !isLent) {
          offer.hidden = false;
          offer.querySelector("button").addEventListener("click", () => {
            document.cookie = "bag=demo; path=/; max-age=3600; samesite=lax";
            location.reload();
          });
        }
        """

    var view: HTML {
        p(.cls("borrow"), .hidden) {
            button(.type("button")) { "Borrow the editor’s bag" }
        }
    }
}
