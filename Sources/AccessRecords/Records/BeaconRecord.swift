// What a page's script tells when the page is left: times, and whether the server saw the view.
//
// Every number is clamped by who takes the beacon, so a stranger's cannot be absurd.

/// What a page's script told.
package struct BeaconRecord: Hashable, Sendable {
    /// How the page was come to (`PerformanceNavigationTiming.type`).
    enum Navigation: UInt8, CaseIterable, Sendable {
        /// Anything else.
        case other = 0
        /// A link or an address.
        case navigate = 1
        /// Asked for again.
        case reload = 2
        /// The back or forward button.
        case backForward = 3

        /// What a browser calls it; nil for no word.
        init?(_ type: String) {
            switch type {
            case "navigate": self = .navigate
            case "reload": self = .reload
            case "back_forward": self = .backForward
            case "", "prerender": self = .other
            default: return nil
            }
        }
    }

    /// When it came.
    package var at: Int64
    /// The page.
    package var name: AccessName
    /// Who looked; nil if nobody shall know.
    package var visitor: UInt64?
    /// What looked.
    package var agent = AgentClass()
    /// The primary part of the first language that the browser asks for, lower case; else empty.
    package var language = ""
    /// How long before `at` the page was shown, in milliseconds.
    package var age = 0
    /// Whether the server takes views from beacons alone, since others answer for it.
    package var isOnlyWitness = false
    /// How the page was come to.
    var navigation = Navigation.other
    /// Whether it was shown from the back/forward cache (`pageshow` with `persisted`).
    var isPersisted = false
    /// Whether it was rendered before it was shown (`activationStart` above 0).
    var isPrerendered = false
    /// Whether it had been prefetched (`deliveryType` is `navigational-prefetch`).
    var isPrefetched = false
    /// Largest contentful paint in milliseconds; nil if not measured.
    package var lcp: Int?
    /// Interaction to next paint in milliseconds; nil if not measured.
    package var inp: Int?
    /// Cumulative layout shift in thousandths; nil if not measured.
    package var cls: Int?
    /// Time to first byte in milliseconds; nil if not measured.
    package var ttfb: Int?

    /// A beacon of a page.
    package init(at: Int64, name: AccessName) {
        self.at = at
        self.name = name
    }

    /// Whether it is a view: the server saw no request for it, or takes its word alone.
    package var isView: Bool { isOnlyWitness || isPersisted || isPrerendered || isPrefetched }
}
