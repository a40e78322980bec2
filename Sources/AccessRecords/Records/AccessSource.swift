// Where a visitor came from, as far as the browser tells.
//
// "Direct" is a mixture in other statistics. Here an address that was typed, a bookmark or a new
// tab (`typed`) is not what came from elsewhere without saying from where (`hidden`).

/// Where a visitor came from.
package enum AccessSource: Hashable, Sendable {
    /// Nothing is known.
    case none
    /// Typed, a bookmark, a new tab.
    case typed
    /// From another site, which is not named.
    case hidden
    /// From a page of this site.
    case inside(AccessName)
    /// From another site: its host, lower case, without port and `www.`.
    case elsewhere(host: String)
}
