// The compiler's own accounts of two texts of a file: what is provided is the same after a change
// inside of a body, and another after a change that other files may see.

import FoundationEssentials
import TestSupport
import Testing

@testable import SiteWatching

@Suite("Accounts of dependencies") struct DependencyAccountTests {
    private static let text = """
        struct Card {
            var name = "linen"
            func text(_ count: Int) -> String { "a" }
        }
        private func help() -> Int { 1 }
        """

    /// The account that swiftc gives of a file beside another one.
    private func account(
        _ text: String, _ name: String, in folder: borrowing TemporaryFolder
    ) throws -> [UInt8] {
        try folder.write(text, to: "\(name)/Card.swift")
        try folder.write("let card = Card().text(1)", to: "\(name)/Other.swift")
        let (said, status) = try run(
            "/usr/bin/env",
            [
                "swiftc", "-frontend", "-c", "-module-name", "Site", "-parse-as-library",
                "-primary-file", "Card.swift", "Other.swift", "-o", "Card.o",
                "-emit-reference-dependencies-path", "Card.swiftdeps",
            ], in: "\(folder.path)/\(name)", joiningErrors: true)
        try #require(status == 0, "\(String(decoding: said, as: UTF8.self))")
        let path = "\(folder.path)/\(name)/Card.swiftdeps"
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    @Test func `what a body uses is no other's business, what a file provides is`() throws {
        let folder = try TemporaryFolder()
        let bytes = try account(Self.text, "a", in: folder)
        let before = try #require(DependencyAccount(bytes))
        for (number, change, isInside) in [
            (1, (#""a""#, #""another""#), true),
            (2, (#""a""#, "String(help() + [1, 2].count)"), true),
            (3, (#""a""#, "{ let x = Set([count]); return \"\\(x)\" }()"), true),
            (4, ("struct Card", "import Glibc\nstruct Card"), false),
            (5, ("var name", "var size = 1\n    var name"), false),
            (6, ("count: Int", "count: Int, of: Int = 2"), false),
            (7, ("struct Card {", "struct Card {\n    private func more() {}"), false),
            (8, ("struct Card", "protocol Shown {}\nstruct Card: Shown"), false),
            (9, ("var name = \"linen\"", "var name = 1"), false),
            (10, ("private func help() -> Int { 1 }", ""), false),
        ] as [(Int, (String, String), Bool)] {
            let text = Self.text.replacing(change.0, with: change.1)
            #expect(text != Self.text)
            let other = try account(text, "b\(number)", in: folder)
            let now = try #require(DependencyAccount(other), "\(change)")
            #expect(now.provides(sameAs: before) == isInside, "\(change)")
        }
    }

    @Test func `what is no whole account is none, and nothing traps`() throws {
        let folder = try TemporaryFolder()
        let bytes = try account(Self.text, "a", in: folder)
        for length in 0..<bytes.count - 4 {
            #expect(DependencyAccount(Array(bytes[..<length])) == nil, "\(length)")
        }
        var random = SeededGenerator(seed: UInt64.random(in: 0...UInt64.max))
        for _ in 0..<2_000 {
            var damaged = bytes
            for _ in 0...Int.random(in: 0...8, using: &random) {
                damaged[Int.random(in: 4..<bytes.count, using: &random)] ^=
                    1 << UInt8.random(in: 0...7, using: &random)
            }
            _ = DependencyAccount(damaged)
        }
        // Another version has another form.
        #expect(DependencyAccount(Array("DEPX".utf8) + bytes.dropFirst(4)) == nil)
    }
}
