/// Bytes by which something is found: texts whose bytes differ are not equal, whatever Unicode
/// says.
///
/// They are hashed as a whole. An array hashes each of its bytes apart, which took a tenth of the
/// time of a build that renders everything.
struct ByteKey: Hashable, Sendable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }
    init(_ text: String) { bytes = Array(text.utf8) }

    func hash(into hasher: inout Hasher) { hasher.combine(whole: bytes) }
}

extension Hasher {
    /// Takes bytes as a whole.
    mutating func combine(whole bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe combine(bytes: $0) }
    }
}
