// A message on the pipe between watcher and renderer: two lengths of four bytes, most significant
// first, then a header in JSON and a body of bytes.
//
// Both lengths have limits: an end that is not what it should be is noticed by them.

import FoundationEssentials

/// Reads and writes frames.
package enum RendererFrame {
    /// The longest header, in bytes: addresses, cookies and messages.
    static let headerBytesMax = 1 << 20
    /// The longest body, in bytes: the largest file of public/, and some more.
    static let bodyBytesMax = 65 << 20

    /// What makes a frame unreadable: the other end is not what it should be.
    package enum Fault: Error {
        /// A length is over its limit.
        case tooLong(bytes: Int)
        /// The header is no message.
        case unreadable
    }

    /// A message with its bytes.
    package static func bytes(of message: some Encodable, body: [UInt8] = []) -> [UInt8] {
        let header = (try? JSONEncoder().encode(message)) ?? Data()
        return length(header.count) + length(body.count) + Array(header) + body
    }

    private static func length(_ count: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) }
    }
}
