// What is left of a body that is longer than one write.
//
// Bytes are handed out as slices of what is kept: nothing is copied. Of a stored file it holds one
// piece at a time, and the next is asked for when that one is written.

import NIOCore

/// The bytes of one body, in order.
struct BodySource {
    enum Next {
        /// Some bytes, and whose they are if they are shared.
        case bytes(ByteBuffer, of: SharedBytes?)
        /// This piece is to be read first, then handed to `take`.
        case missing(StoredPiece)
        case end
    }

    /// What is written next.
    private var ready = ByteBuffer()
    private var owner: SharedBytes?
    private let file: StoredFile?
    /// What was read before the head was written, until it is its turn.
    private var first: (range: Range<Int>, bytes: SharedBytes)?
    private var parts: ArraySlice<FileBody.Part> = []

    /// All of a body.
    init(_ body: AnswerBody) {
        switch body {
        case .none: file = nil
        case .bytes(let bytes):
            file = nil
            ready = bytes
        case .shared(let bytes):
            file = nil
            ready = bytes.buffer
            owner = bytes
        case .splice(let body):
            file = nil
            ready = body.bytes
        case .delta(let body):
            file = nil
            ready = body.bytes
        case .file(let body):
            file = body.file
            parts = body.parts[...]
            first = body.first
        }
    }

    /// At most `count` bytes of what comes next.
    mutating func next(_ count: Int, from blobs: Blobs) -> Next {
        while ready.readableBytes == 0 {
            switch parts.first {
            case nil: return .end
            case .text(let text):
                ready = ByteBuffer(bytes: text)
                owner = nil
                parts.removeFirst()
            case .stored(let range):
                guard let file else { return .end }
                if let (place, bytes) = first, place.contains(range.lowerBound) {
                    first = nil
                    take(bytes, at: place)
                    continue
                }
                let piece = blobs.piece(of: file, at: range.lowerBound, before: range.upperBound)
                guard let kept = blobs.kept(piece.key) else { return .missing(piece) }
                take(kept, at: piece.range)
            }
        }
        guard let bytes = ready.readSlice(length: min(count, ready.readableBytes)) else {
            return .end
        }
        return .bytes(bytes, of: owner)
    }

    /// Goes on with bytes of the file at their place.
    mutating func take(_ bytes: SharedBytes, at place: Range<Int>) {
        guard case .stored(let range)? = parts.first, place.contains(range.lowerBound) else {
            return
        }
        let wanted = range.clamped(to: place)
        ready = bytes.buffer.part(
            (wanted.lowerBound - place.lowerBound)..<(wanted.upperBound - place.lowerBound))
        owner = bytes
        parts.removeFirst()
        if wanted.upperBound < range.upperBound {
            parts = [.stored(wanted.upperBound..<range.upperBound)] + parts
        }
    }
}
