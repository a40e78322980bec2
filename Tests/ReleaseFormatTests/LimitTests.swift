// Each limit of a release, met and passed by one.
//
// Arrays that are longer than any file may be are never written to, so they take no memory.

import Hashing
import Spooling
import Testing

@testable import ReleaseFormat

@Suite("Limits of a release") struct LimitTests {
    /// What a manifest of one entry with this path is refused for; nil when it is made.
    private func refusal(_ entry: Entry) throws -> String? {
        do {
            _ = try manifest([entry])
            return nil
        } catch ReleaseError.pathInvalid(_, let reason, _) {
            return reason
        } catch ReleaseError.entryInvalid(_, let reason) {
            return reason
        }
    }

    @Test func `a path, its parts and their number`() throws {
        let part = String(repeating: "p", count: ReleaseLimits.pathPartBytesMax)
        #expect(try refusal(entry("/\(part)")) == nil)
        #expect(try refusal(entry("/\(part)p"))?.contains("more than 240 bytes") == true)
        let parts = String(repeating: "/a", count: ReleaseLimits.pathPartsMax)
        #expect(try refusal(entry(parts)) == nil)
        #expect(try refusal(entry(parts + "/a"))?.contains("more than 64 parts") == true)
        // 2,048 bytes in nine parts, then one more.
        let long = (0..<8).map { _ in "/" + part }.joined() + "/" + part.prefix(119)
        #expect(long.utf8.count == ReleaseLimits.pathBytesMax)
        #expect(try refusal(entry(long)) == nil)
        #expect(try refusal(entry(long + "p"))?.contains("more than 2048 bytes") == true)
    }

    @Test func `the inputs of a build`() throws {
        let spools = TemporaryFolder()
        try spools.write([], "mark")
        let inputs = (0...ReleaseLimits.inputsMax).map { BuildInput("\($0)", "v") }
        func made(_ inputs: [BuildInput]) throws -> StoredManifest {
            try ManifestBuilder(spoolingIn: SpoolFolder(path: spools.path)).finish(inputs: inputs)
        }
        #expect(try made(Array(inputs.dropLast())).inputs.count == ReleaseLimits.inputsMax)
        #expect(
            throws: ReleaseError.limitExceeded(
                name: "inputs", value: inputs.count, limit: ReleaseLimits.inputsMax)
        ) { try made(inputs) }
    }

    @Test func `the assets of a page and the fields of its headers`() throws {
        for (count, isFine) in [(ReleaseLimits.assetsPerPageMax, true), (256, false)] {
            var source = EntrySource(view: "v", key: "1")
            source.assets = (0..<count).map { "/assets/\($0)" }
            let refusal = try refusal(entry("/a", source: source))
            #expect(refusal == (isFine ? nil : "it needs too many assets"))
        }
        for (count, isFine) in [(ReleaseLimits.headerFieldsMax, true), (65, false)] {
            let fields = (0..<count).compactMap { HeaderField(name: "x-\($0)", value: "v") }
            let refusal = try refusal(entry("/a", headers: HeaderBlock(fields)))
            #expect(refusal == (isFine ? nil : "it has too many headers"))
        }
    }

    @Test func `the bytes of a stored file, and what to change`() throws {
        let folder = TemporaryFolder()
        let writer = try ReleaseWriter.open(folder.path)
        let bytes = untouched(ReleaseLimits.blobBytesMax + 1)
        let error = #expect(throws: ReleaseError.self) { try writer.store(bytes) }
        #expect(
            error.map { "\($0)" }
                == "The release has 268435457 bytes in one file, more than 268435456.\n"
                + "Make that file smaller.")
        #expect(
            "\(ReleaseError.limitExceeded(name: "entries", value: 2, limit: 1))".hasSuffix(
                "Split the site."))
    }

    @Test func `the bytes of a manifest and of a segment`() {
        for (reason, read) in [
            (
                "its length is not that of a manifest",
                { () throws(ReleaseError) in
                    _ = try ManifestRoot(bytes: untouched(ReleaseLimits.manifestBytesMax + 1))
                }
            ),
            (
                "a segment is longer than its limit",
                { () throws(ReleaseError) in
                    _ = try ManifestSegment(bytes: untouched(ReleaseLimits.segmentBytesMax + 1))
                }
            ),
        ] as [(String, () throws(ReleaseError) -> Void)] {
            #expect(throws: ReleaseError.manifestInvalid(reason: reason)) { try read() }
        }
    }

    /// Other spellings of one address, each refused beside the first.
    @Test(arguments: [
        ("/x/", "/x"), ("/x/", "/x/index.html"), ("/x", "/x/index.html"), ("/x", "/x.html"),
        ("/", "/index.html"), ("/a/b/c/", "/a/b/c"), ("/ü/", "/ü"),
    ])
    func `two spellings of one address`(one: String, other: String) throws {
        for pair in [[one, other], [other, one]] {
            let error = #expect(throws: ReleaseError.self) {
                try manifest(pair.map { entry($0) } + (0..<500).map { entry("/x-\($0)/") })
            }
            guard case .sameAddress = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    @Test func `paths that are alike and no redirects beside pages are fine`() throws {
        for pair in [
            [entry("/x/"), entry("/x.html")], [entry("/x.txt"), entry("/x/")],
            [redirect("/x", to: "/y/"), entry("/x/")],
            [entry("/x", kind: .file), entry("/x.html")],
            [entry("/index/"), entry("/")], [entry("/xindex.html"), entry("/x")],
        ] {
            #expect(try manifest(pair).count == 2)
        }
    }

    private func untouched(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { $1 = count }
    }
}
