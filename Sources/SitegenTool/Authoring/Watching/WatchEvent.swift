import SiteWatching

/// A line of a watch for programs (`--json`); of a row it has its view's name alone.
struct WatchEvent: Encodable {
    /// What happened.
    enum Kind: String, Encodable {
        /// The first page can be had.
        case ready
        /// What changed is shown.
        case shown
        /// Something is wrong.
        case problem
        /// Nothing is wrong any more.
        case solved
        /// A tab loaded its page anew.
        case reloaded
        /// The site's own code printed a line.
        case printed
        /// Where the site is served.
        case serving
    }

    let event: Kind
    /// The time of day on this machine.
    let time: String
    /// The files and views that changed.
    var changed: [String]?
    /// What kinds of things they are.
    var kinds: [String]?
    var milliseconds: Int?
    /// How long the parts of the way took, in milliseconds, by their names.
    var stages: [String: Int]?
    /// How many tabs were told.
    var tabs: Int?
    var problem: Problem?
    /// A line, or an address.
    var text: String?

    init(_ event: Kind, at time: String) { (self.event, self.time) = (event, time) }
}
