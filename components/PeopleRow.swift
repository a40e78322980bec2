// People in a grid: portrait, name, what they do.
//
// As many to a row as fit, never fewer than two. The name is the link, stretched over portrait and
// role.

import SiteAuthoring

/// A grid of people.
struct PeopleRow: Component {
    static let styles: CSS? = """
        .people {
            display: grid;
            grid-template-columns: repeat(auto-fill, minmax(min(11.5rem, 42%), 1fr));
            gap: clamp(1.75rem, 3.5vw, 3.5rem) var(--gap);
        }
        .people li { position: relative; }
        .people h3 { font-size: 1.375rem; line-height: 1.1; margin-top: 0.8rem; }
        .people a { text-decoration: none; }
        .people a::after { content: ""; position: absolute; inset: 0; }
        .people li:hover a { text-decoration: underline; text-decoration-thickness: 1px; }
        """

    let people: [IndexEntry]

    var view: HTML {
        ul(.cls("people")) {
            for person in people {
                li {
                    if let picture = person.picture {
                        PictureView(picture: picture, isDecorative: true)
                    }
                    h3 { a(.href(Magazine.person(person.slug))) { person.name } }
                    p(.cls("plain soft")) { person.note }
                }
            }
        }
    }
}
