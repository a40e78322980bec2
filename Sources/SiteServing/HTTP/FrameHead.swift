// The head of a frame of HTTP/2, as far as anybody here looks at frames.
//
// SwiftNIO reads and writes frames; this is for what has to be seen or changed below it.

import NIOCore

/// The head of a frame (RFC 9113 section 4.1).
struct FrameHead: Equatable {
    /// The types that somebody here looks at.
    enum Kind: UInt8 {
        case data = 0
        case headers = 1
        case reset = 3
        case settings = 4
        case goAway = 7
    }

    /// Its bytes.
    static let byteCount = 9

    /// The bytes behind it.
    let length: Int
    /// nil for a type that nobody here looks at.
    let type: Kind?
    let flags: UInt8
    let stream: UInt32

    /// END_STREAM of DATA and HEADERS, ACK of SETTINGS.
    var isLast: Bool { flags & 1 == 1 }

    /// The head that begins at `index`; nil if it is not all there.
    init?(_ bytes: ByteBuffer, at index: Int) {
        guard let word = bytes.getInteger(at: index, as: UInt32.self),
            let flags = bytes.getInteger(at: index + 4, as: UInt8.self),
            let stream = bytes.getInteger(at: index + 5, as: UInt32.self)
        else { return nil }
        length = Int(word >> 8)
        type = Kind(rawValue: UInt8(word & 0xFF))
        self.flags = flags
        self.stream = stream & 0x7FFF_FFFF
    }
}
