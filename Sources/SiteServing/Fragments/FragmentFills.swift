// Fragments on their way from Redis into a page.
//
// A value is read, proven and prepared when it is first met, never for each request; nothing is
// compressed here. What is damaged, has ended, does not fit its slot or could leave it, is not
// shown: the page's fallback is, and the tag says so.

import ContentEncoding
package import Fragments
import Glibc
import Hashing

/// Why a fragment that is in Redis is not shown.
package enum FragmentRefusal: Error, Hashable, Sendable {
    /// It is no usable record.
    case record(FragmentRecordError)
    /// Its HTML is too long, no text, or could leave the slot.
    case html
    /// A compressed run of its record is not that of its HTML.
    case runs
}

extension FragmentRefusal: CustomStringConvertible {
    /// What is wrong and what to change; nothing of the fragment's content.
    package var description: String {
        switch self {
        case .record(let error): "\(error)"
        case .html:
            "It is longer than \(FragmentLimits.bytesMax) bytes, no UTF-8 text, or could leave its "
                + "slot; write closed elements without scripts and styles."
        case .runs: "A compressed run is not that of its HTML; leave it out or make it anew."
        }
    }
}

/// What became of a value from Redis.
struct JudgedValue: Sendable {
    /// nil if there is nothing to show.
    let ready: ReadyFragment?
    /// Whether there is something that must not be shown.
    let isRefused: Bool
    /// When it ends, in milliseconds since 1970; 0 for never.
    let expiry: UInt64

    static let absent = JudgedValue(ready: nil, isRefused: false, expiry: 0)
}
