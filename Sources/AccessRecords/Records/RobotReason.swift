// Why a request is taken for a robot's. One verdict for each request, always shown.
//
// Those above 15 are found later, in what one visitor did on one day; no spool has them.

/// Why a request is taken for a robot's.
///
/// The numbers are those of spools and of the database.
package enum RobotReason: UInt8, CaseIterable, Sendable {
    /// The User-Agent is in the list.
    case named = 1
    /// There is no User-Agent.
    case noAgent = 2
    /// The User-Agent is shorter than any browser's.
    case shortAgent = 3
    /// A browser's User-Agent without `Accept-Language`.
    case noLanguage = 4
    /// A browser that sends `Sec-Fetch-*` over TLS, without it.
    case noFetchMetadata = 5
    /// The referrer is a host that the site's own list names.
    case spam = 7
    /// It asked for `/robots.txt`.
    case robotsFile = 16
    /// It asked for paths that only an attacker looks for.
    case probes = 17
    /// It looked at more pages than a person does.
    case tooMany = 18
    /// It looked at pages faster than a person does.
    case tooFast = 19
    /// It looked at pages and never at what they show.
    case noAssets = 20
}
