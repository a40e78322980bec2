// What asked, as a class: all that is kept of a User-Agent.
//
// A class is coarse on purpose. Family, major version, system and device are shared by very many
// people; a robot has its name, since robots are counted by it.

/// What asked.
package struct AgentClass: Hashable, Sendable {
    /// The browser or program: `Firefox`; empty if unknown.
    package var family = ""
    /// Its major version; 0 if unknown.
    package var version = 0
    /// The operating system: `Android`; empty if unknown.
    package var system = ""
    /// What it runs on.
    package var device = AgentDevice.unknown
    /// The robot's name: `Googlebot`; empty for what is no robot by its name.
    package var robot = ""
    /// What the robot is for.
    package var purpose = RobotPurpose.none
    /// How many readers a feed reader says that it fetches for (`12 subscribers`), or 0.
    package var subscribers = 0

    /// Nothing is known.
    package init() {}
}

/// What a program runs on.
package enum AgentDevice: UInt8, CaseIterable, Sendable {
    /// Not known.
    case unknown = 0
    /// A computer with a screen of its own.
    case desktop = 1
    /// A telephone.
    case phone = 2
    /// A tablet.
    case tablet = 3
    /// A television or a console.
    case television = 4
}

/// What a robot is for.
package enum RobotPurpose: UInt8, CaseIterable, Sendable {
    /// It is none, or nobody knows.
    case none = 0
    /// An index that people search.
    case search = 1
    /// Training of or answers by a language model.
    case ai = 2
    /// Feeds for readers.
    case feed = 3
    /// Whether a site is up, fast, or changed.
    case monitor = 4
    /// A library or tool of a programmer.
    case library = 5
    /// Previews of links in messages.
    case preview = 6
    /// Links, rankings and prices for those who sell.
    case marketing = 7
    /// Archives and research.
    case archive = 8
}
