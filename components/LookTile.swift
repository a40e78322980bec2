// A look in a grid: picture, number, name.
//
// The link is the name, stretched over the tile, so that a screen reader hears the name once and
// a pointer may hit anything. The picture is therefore decorative.

import SiteAuthoring

/// A look in a grid.
struct LookTile: Component {
    static let styles: CSS? = """
        .tile { position: relative; display: grid; grid-template-rows: auto 1fr; gap: 0.7rem; }
        .tile-picture { overflow: hidden; background: var(--sheet); }
        .tile-text { display: grid; grid-template-columns: 2.1em 1fr; line-height: 1.35; }
        .tile a { text-decoration: none; }
        .tile a::after { content: ""; position: absolute; inset: 0; }
        .tile:hover a { text-decoration: underline; }
        .tile-brand { grid-column: 2; }
        @media (prefers-reduced-motion: no-preference) {
            .tile img { transition: transform 0.7s cubic-bezier(0.2, 0.7, 0.2, 1); }
            .tile:hover img { transform: scale(1.035); }
        }
        """

    let look: LookCard
    var arrival = Arrival.late
    var showsBrand = false

    var view: HTML {
        article(.cls("tile")) {
            div(.cls("tile-picture")) {
                if let image = look.image {
                    PictureView(picture: image, arrival: arrival, isDecorative: true)
                }
            }
            div(.cls("tile-text plain")) {
                span(.cls("soft figures"), .aria("hidden", true)) { look.number }
                h3(.cls("plain")) { a(.href(Magazine.look(look.slug))) { look.name } }
                if showsBrand { p(.cls("tile-brand soft")) { look.brand } }
            }
        }
    }
}
