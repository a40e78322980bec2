// What tells two objects apart that are compiled from one source: every byte but the list of
// libraries to link, whose order the compiler takes from a table that is another in each run, and
// the compiler's own digest of the module, which has that order in it.
//
// Nothing else of the format is read. Of a file that is none of this format all bytes count.

package import Hashing
import LocalFiles

/// The digest of an object file.
package enum ObjectDigest {
    /// The sections with the list of libraries and with the compiler's digest.
    private static let unordered = [".swift1_autolink_entries", ".swift_modhash"]
    /// The largest object that is read, in bytes.
    private static let bytesMax = 256 << 20

    /// The digest of a file; nil if it cannot be read.
    package static func of(_ path: String) -> SHA256Digest? {
        (try? LocalFile(path).bytes(limit: bytesMax)).map { of($0) }
    }

    /// The digest of an object's bytes; those of what is no ELF file of 64 bits all count.
    static func of(_ bytes: [UInt8]) -> SHA256Digest {
        let sections = ELFSections(bytes)
        let ranges = unordered.compactMap { sections?.range(of: $0) }
            .sorted { $0.lowerBound < $1.lowerBound }
        var (hasher, place) = (SHA256Hasher(), 0)
        for range in ranges where range.lowerBound >= place {
            hasher.update(bytes[place..<range.lowerBound])
            place = range.upperBound
        }
        hasher.update(bytes[place...])
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

    /// Where the bytes of the section of a name are.
    func range(of name: String) -> Range<Int>? {
        guard let texts = range(names) else { return nil }
        let wanted = Array(name.utf8) + [0]
        for section in 0..<count {
            let start = texts.lowerBound + Self.number(bytes, table + section * entryBytes, 4)
            guard start <= texts.upperBound,
                bytes[start..<texts.upperBound].starts(with: wanted)
            else { continue }
            return range(section)
        }
        return nil
    }
}
