// What a browser says of a request in `Sec-Fetch-*`, `Sec-Purpose` and `Sec-GPC`, in one byte.
//
// bits 0-1 destination, 2 navigates, 3-4 site, 5 user, 6 prefetch, 7 GPC or DNT.

/// What a browser says of a request.
package struct RequestSignals: RawRepresentable, Hashable, Sendable {
    /// `Sec-Fetch-Dest`.
    package enum Destination: UInt8, Sendable {
        /// It was not sent.
        case absent = 0
        /// `document`.
        case document = 1
        /// Anything else.
        case other = 2
    }

    /// `Sec-Fetch-Site`.
    package enum Site: UInt8, Sendable {
        /// It was not sent.
        case absent = 0
        /// `none`: the visitor's own doing.
        case none = 1
        /// `same-origin`.
        case same = 2
        /// `same-site` or `cross-site`.
        case cross = 3
    }

    /// The byte.
    package var rawValue: UInt8

    /// What a byte says.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Nothing was said.
    package init() { rawValue = 0 }

    /// What is asked for.
    package var destination: Destination {
        get { Destination(rawValue: rawValue & 3) ?? .other }
        set { rawValue = rawValue & ~3 | newValue.rawValue }
    }

    /// Whether the request shall replace what a tab shows (`Sec-Fetch-Mode: navigate`).
    package var navigates: Bool {
        get { has(2) }
        set { set(2, newValue) }
    }

    /// Whose doing it is.
    package var site: Site {
        get { Site(rawValue: rawValue >> 3 & 3) ?? .absent }
        set { rawValue = rawValue & ~0x18 | newValue.rawValue << 3 }
    }

    /// Whether somebody clicked or typed (`Sec-Fetch-User: ?1`).
    package var isByUser: Bool {
        get { has(5) }
        set { set(5, newValue) }
    }

    /// Whether it was fetched before anybody asked (`Sec-Purpose`, `Purpose`, `X-Moz`).
    package var isPrefetch: Bool {
        get { has(6) }
        set { set(6, newValue) }
    }

    /// Whether the visitor does not want to be followed (`Sec-GPC: 1`, `DNT: 1`).
    package var refusesTracking: Bool {
        get { has(7) }
        set { set(7, newValue) }
    }

    private func has(_ bit: UInt8) -> Bool { rawValue >> bit & 1 == 1 }

    private mutating func set(_ bit: UInt8, _ isSet: Bool) {
        rawValue = isSet ? rawValue | 1 << bit : rawValue & ~(1 << bit)
    }
}
