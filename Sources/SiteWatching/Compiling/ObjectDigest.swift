// What tells two objects apart that are compiled from one source: every section but the list of
// libraries to link, and the compiler's own digest of the module, which has that list in it. The
// list's order comes from a table that is another in each run, and it names what other files of the
// module imported when they were compiled together: one import that comes and goes is in all.
//
// Where a section stands says nothing, since a longer list moves the others. Of a file that is none
// of this format all bytes count.

package import Hashing
import LocalFiles

/// The digest of an object file.
package enum ObjectDigest {
    /// The sections with the list of libraries and with the compiler's digest.
    private static let ignored = [".swift1_autolink_entries", ".swift_modhash"]
    /// The largest object that is read, in bytes.
    private static let bytesMax = 256 << 20

    /// The digest of a file; nil if it cannot be read.
    package static func of(_ path: String) -> SHA256Digest? {
        (try? LocalFile(path).bytes(limit: bytesMax)).map { of($0) }
    }

    /// The digest of an object's bytes; those of what is no ELF file of 64 bits all count.
    static func of(_ bytes: [UInt8]) -> SHA256Digest {
        guard let parts = ELFSections(bytes)?.parts(without: ignored) else {
            return SHA256Digest(of: bytes)
        }
        var hasher = SHA256Hasher()
        for part in parts { hasher.update(bytes[part]) }
        return hasher.finish()
    }
}

/// The sections of an ELF file of 64 bits whose numbers begin with their lowest byte.
private struct ELFSections {
    private let bytes: [UInt8]
    private let table: Int
    private let entryBytes: Int
    private let count: Int
    /// The section with the names of all.
    private let names: Int

    init?(_ bytes: [UInt8]) {
        // The magic number, 64 bits, lowest byte first.
        guard bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]), bytes.count >= 64 else {
            return nil
        }
        self.bytes = bytes
        table = Self.number(bytes, 0x28, 8)
        entryBytes = Self.number(bytes, 0x3a, 2)
        count = Self.number(bytes, 0x3c, 2)
        names = Self.number(bytes, 0x3e, 2)
        guard entryBytes >= 64, names < count, table > 0,
            table <= bytes.count - count * entryBytes
        else { return nil }
    }

    private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
        bytes[place..<(place + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// Where a section's bytes are.
    private func range(_ section: Int) -> Range<Int>? {
        let entry = table + section * entryBytes
        let (start, length) = (
            Self.number(bytes, entry + 0x18, 8), Self.number(bytes, entry + 0x20, 8)
        )
        guard start >= 0, length >= 0, start <= bytes.count, length <= bytes.count - start else {
            return nil
        }
        return start..<(start + length)
    }

    /// What says everything of the file but where its sections are, and what is in some of them.
    ///
    /// - Parameter ignored: the names of sections whose contents and lengths do not count.
    /// - Returns: ranges of the file's bytes; nil if a section is not whole.
    func parts(without ignored: [String]) -> [Range<Int>]? {
        guard let texts = range(names) else { return nil }
        // The header but for the place of the table.
        var parts = [0..<0x28, 0x30..<0x40]
        for section in 0..<count {
            let entry = table + section * entryBytes
            let start = texts.lowerBound + Self.number(bytes, entry, 4)
            guard start <= texts.upperBound else { return nil }
            let isIgnored = ignored.contains { name in
                bytes[start..<texts.upperBound].starts(with: Array(name.utf8) + [0])
            }
            parts.append(entry..<(entry + 0x18))
            guard !isIgnored else { continue }
            parts.append((entry + 0x20)..<(entry + 0x40))
            // What is all zeros stands nowhere (SHT_NOBITS).
            guard Self.number(bytes, entry + 4, 4) != 8 else { continue }
            guard let content = range(section) else { return nil }
            parts.append(content)
        }
        return parts
    }
}
