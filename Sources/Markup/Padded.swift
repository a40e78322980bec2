/// A literal followed by spaces up to a multiple of 16 bytes, so that it is copied 16 at a time.
@safe @usableFromInline struct Padded: Sendable {
    @usableFromInline let start: UInt
    @usableFromInline let count: Int

    /// The first `count` bytes of the literal; at most 32.
    @inlinable init(_ literal: StaticString, _ count: Int) {
        precondition(
            count <= 32 && literal.utf8CodeUnitCount == (count > 16 ? 32 : 16),
            "A literal is not padded; run generate.py.")
        start = unsafe UInt(bitPattern: literal.utf8Start)
        self.count = count
    }

    /// Puts the literal to where 32 bytes are free; returns where it ended.
    @inline(__always) func put(at target: Cursor) -> Cursor {
        unsafe copyPadded(start, count, to: target)
    }

    /// The literal as text.
    var text: String {
        let bytes = unsafe UnsafeBufferPointer(
            start: UnsafePointer<UInt8>(bitPattern: start), count: count)
        return unsafe String(decoding: bytes, as: UTF8.self)
    }
}
