// The top of a person's or a house's page: a square picture beside name and text.
//
// The picture is the largest thing above the fold and fetched first.
// Holds the page's h1.

import SiteAuthoring

/// A picture, a name, a text.
struct Profile: Component {
    static let styles: CSS? = """
        .profile {
            display: grid;
            grid-template-columns: minmax(0, 4fr) minmax(0, 8fr);
            gap: clamp(1.25rem, 4.5vw, 5rem);
            align-items: end;
            padding-top: clamp(1.5rem, 3vw, 3rem);
        }
        .profile h1 { font-size: var(--large); margin-block: 0.6rem 1.5rem; }
        @media (max-width: 40rem) {
            .profile { grid-template-columns: 1fr; }
            .profile img { max-width: 15rem; }
        }
        """

    let name: String
    let above: String
    let text: String
    let picture: Picture

    var view: HTML {
        div(.cls("profile")) {
            PictureView(picture: picture, arrival: .first)
            div {
                p(.cls("plain soft")) { above }
                h1 { name }
                Prose(text: text)
            }
        }
    }
}
