import ReleaseFormat

/// Why a row is in a plan, as a list holds it: a letter, then the digests or a file's name.
enum RowCause: Sendable, Hashable {
    case new, asked, removed
    case changed(was: RowDigest?, now: RowDigest)
    /// A file that its page names, by its name from the site's folder.
    case file(String)

    var pageCause: PageCause {
        switch self {
        case .new: .new
        case .asked: .asked
        case .removed: .removed
        case .changed(let was, let now): .row(was: was, now: now)
        case .file(let name): .file(name: name)
        }
    }

    var bytes: [UInt8] {
        switch self {
        case .new: [UInt8(ascii: "n")]
        case .asked: [UInt8(ascii: "a")]
        case .removed: [UInt8(ascii: "r")]
        case .file(let name): Self.bytes(ofFile: name)
        case .changed(nil, let now): [UInt8(ascii: "c")] + now.bytes
        case .changed(let was?, let now): [UInt8(ascii: "d")] + now.bytes + was.bytes
        }
    }

    private static func bytes(ofFile name: String) -> [UInt8] {
        var writer = ByteWriter()
        writer.append(UInt8(ascii: "f"))
        writer.append(text: name)
        return writer.bytes
    }

    /// Reads what `bytes` wrote, and how many bytes that were.
    static func of(_ bytes: [UInt8]) -> (RowCause, Int) {
        func digest(_ number: Int) -> RowDigest? {
            let start = 1 + number * RowDigest.byteCount
            return RowDigest(bytes: bytes[start..<start + RowDigest.byteCount])
        }
        switch bytes.first {
        case UInt8(ascii: "n"): return (.new, 1)
        case UInt8(ascii: "a"): return (.asked, 1)
        case UInt8(ascii: "r"): return (.removed, 1)
        case UInt8(ascii: "f"):
            var reader = ByteReader(bytes, 1..<bytes.count)
            return (.file((try? reader.text()) ?? ""), reader.position)
        case let letter:
            guard let now = digest(0) else { preconditionFailure("a digest has 16 bytes") }
            let hasBoth = letter == UInt8(ascii: "d")
            return (
                .changed(was: hasBoth ? digest(1) : nil, now: now),
                1 + (hasBoth ? 2 : 1) * RowDigest.byteCount
            )
        }
    }
}
