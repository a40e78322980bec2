// The bytes of answers, in order, with as few writes as possible.
//
// A head and a small body become one buffer. A large body stays the cache's own buffer and goes
// out beside its head: copying a megabyte costs more than a second element of a vector.

import NIOCore

/// Collects what is to be written.
struct ResponseOutput: Sendable {
    /// Whole buffers, before what is in `current`.
    private var buffers: [ByteBuffer] = []
    private var current = ByteBuffer()
    private let copiedBodyBytesMax: Int
    /// All bytes collected.
    private(set) var byteCount = 0

    /// An empty output; bodies up to `copiedBodyBytesMax` bytes are copied.
    init(copiedBodyBytesMax: Int) { self.copiedBodyBytesMax = copiedBodyBytesMax }

    /// Whether there is nothing to write.
    var isEmpty: Bool { byteCount == 0 }

    /// Makes room for one answer.
    mutating func reserve(_ bytes: Int) { current.reserveCapacity(minimumWritableBytes: bytes) }

    mutating func append(_ bytes: [UInt8]) { byteCount += current.writeBytes(bytes) }

    mutating func append(_ text: StaticString) { byteCount += current.writeStaticString(text) }

    mutating func append(_ text: String) { byteCount += current.writeString(text) }

    mutating func append(_ span: Span<UInt8>) { byteCount += unsafe current.writeBytes(span.bytes) }

    /// Appends a body, copied or not as its size says.
    mutating func append(body: ByteBuffer) {
        byteCount += body.readableBytes
        if body.readableBytes <= copiedBodyBytesMax {
            current.writeImmutableBuffer(body)
        } else {
            buffers.append(current)
            buffers.append(body)
            current = ByteBuffer()
        }
    }

    /// Hands the buffers over and starts anew.
    mutating func take() -> [ByteBuffer] {
        defer {
            buffers = []
            current = ByteBuffer()
            byteCount = 0
        }
        return current.readableBytes > 0 ? buffers + [current] : buffers
    }
}
