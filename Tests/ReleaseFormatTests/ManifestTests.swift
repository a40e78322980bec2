// Manifests: what goes in comes out, order does not matter, and broken rules are named.

import ContentEncoding
import Hashing
import TestSupport
import Testing

@testable import ReleaseFormat

@Suite("Manifest") struct ManifestTests {
    @Test func `every entry comes back as it was`() throws {
        let entries = try sampleEntries()
        let made = try manifest(entries, hasTree: true)
        let read = try readBack(made)
        #expect(read.count == entries.count)
        #expect(read.hasTree)
        #expect(read.recipe == 0)
        #expect(read.id == made.id)
        #expect(read.headerBlocks.count == 2)
        for entry in entries { #expect(read.entry(atPath: entry.path) == entry) }
        #expect(read.notFound.map { read.entry(at: $0).path } == "/404.html")
    }

    @Test func `the name is the start of the digest at the end`() throws {
        let made = try manifest(sampleEntries())
        let digest = SHA256Digest(of: Array(made.bytes.dropLast(32)))
        #expect(made.id.description == digest.hex.prefix(16))
        #expect(Array(made.bytes.suffix(32)) == digest.bytes)
    }

    @Test func `the order in which entries come does not matter`() throws {
        var random = SeededGenerator(seed: 3)
        let entries = try sampleEntries()
        let made = try manifest(entries)
        for _ in 0..<20 {
            #expect(try manifest(entries.shuffled(using: &random)).bytes == made.bytes)
        }
    }

    @Test func `entries are in the order of their bytes`() throws {
        let paths = ["/b", "/a/", "/a/b", "/é", "/e\u{301}", "/Z", "/a-b"]
        let made = try manifest(paths.map { entry($0) })
        let read = (0..<made.count).map { Array(made.entry(at: $0).path.utf8) }
        #expect(read == paths.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test func `paths that only look the same are different`() throws {
        let made = try manifest([entry("/\u{E9}", source: source), entry("/e\u{301}")])
        #expect(made.count == 2)
        #expect(made.index(ofPath: "/\u{E9}") != made.index(ofPath: "/e\u{301}"))
    }

    @Test(arguments: ["", "/nothing", "/looks/é", "/looks/é/x", "/looks/e\u{301}/", "//"])
    func `a path that is not there is not found`(path: String) throws {
        let made = try manifest(sampleEntries())
        #expect(made.index(ofPath: path) == nil)
        #expect(made.entry(atPath: path) == nil)
    }

    @Test func `a manifest without entries is a manifest`() throws {
        let made = try manifest([])
        #expect(try readBack(made).count == 0)
        #expect(made.index(ofPath: "/") == nil)
        #expect(made.notFound == nil)
    }

    @Test func `ten thousand paths are each found`() throws {
        let made = try manifest((0..<10_000).map { entry("/looks/\($0)/") })
        for number in 0..<10_000 {
            let index = try #require(made.index(ofPath: "/looks/\(number)/"))
            #expect(made.entry(at: index).path == "/looks/\(number)/")
        }
        #expect(made.index(ofPath: "/looks/10000/") == nil)
    }

    @Test func `a page costs less than 256 bytes and its path`() throws {
        let brotli = { Representation(coding: $0, blob: BlobID(of: []), length: 1) }
        let forms = [Coding.identity, .gzip, .brotli].map(brotli)
        let made = try manifest((0..<10_000).map { entry("/\($0)", representations: forms) })
        let paths = (0..<10_000).reduce(0) { $0 + "/\($1)".utf8.count }
        // Two numbers of 4 bytes for each path, rounded up to a power of two.
        let table = 4 * 32_768
        #expect((made.byteCount + table - paths) / 10_000 < 256)
    }

    @Test func `two entries at one path are refused and both are named`() throws {
        let other = EntrySource(view: "rooms", key: "9")
        #expect(
            throws: ReleaseError.duplicatePath(path: "/x/", first: source, second: other)
        ) {
            try manifest([entry("/x/"), entry("/y/"), entry("/x/", source: other)])
        }
    }

