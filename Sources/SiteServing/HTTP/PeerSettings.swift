// Changes values in the SETTINGS of one side of a connection, on their way.
//
// Bytes are copied on their way in: SwiftNIO's decoder keeps what it read last, which would be the
// 32 KiB that TLS decrypts into.

import NIOCore

/// Follows the frames of one side and changes a value in their SETTINGS.
struct PeerSettings {
    /// The values that are changed, by their numbers (RFC 9113 section 6.5.2).
    enum Parameter: UInt16 {
        case headerTableSize = 1
        case maxConcurrentStreams = 3
    }

    private enum Place {
        /// Bytes that are passed over.
        case skipping(Int)
        /// The head of a frame.
        case head
        /// Settings of 6 bytes each, in so many bytes.
        case settings(Int)
    }

    private var place: Place
    /// A head or a setting that has not come whole.
    private var held = ByteBuffer()

    /// Frames behind so many bytes: those of a client's preface, `PRI * HTTP/2.0` and so on.
    init(behind bytes: Int = 24) { place = bytes > 0 ? .skipping(bytes) : .head }

    /// Lowers each value of a parameter in the bytes that came to `max`.
    ///
    /// A head or a setting that has not come whole is kept back: nobody could read it without the
    /// rest.
    ///
    /// - Parameters:
    ///   - parameter: which one.
    ///   - bytes: what came.
    ///   - max: the largest value that stays.
    ///   - onFrame: told of each frame.
    /// - Returns: what is to be read now.
    mutating func limit(
        _ parameter: Parameter, in bytes: ByteBuffer, to max: UInt32,
        onFrame: (FrameHead) -> Void = { _ in }
    ) -> ByteBuffer {
        // A copy: what these bytes are part of belongs to others, too.
        var bytes = bytes
        held.writeBuffer(&bytes)
        bytes = held
        held = ByteBuffer()
        var index = bytes.readerIndex
        reading: while index < bytes.writerIndex {
            let available = bytes.writerIndex - index
            switch place {
            case .skipping(let count):
                let step = min(count, available)
                index += step
                place = step == count ? .head : .skipping(count - step)
            case .head:
                guard let head = FrameHead(bytes, at: index) else { break reading }
                onFrame(head)
                index += FrameHead.byteCount
                let isSettings = head.type == .settings && !head.isLast
                if head.length > 0 {
                    place = isSettings ? .settings(head.length) : .skipping(head.length)
                }
            case .settings(let count):
                let step = min(count, 6)
                guard available >= step else { break reading }
                if bytes.getInteger(at: index, as: UInt16.self) == parameter.rawValue,
                    let value = bytes.getInteger(at: index + 2, as: UInt32.self), value > max
                {
                    bytes.setInteger(max, at: index + 2)
                }
                index += step
                place = step == count ? .head : .settings(count - step)
            }
        }
        if index < bytes.writerIndex {
            held.writeBytes(bytes.readableBytesView[index...])
            bytes.moveWriterIndex(to: index)
        }
        return bytes
    }
}
