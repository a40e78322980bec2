internal import Groundwork

/// What tells servers and segments apart: 16 random bytes.
package struct SpoolID: Hashable, Sendable {
    /// The bytes, 16 of them.
    package let bytes: [UInt8]

    /// Takes 16 bytes; nil for any other number of them.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    /// 16 new random bytes.
    package init() {
        var random = SystemRandomNumberGenerator()
        bytes = (0..<Self.byteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    /// How many bytes there are.
    package static let byteCount = 16

    /// 32 hexadecimal digits in lower case.
    package var hex: String { Base16.text(of: bytes) }
}
