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
    }

    /// When it came.
    package var at: Int64
    /// The page.
    package var name: AccessName
    /// Who looked; nil if nobody shall know.
    package var visitor: UInt64?
    /// What looked.
    package var agent = AgentClass()
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

    /// Whether the server saw no request for this view.
    package var isUnseenView: Bool { isPersisted || isPrerendered || isPrefetched }
}
