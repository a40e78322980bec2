// Why a fragment was not published.
//
// A key may hold a visitor's cookie and the HTML a row's values: the texts name the fragment's
// kind only.

package import Redis

/// Why a key could not be made or a fragment not be published.
package enum FragmentError: Error, Equatable, Sendable {
    /// A name is not 1 to 64 of `[a-z0-9-]`.
    case badName
    /// A key of fragment `name` is too long, holds control characters or begins like a visitor's.
    case badKey(name: String)
    /// The HTML of the fragment at this place of the batch could leave its slot, or is too long.
    case badHTML(index: Int, fault: FragmentFault)
    /// A compression library got no memory; some of the batch may have been published.
    case notCompressed
    /// Redis could not be reached or refused; some of the batch may have been published.
    case redis(RedisError)
}

extension FragmentError: CustomStringConvertible {
    /// What happened, then what to change; fit for logs.
    package var description: String {
        switch self {
        case .badName:
            "A fragment's name is unusable.\nName it with 1 to 64 of a-z, 0-9 and `-`."
        case .badKey(let name):
            """
            A key of the fragment \(name) is unusable.
            Use at most \(FragmentLimits.keyBytesMax) bytes without control characters, and do \
            not begin it with digits and a colon.
            """
        case .badHTML(let index, let fault):
            "Fragment \(index) of the batch was not published.\n\(fault.description)"
        case .notCompressed:
            "A fragment could not be compressed.\nFree some memory and publish again."
        case .redis(let error):
            error.description
        }
    }
}
