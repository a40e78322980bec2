// Streams of HTTP/2 on which a client said more than all.
//
// Frames are looked at as bytes, those of the client before SwiftNIO reads them and its own when
// they are written, so that a stream is known as long as both sides know it.

import NIOCore

/// The streams on which the client has said all, and those on which it said more nevertheless.
///
/// A head that comes too late is an error STREAM_CLOSED of its stream (RFC 9113 section 5.1), which
/// SwiftNIO calls PROTOCOL_ERROR.
struct EndedStreams {
    private static let protocolError: UInt32 = 1
    private static let streamClosed: UInt32 = 5

    private var ended: Set<UInt32> = []
    private var overdone: Set<UInt32> = []

    /// Notes a frame of the client.
    mutating func came(_ head: FrameHead) {
        switch head.type {
        case .headers where ended.contains(head.stream): overdone.insert(head.stream)
        // No client that may open a stream has so many; what it does then is all the same.
        case .headers where head.isLast, .data where head.isLast:
            if ended.count < HTTP2Setup.streamsBeyondMax { ended.insert(head.stream) }
        case .reset: forget(head.stream)
        default: break
        }
    }

    /// Notes a frame that is written, and corrects the reason of a reset.
    mutating func left(_ head: FrameHead, in bytes: inout ByteBuffer) {
        switch head.type {
        case .data where head.isLast, .headers where head.isLast: forget(head.stream)
        case .reset:
            let reason = bytes.readerIndex + FrameHead.byteCount
            if overdone.contains(head.stream),
                bytes.getInteger(at: reason, as: UInt32.self) == Self.protocolError
            {
                bytes.setInteger(Self.streamClosed, at: reason)
            }
            forget(head.stream)
        default: break
        }
    }

    private mutating func forget(_ stream: UInt32) {
        ended.remove(stream)
        overdone.remove(stream)
    }
}
