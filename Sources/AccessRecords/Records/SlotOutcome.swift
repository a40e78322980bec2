// How a slot of an answered page came by what it shows: what the server counts, logs and records.
// The same words stand in the metrics, in the log and in `Server-Timing`. Numbers are never given
// to another outcome.

/// How a slot of one answer came by what it shows.
///
/// The numbers are those of spools.
package enum SlotOutcome: UInt8, CaseIterable, Sendable {
    /// The visitor is anonymous: there was nothing to ask for.
    case anonymous = 0
    /// Known and unchanged.
    case hit = 1
    /// Known to have changed a moment ago; the new one is being fetched.
    case stale = 2
    /// Fetched from Redis for this page.
    case miss = 3
    /// Fetched from Redis for another page that asked first.
    case collapsed = 4
    /// The last one known, since Redis does not answer.
    case kept = 5
    /// Redis has none: the fallback.
    case absent = 6
    /// Redis has one that must not be shown: the fallback.
    case refused = 7
    /// Redis did not answer in time and nothing is known: the fallback.
    case late = 8

    /// The word for it in logs, metrics and `Server-Timing`.
    package var name: String {
        switch self {
        case .anonymous: "anonymous"
        case .hit: "hit"
        case .stale: "stale"
        case .miss: "miss"
        case .collapsed: "collapsed"
        case .kept: "kept"
        case .absent: "absent"
        case .refused: "refused"
        case .late: "late"
        }
    }
}
