// Why a server could not be started or could not load another release.
//
// Nothing of a single request is here: a request that goes wrong gets an answer, and a Redis that
// fails is an event (`ServerEvent`) and a fallback, never an error. A running server that meets
// `.release` while it reloads goes on with the release it has.

package import AccessRecords
import Glibc
import Groundwork
package import ReleaseFormat

/// Why serving could not begin or go on.
package enum ServingError: Error, Equatable, Sendable {
    /// The address to listen on cannot be read.
    case badAddress(String)
    /// Nobody may listen there; `reason` is the system's text.
    case cannotListen(address: String, reason: String)
    /// Another program listens on the Unix socket.
    case socketInUse(path: String)
    /// The path of the Unix socket is taken by something that is no socket.
    case notASocket(path: String)
    /// The certificate or its key cannot be read, or they do not belong together.
    case certificateUnusable(chain: String, key: String)
    /// The release cannot be loaded.
    case release(ReleaseError)
    /// The release has rows that are not public, and everybody would see them.
    case preview
    /// The access spool cannot be used.
    case spool(SpoolFault)
    /// The server was started before, or is shut down.
    case notStartable
}

extension ServingError {
    /// Whether another program has the address, so that one beside it may be free.
    package var isTaken: Bool {
        guard case .cannotListen(_, let reason) = self else { return false }
        return reason == SystemCall.text(of: EADDRINUSE)
    }
}

extension ServingError: CustomStringConvertible {
    /// What happened, then what to change; fit for logs.
    package var description: String {
        switch self {
        case .badAddress(let text):
            """
            `\(text)` is no address to listen on.
            Write HOST:PORT, [IPV6]:PORT, unix:PATH or fd:NUMBER.
            """
        case .cannotListen(let address, let reason):
            "Cannot listen on \(address): \(reason).\nStop what listens there, or choose another."
        case .socketInUse(let path):
            "Another program listens on \(path).\nStop it, or choose another path."
        case .notASocket(let path):
            "\(path) exists and is no socket.\nRemove it, or choose another path."
        case .certificateUnusable(let chain, let key):
            """
            The certificate \(chain) and the key \(key) cannot be used.
            Both must be readable PEM files, and the key must be the certificate's.
            """
        case .release(let error):
            "The release cannot be served. \(error)"
        case .preview:
            """
            The release is a preview: it has rows that are not public.
            Serve it by `sitegen preview`, or build the public site.
            """
        case .spool(let fault): "The access spool cannot be used. \(fault)"
        case .notStartable:
            "The server was started before or is shut down.\nMake a new one."
        }
    }
}
