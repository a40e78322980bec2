import ContentEncoding
import NIOCore
import NIOHPACK
import Synchronization

/// A page that is put together while it is written.
struct SplicedBody: Sendable {
    let splicer: Splicer
    let coding: Coding
    let stored: SharedBytes
    let fills: SlotFills

    /// Emits the body in pieces that are borrowed.
    func write(to emit: (Span<UInt8>) -> Void) {
        let file = stored.buffer
        splicer.splice(
            coding, file: file.readableBytesUInt8Span, fills: fills.prepared, tail: fills.tail,
            emit: emit)
    }

    /// The body as bytes of its own.
    var bytes: ByteBuffer {
        var bytes = ByteBuffer()
        write { unsafe _ = bytes.writeBytes($0.bytes) }
        return bytes
    }
}