    @Test func `two pages for missing paths are refused`() throws {
        #expect(throws: ReleaseError.duplicatePath(path: "/b", first: source, second: source)) {
            try manifest([entry("/a", kind: .notFound), entry("/b", kind: .notFound)])
        }
    }

    @Test(arguments: [
        "", "/-/", "/-/x", "looks", "/a//b", "/.", "/..", "/a/../b", "/a/./b", "/a\u{0}b", "/a\nb",
        "/a\u{7F}",
        "/a\\b", "/" + String(repeating: "a", count: 241),
        String(repeating: "/a", count: 65), "/" + String(repeating: "é/", count: 700),
    ])
    func `a path that cannot be served is refused`(path: String) throws {
        let error = #expect(throws: ReleaseError.self) { try manifest([entry(path)]) }
        guard case .pathInvalid(path, _, source) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [
        "/", "/a", "/a.b/..c/...", "/日本/", "/a b", "/%2e%2e", "/a?b#c", "/-", "/a/-/b",
    ])
    func `a path that is only unusual is fine`(path: String) throws {
        #expect(try manifest([entry(path)]).index(ofPath: path) == 0)
    }

    static func broken() throws -> [Entry] {
        let blob = BlobID(of: [])
        let identity = Representation(coding: .identity, blob: blob, length: 1)
        let gzip = Representation(coding: .gzip, blob: blob, length: 1)
        let huge = Representation(
            coding: .identity, blob: blob, length: ReleaseLimits.blobBytesMax + 1)
        let (page, _) = try slotted("/p")
        let table = try #require(page.slots)
        let late = try tailed("/p")
        let lateTable = try #require(late.slots)
        let long = String(repeating: "k", count: ReleaseLimits.textBytesMax + 1)
        return [
            entry("/a", contentType: ""), entry("/a", contentType: "text/html\r\nx: y"),
            entry("/a", representations: []), entry("/a", representations: [gzip]),
            entry("/a", representations: [identity, gzip, gzip]),
            entry("/a", representations: [huge]),
            entry("/a", kind: .redirect(to: "/b", status: 308)),
            redirect("/a", to: ""), redirect("/a", to: "/b\r\nset-cookie: x"),
            entry("/a", source: EntrySource(view: "v", key: long)),
            entry("/a", slots: table),
            entry("/a", representations: [identity, gzip], slots: table),
            entry(
                "/a", representations: page.representations,
                slots: SlotTable(layout: table.layout, bindings: [])),
            // A page takes a tail if and only if it has places for one.
            entry(
                "/a", representations: page.representations,
                slots: SlotTable(
                    layout: table.layout, bindings: table.bindings + table.bindings)),
            entry(
                "/a", representations: late.representations,
                slots: SlotTable(layout: lateTable.layout, bindings: [lateTable.bindings[0]])),
            try slotted("/a", cookie: "c", cachePolicy: .revalidate).entry,
            try slotted("/a", cachePolicy: .immutable).entry,
        ]
    }

    @Test func `an entry that contradicts itself is refused`() throws {
        for (number, entry) in try Self.broken().enumerated() {
            let error = #expect(throws: ReleaseError.self, "entry \(number)") {
                try manifest([entry])
            }
            guard case .entryInvalid(path: "/a", _) = error else {
                Issue.record("entry \(number): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func `the digest changes with everything a client can see`() throws {
        let blob = BlobID(of: [1])
        let changed = [Representation(coding: .identity, blob: blob, length: 9)]
        let digests = [
            entry("/a"), entry("/a", kind: .file), entry("/a", contentType: "text/plain"),
            entry("/a", cachePolicy: .private), entry("/a", headers: .empty),
            entry("/a", representations: changed), try slotted("/a").entry,
            try slotted("/a", cookie: "a").entry, try slotted("/a", cookie: "b").entry,
            try tailed("/a"),
        ].map(\.digest)
        #expect(Set(digests).count == digests.count)
    }

    @Test func `better compression changes only its own entity tag`() throws {
        let identity = Representation(coding: .identity, blob: BlobID(of: [1]), length: 1)
        let forms = [UInt8(2), 3].map { byte in
            [identity, Representation(coding: .brotli, blob: BlobID(of: [byte]), length: 1)]
        }
        let entries = forms.map { entry("/a", representations: $0) }
        #expect(entries[0].digest == entries[1].digest)
        #expect(entries[0].entityTag(.identity) == entries[1].entityTag(.identity))
        #expect(entries[0].entityTag(.brotli) != entries[1].entityTag(.brotli))
        #expect(entries[0].entityTag(.gzip) == nil)
        #expect(entries[0].entityTag(.brotli)?.hasSuffix("-br") == true)
        #expect(entries[0].entityTag(.brotli)?.utf8.count == 25)
    }

    @Test(arguments: [
        ("x", "a\r\nb"), ("x", "a\u{0}"), ("x", " a"), ("x", "a "), ("", "a"), ("a b", "c"),
        ("a:", "b"), ("é", "b"), ("x", "\u{7F}"),
    ])
    func `a malformed header is refused`(name: String, value: String) {
        #expect(HeaderField(name: name, value: value) == nil)
    }

    @Test func `headers are rendered as lines, names in lower case`() throws {
        let field = try #require(HeaderField(name: "X-Frame", value: "deny"))
        #expect(
            HeaderBlock([field, field]).rendered == Array("x-frame: deny\r\nx-frame: deny\r\n".utf8)
        )
    }
}
