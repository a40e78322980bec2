// What a request is counted as: the first kind that fits, in the order feed, robot, missing,
// redirect, refused, asset, prefetch, fetched, view. How it is found is in `RequestFacts`. Numbers
// are never given to another kind.

/// What a request is counted as.
///
/// The numbers are those of spools and of the database.
package enum RequestKind: UInt8, CaseIterable, Sendable {
    /// A person looks at a page: GET, 200 or 304.
    case view = 1
    /// A program that says so, or that gave itself away (`RobotReason`).
    case robot = 2
    /// Nothing is there: 404 or 410.
    case missing = 3
    /// 307 or 308.
    case redirect = 4
    /// A page that a browser fetched before anybody asked for it.
    case prefetch = 5
    /// An entry that is no page: styles, pictures, files.
    case asset = 6
    /// An entry of the type Atom, RSS or JSON Feed.
    case feed = 7
    /// Any other status of 400 and more.
    case refused = 8
    /// A page that was asked for as something else: by a script, a frame, HEAD, or a part of it.
    case fetched = 9
}
