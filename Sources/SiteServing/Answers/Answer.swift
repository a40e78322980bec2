// One answer as a value: its status, its fields, and where its body comes from.
//
// `Responder` decides it; nothing is written and no file is read for it. `ResponseOutput` writes
// its head as HTTP/1.1 does, `HTTP2Fields` gives it as HTTP/2 has it, and `BodySource` sends what
// is longer than a write. What many answers have in common is made once and shared, never copied.

import ContentEncoding
import NIOCore
import NIOHPACK
import Synchronization

/// Bytes that are kept and sent to many clients at a time; a class, so that who holds them can be
/// counted by identity.
final class SharedBytes: Sendable {
    let buffer: ByteBuffer

    init(_ buffer: ByteBuffer) { self.buffer = buffer }

    var count: Int { buffer.readableBytes }
}

/// One answer.
struct Answer: Sendable {
    let status: Int
    let isHead: Bool
    let isHTTP10: Bool
    let keepsAlive: Bool
    /// The lines of the entry, or of every answer like this one.
    var fields: FieldLines?
    /// The lines that a 304 repeats, unless `fields` have them.
    var validators: FieldLines?
    /// The lines of this answer alone.
    var own: [UInt8] = []
    /// The length of its body, or of GET's; nil if it has none, or no end.
    var length: Int?
    /// Whether `fields` say the length already.
    var saysLength = false
    /// Where the body comes from; none for HEAD.
    var body = AnswerBody.none
    /// The token of the coding, for the log.
    var coding: String?
    var slotCount = 0
    var filledCount = 0
    /// The entry that it was made from; nil if there is none.
    var entry: ServedEntry?

    /// What the access log and the counters have of it.
    var answered: Answered {
        Answered(
            status: status, bodyBytes: isHead ? 0 : length ?? 0, coding: coding,
            slotCount: slotCount, filledCount: filledCount, keepsAlive: keepsAlive)
    }

    /// Whether its head is all of it.
    var endsWithHead: Bool { isHead || (length ?? 0) == 0 }
}

/// Where the body of an answer comes from.
enum AnswerBody: Sendable {
    case none
    /// Bytes that were made for this answer.
    case bytes(ByteBuffer)
    /// Bytes that others are sent, too.
    case shared(SharedBytes)
    /// Parts of a stored file that are fetched as they are taken.
    indirect case file(FileBody)
    /// A stored page with fragments in its slots.
    indirect case splice(SplicedBody)
    /// A page as what differs from the client's dictionary.
    indirect case delta(DeltaBody)
}

/// Parts of one stored file, with text between them.
struct FileBody: Sendable {
    /// One part.
    enum Part: Equatable, Sendable {
        case text([UInt8])
        case stored(Range<Int>)
    }

    let file: StoredFile
    let parts: [Part]
    /// What was read before the head could be written, and where it is in the file.
    let first: (range: Range<Int>, bytes: SharedBytes)
}

/// A delta that is put together while it is written.
struct DeltaBody: Sendable {
    let delta: PageDelta
    let coding: DeltaCoding
    let fills: SlotFills
    let dictionary: SharedBytes

    /// Emits the body in pieces that are borrowed.
    func write(to emit: (Span<UInt8>) -> Void) {
        delta.write(coding, fills, dictionary: dictionary, to: emit)
    }

    /// The body as bytes of its own.
    var bytes: ByteBuffer {
        var bytes = ByteBuffer()
        write { unsafe _ = bytes.writeBytes($0.bytes) }
        return bytes
    }
}
