// A grid of looks: four to a row, three on tablets, two on phones.
//
// Hanging, every second column starts lower, on wide screens only. The list is a list for screen
// readers, too, so they say how many looks there are.

import SiteAuthoring

/// A grid of looks.
struct LookGrid: Component {
    static let styles: CSS? = """
        .looks {
            display: grid;
            grid-template-columns: repeat(4, minmax(0, 1fr));
            gap: clamp(2rem, 4vw, 4rem) var(--gap);
        }
        @media (min-width: 60.01rem) {
            .looks.hanging > :nth-child(even) { margin-top: 5.5rem; margin-bottom: -5.5rem; }
            .looks.hanging { padding-bottom: 5.5rem; }
        }
        @media (max-width: 60rem) { .looks { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
        @media (max-width: 40rem) { .looks { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
        """

    let looks: [LookCard]
    var showsBrand = false
    var isHanging = false
    /// How many of the first pictures are fetched at once.
    var early = 0

    var view: HTML {
        ul(.cls("looks", and: "hanging", when: isHanging)) {
            for (index, look) in looks.enumerated() {
                li {
                    LookTile(
                        look: look, arrival: index < early ? .early : .late, showsBrand: showsBrand)
                }
            }
        }
    }
}
