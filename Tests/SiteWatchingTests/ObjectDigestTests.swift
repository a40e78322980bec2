// Two objects are the same if nothing differs but the libraries that they ask for.

import Hashing
import TestSupport
import Testing

@testable import SiteWatching

@Suite("Object digest") struct ObjectDigestTests {
    /// An ELF file with a section of code, one of libraries, a digest, and the names of all.
    private func object(code: String, libraries: String) -> [UInt8] {
        let names = "\0.text\0.swift1_autolink_entries\0.shstrtab\0.swift_modhash\0"
        let contents = [code, libraries, names, "digest of \(libraries)"]
        var (starts, place): ([Int], Int) = ([], 64)
        for content in contents {
            starts.append(place)
            place += content.utf8.count
        }
        func bytes(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1] + bytes(0, 34) + bytes(place, 8)
        file += bytes(0, 10) + bytes(64, 2) + bytes(4, 2) + bytes(2, 2)
        file += contents.flatMap { Array($0.utf8) }
        for (number, name) in [1, 7, 32, 42].enumerated() {
            file += bytes(name, 4) + bytes(0, 20) + bytes(starts[number], 8)
            file += bytes(contents[number].utf8.count, 8) + bytes(0, 24)
        }
        return file
    }

    @Test func `which libraries are named, in which order, is no difference, anything else is`() {
        let first = object(code: "code", libraries: "-lA\0-lB\0")
        for libraries in ["-lB\0-lA\0", "-lA\0", "-lA\0-lB\0-lswiftGlibc\0-lm\0", ""] {
            let other = object(code: "code", libraries: libraries)
            #expect(first != other)
            #expect(ObjectDigest.of(first) == ObjectDigest.of(other), "\(libraries)")
        }
        #expect(
            ObjectDigest.of(first)
                != ObjectDigest.of(object(code: "cod3", libraries: "-lA\0-lB\0")))
    }

    @Test func `of what is no object all bytes count`() {
        #expect(ObjectDigest.of(Array("text".utf8)) == SHA256Digest(of: Array("text".utf8)))
        let whole = object(code: "code", libraries: "-lA\0")
        for length in stride(from: 0, to: whole.count, by: 7) {
            #expect(
                ObjectDigest.of(Array(whole[..<length]))
                    == SHA256Digest(of: Array(whole[..<length])))
        }
    }

    @Test func `swiftc makes the same object, whatever another file imports`() throws {
        let folder = try TemporaryFolder()
        try folder.write("struct Card { func text() -> Int { 1 } }", to: "Card.swift")
        func object(_ other: String, _ card: String? = nil) throws -> SHA256Digest? {
            try folder.write(other, to: "Other.swift")
            if let card { try folder.write(card, to: "Card.swift") }
            let (said, status) = try run(
                "/usr/bin/env",
                [
                    "swiftc", "-c", "-module-name", "Site", "-enable-batch-mode", "-j1",
                    "Card.swift", "Other.swift",
                ], in: folder.path, joiningErrors: true)
            try #require(status == 0, "\(String(decoding: said, as: UTF8.self))")
            return ObjectDigest.of("\(folder.path)/Card.o")
        }
        let plain = try object("let card = 1")
        #expect(try object("import Glibc\nlet card = getpid()") == plain)
        #expect(try object("let card = 1", "struct Card { func text() -> Int { 2 } }") != plain)
    }

    @Test func `a file that is not there has none`() {
        #expect(ObjectDigest.of("/nowhere.o") == nil)
    }
}
