// What a server tells its owner; the owner decides what to print.
//
// Nothing here names a cookie, a header's value or a fragment's content.

package import AccessRecords
package import ReleaseFormat

/// Something worth telling.
package enum ServerEvent: Sendable {
    /// Stored bytes of the release are missing or damaged: 500 was sent.
    case storedBytesUnreadable(ReleaseError)
    /// Redis answers again, or for the first time.
    case fragmentsAvailable
    /// Redis does not answer; pages show what is known. `retry` is when it is asked next.
    case fragmentsUnavailable(retry: Duration)
    /// Redis refuses to tell of changes, so each fragment is asked for again every second.
    case fragmentChangesUntold
    /// A fragment of this name is as good as missing, once for each value that is met first.
    case fragmentRefused(name: String, reason: FragmentRefusal)
    /// A fragment of this name is longer than a slot takes, so the fallback is shown; `needed` is
    /// the capacity to declare, nil if only the placement `.tail` takes it.
    case fragmentOutgrewSlot(name: String, byteCount: Int, capacity: Int, needed: Int?)
    /// A browser reported a violation of a policy's directive.
    case policyViolated(directive: String)
    /// So many connections were refused since the last event of this kind, because there are
    /// `connectionsMax`, or `connectionsPerAddressMax` of one address; at most once a second.
    case connectionsRefused(count: Int)
    /// The access spool's folder comes from another machine: the server has a new name in it.
    case spoolWasCopied
    /// The access spool has no room, or its keys cannot be read: records are lost, or have no
    /// visitors.
    case spoolInTrouble(SpoolFault)
    /// Nearly all of the first answers were to private addresses, though no proxy is named.
    case clientsArePrivate
    /// It has room again, and keys.
    case spoolGoesOn
    /// Another release is served from now on.
    case releaseChanged(ReleaseID)
    /// A new release could not be loaded; the old one stays.
    case releaseRefused(ReleaseError)
}
