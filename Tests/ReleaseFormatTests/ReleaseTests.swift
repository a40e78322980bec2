// Writing and reading releases in real folders: switching, sharing, keeping, sweeping, failing.

import ContentEncoding
import Foundation
import Hashing
import Testing

@testable import ReleaseFormat

@Suite("Releases") struct ReleaseTests {
    /// Stores a page for each text and goes live with them.
    @discardableResult
    private func publish(
        _ pages: [String: String], with writer: ReleaseWriter, tree: Bool = false,
        keeping: ReleaseKeeping? = ReleaseKeeping(count: ReleaseLimits.releasesKept)
    ) throws -> ReleaseID {
        let entries = try pages.map { path, text in try page(path, text, writer) }
        return try writer.finish(stored(entries, hasTree: tree), keeping: keeping).id
    }

    private func page(
        _ path: String, _ text: String, _ writer: ReleaseWriter,
        _ policy: CachePolicy = .revalidate
    ) throws -> Entry {
        let bytes = Array(text.utf8)
        let forms = try [
            (Coding.identity, bytes), (.gzip, Gzip.compress(bytes)),
            (.brotli, Brotli.compress(bytes, quality: 5)),
        ].map { coding, bytes in
            Representation(coding: coding, blob: try writer.store(bytes), length: bytes.count)
        }
        return entry(path, cachePolicy: policy, representations: forms)
    }

    private func text(_ output: String, _ path: String) throws -> String? {
        let reader = try ReleaseReader.open(output)
        guard let form = reader.manifest.entry(atPath: path)?.representation(.gzip) else {
            return nil
        }
        let bytes = try Gzip.decompress(reader.blob(form, verified: true), limit: 1 << 20)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `what was stored is what is read`() throws {
        let folder = TemporaryFolder()
        let id = try publish(["/": "home", "/a/": "A"], with: ReleaseWriter.open(folder.path))
        #expect(try ReleaseReader.currentID(folder.path) == id)
        #expect(try text(folder.path, "/") == "home")
        #expect(try text(folder.path, "/a/") == "A")
        #expect(folder.names("tmp") == [])
        #expect(try ReleaseReader.history(folder.path).map(\.id) == [id])
    }

    @Test func `the same input gives the same release, in another folder, too`() throws {
        let (one, two) = (TemporaryFolder(), TemporaryFolder())
        let pages = ["/": "home", "/a/": "A", "/b/": "B"]
        let first = try publish(pages, with: ReleaseWriter.open(one.path))
        let second = try publish(pages, with: ReleaseWriter.open(two.path))
        #expect(first == second)
        #expect(one.blobs == two.blobs)
        let file = "releases/\(first)/manifest"
        #expect(try one.read(file) == two.read(file))
    }

    @Test func `an equal release is used again and makes no line of history`() throws {
        let folder = TemporaryFolder()
        let writer = try ReleaseWriter.open(folder.path)
        let first = try publish(["/": "home"], with: writer)
        #expect(try publish(["/": "home"], with: writer) == first)
        #expect(try ReleaseReader.history(folder.path).count == 1)
        #expect(folder.names("releases") == [first.description])
    }

    @Test func `a reader goes on reading its release after a switch`() throws {
        let folder = TemporaryFolder()
        let writer = try ReleaseWriter.open(folder.path)
        let first = try publish(["/": "old"], with: writer)
        let reader = try ReleaseReader.open(folder.path)
        try publish(["/": "new"], with: writer)
        let form = try #require(reader.manifest.entry(atPath: "/")?.representation(.identity))
        #expect(try reader.blob(form, verified: true) == Array("old".utf8))
        #expect(try text(folder.path, "/") == "new")
        #expect(try ReleaseReader.open(folder.path, id: first).manifest.id == first)
    }

    @Test func `a second writer is refused until the first is gone`() throws {
        let folder = TemporaryFolder()
        var writer: ReleaseWriter? = try ReleaseWriter.open(folder.path)
        #expect(throws: ReleaseError.locked(output: folder.path)) {
            _ = try ReleaseWriter.open(folder.path)
        }
        #expect(writer != nil)
        writer = nil
        _ = try ReleaseWriter.open(folder.path)
    }

    @Test func `rollback makes an older release current again`() throws {
        let folder = TemporaryFolder()
        let writer = try ReleaseWriter.open(folder.path)
        let first = try publish(["/": "old"], with: writer)
        let second = try publish(["/": "new"], with: writer)
        try writer.activate(first)
        #expect(try text(folder.path, "/") == "old")
        #expect(try ReleaseReader.history(folder.path).map(\.id) == [first, second, first])
        let unknown = try #require(ReleaseID("0123456789abcdef"))
        #expect(throws: ReleaseError.releaseMissing("0123456789abcdef")) {
            try writer.activate(unknown)
        }
    }

    @Test func `only the last releases stay, with exactly their files`() throws {
        let folder = TemporaryFolder()
        let writer = try ReleaseWriter.open(folder.path)
        var ids: [ReleaseID] = []
        for number in 0..<5 {
            let pages = ["/": "page \(number)", "/same/": "the same"]
            ids.append(try publish(pages, with: writer, keeping: 2))
        }
        #expect(Set(folder.names("releases")) == Set(ids.suffix(2).map(\.description)))
        // Three forms of three pages, and a segment of the manifest for each of two releases.
        #expect(folder.blobs.count == 3 * 3 + 2)
        #expect(try text(folder.path, "/same/") == "the same")
        let previous = try ReleaseReader.open(folder.path, id: ids[3])
        for index in 0..<previous.manifest.count {
            for form in previous.manifest.entry(at: index).representations {
                _ = try previous.blob(form, verified: true)
            }
        }
    }

    @Test func `what a killed build left is swept, and what is live is not`() throws {
        let folder = TemporaryFolder()
        let id = try publish(["/": "home"], with: ReleaseWriter.open(folder.path))
        let before = folder.blobs
        let orphan = SHA256Digest(of: Array("orphan".utf8)).hex
        try folder.write(Array("orphan".utf8), "blobs/\(orphan.prefix(2))/\(orphan)")
        try folder.write([1], "tmp/7")
        try folder.write([], "tmp/unfinished")
        try folder.write([1], "releases/0123456789abcdef/tree/index.html")
        let history = try folder.read("history")
        let line = Array("2026-01-01T00:00:00Z 0123456789abcdef\n".utf8)
        try folder.write(history + line, "history")
        let writer = try ReleaseWriter.open(folder.path)
        #expect(folder.blobs == before)
        #expect(folder.names("tmp") == ["unfinished"])
        #expect(folder.names("releases") == [id.description])
        #expect(try folder.read("history") == history)
        #expect(try text(folder.path, "/") == "home")
        _ = consume writer
        #expect(folder.names("tmp") == [])
    }

    @Test func `a build that ends without a release is swept by the next`() throws {
        let folder = TemporaryFolder()
        _ = try ReleaseWriter.open(folder.path).store(Array("lost".utf8))
        #expect(folder.blobs.count == 1)
        _ = try ReleaseWriter.open(folder.path)
        #expect(folder.blobs.isEmpty)
    }

    @Test func `a long history keeps its newer lines`() throws {
        let folder = TemporaryFolder()
        let writer = try ReleaseWriter.open(folder.path)
        let lines = (0..<9000).map { "2026-01-01T00:00:00Z \(String(1 << 60 + $0, radix: 16))\n" }
        try folder.write(Array(lines.joined().utf8), "history")
        let id = try publish(["/": "home"], with: writer)
        let history = try ReleaseReader.history(folder.path)
        #expect(history.count == ReleaseLimits.historyLinesMax / 4 + 1)
        #expect(history.last?.id == id)
        #expect(history.dropLast().last?.id.description == String(1 << 60 + 8999, radix: 16))
    }

    @Test func `many threads store at once`() async throws {
        let folder = TemporaryFolder()
        let writer = try ReleaseWriter.open(folder.path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for number in 0..<100 {
                        let bytes = Array("text \(number + task * 50)".utf8)
                        let blob = try writer.store(bytes)
                        #expect(blob == SHA256Digest(of: bytes))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(folder.blobs.count == 450)
        #expect(folder.names("tmp") == ["unfinished"])
    }

    @Test func `a stored file that was cut is written again`() throws {
        let folder = TemporaryFolder()
        let blob = try ReleaseWriter.open(folder.path).store(Array("whole".utf8))
        let file = "blobs/\(blob.hex.prefix(2))/\(blob.hex)"
        try FileManager.default.removeItem(atPath: "\(folder.path)/tmp/unfinished")
        try folder.write(Array("who".utf8), file)
        _ = try ReleaseWriter.open(folder.path).store(Array("whole".utf8))
        #expect(try folder.read(file) == Array("whole".utf8))
    }

    @Test func `pruning takes what is in the wrong place and nothing else`() throws {
        let folder = TemporaryFolder()
        let writer = try ReleaseWriter.open(folder.path)
        let pages = Dictionary(uniqueKeysWithValues: (0..<40).map { ("/\($0)/", "page \($0)") })
        try publish(pages, with: writer)
        let stored = Set(folder.blobs)
        try publish(["/": "home"], with: writer)
        // As a copy that went wrong leaves them: in another folder, in capitals, in no folder.
        let high = "ff" + String(repeating: "0", count: 62)
        for name in ["00/\(high)", "00.bak/\(high)", "00/\(high.uppercased())", "f/\(high)"] {
            try folder.write([1], "blobs/\(name)")
        }
        try publish(pages, with: writer)
        let removed = try writer.clean(keeping: 1)
        #expect(removed.releases == 1)
        #expect(Set(folder.blobs) == stored)
        for (path, body) in pages { #expect(try text(folder.path, path) == body) }
    }

    @Test func `a manifest that names a file nobody stored changes nothing`() throws {
        let folder = TemporaryFolder()
        let writer = try ReleaseWriter.open(folder.path)
        let id = try publish(["/": "home"], with: writer)
        let blob = BlobID(of: Array("/b".utf8))
        #expect(throws: ReleaseError.blobInvalid(blob, reason: "it is not stored")) {
            try writer.finish(try stored([entry("/b")]))
        }
        #expect(try ReleaseReader.currentID(folder.path) == id)
        #expect(folder.names("releases") == [id.description])
    }

    @Test func `the tree has every file under its path`() throws {
        let folder = TemporaryFolder()
        let writer = try ReleaseWriter.open(folder.path)
        let pages = ["/": "home", "/looks/": "list", "/looks/x": "x", "/robots.txt": "r"]
        let id = try publish(pages, with: writer, tree: true)
        let tree = "current/tree"
        for (file, text) in [
            ("index.html", "home"), ("looks/index.html", "list"), ("looks/x.html", "x"),
            ("robots.txt", "r"),
        ] {
            #expect(try folder.read("\(tree)/\(file)") == Array(text.utf8))
            let gzip = try folder.read("\(tree)/\(file).gz")
            #expect(try Gzip.decompress(gzip, limit: 99) == Array(text.utf8))
            let brotli = try folder.read("\(tree)/\(file).br")
            #expect(try Brotli.decompress(brotli, limit: 99) == Array(text.utf8))
        }
        #expect(try ReleaseReader.open(folder.path).manifest.hasTree)
        #expect(try publish(pages, with: writer, tree: false) != id)
        try writer.prune(keeping: 1)
        #expect(folder.names("releases").count == 1)
    }

    @Test func `the plain tree keeps the styles of the last releases`() throws {
        let folder = TemporaryFolder()
        let writer = try ReleaseWriter.open(folder.path)
        for number in 1...ReleaseLimits.releasesKept + 2 {
            let entries = [
                try page("/", "home \(number)", writer),
                try page("/page-\(number)/", "page", writer),
                try page("/assets/style.\(number).css", "style \(number)", writer, .immutable),
            ]
            try writer.finish(stored(entries, hasTree: true))
        }
        let last = ReleaseLimits.releasesKept + 2
        let kept = (2...last).flatMap { number in
            ["css", "css.br", "css.gz"].map { "style.\(number).\($0)" }
        }
        #expect(folder.names("current/tree/assets") == kept)
        #expect(
            try folder.read("current/tree/assets/style.2.css") == Array("style 2".utf8))
        #expect(folder.names("current/tree").filter { $0.hasPrefix("page") } == ["page-\(last)"])
    }

    @Test(arguments: [["/x.txt", "/x.txt.gz"], ["/f.d", "/f.d/g"]])
    func `paths that need one file in the tree are refused`(paths: [String]) throws {
        let folder = TemporaryFolder()
        let writer = try ReleaseWriter.open(folder.path)
        let pages = Dictionary(uniqueKeysWithValues: paths.map { ($0, $0) })
        let error = #expect(throws: ReleaseError.self) {
            try publish(pages, with: writer, tree: true)
        }
        guard case .treeConflict = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(folder.names("releases") == [])
        #expect(!folder.exists("current"))
        try publish(pages, with: writer)
    }

    @Test func `damaged stored files are refused`() throws {
        let folder = TemporaryFolder()
        try publish(["/": "home"], with: ReleaseWriter.open(folder.path))
        let reader = try ReleaseReader.open(folder.path)
        let form = try #require(reader.manifest.entry(atPath: "/")?.representation(.identity))
        let hex = form.blob.hex
        let file = "blobs/\(hex.prefix(2))/\(hex)"
        for (bytes, reason) in [
            ("hom", "it is shorter than the manifest says"),
            ("home!", "it is longer than the manifest says"),
            ("hohe", "its bytes have another digest"),
        ] {
            try folder.write(Array(bytes.utf8), file)
            #expect(throws: ReleaseError.blobInvalid(form.blob, reason: reason)) {
                try reader.blob(form, verified: true)
            }
        }
        #expect(try reader.blob(form) == Array("hohe".utf8))
        try FileManager.default.removeItem(atPath: "\(folder.path)/\(file)")
        #expect(throws: ReleaseError.blobInvalid(form.blob, reason: "it is missing")) {
            try reader.blob(form)
        }
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/\(file)", withDestinationPath: "/etc/passwd")
        #expect(throws: ReleaseError.blobInvalid(form.blob, reason: "it is a symbolic link")) {
            try reader.blob(form)
        }
    }

    @Test func `a folder without a release says so`() throws {
        let folder = TemporaryFolder()
        #expect(throws: ReleaseError.releaseMissing("in \(folder.path)")) {
            _ = try ReleaseWriter.open(folder.path, isNewAllowed: false)
        }
        #expect(folder.names("") == [], "nothing is made where nothing was")
        _ = try ReleaseWriter.open(folder.path)
        #expect(throws: ReleaseError.releaseMissing("in \(folder.path)")) {
            _ = try ReleaseReader.open(folder.path)
        }
        #expect(throws: ReleaseError.self) { _ = try ReleaseReader.open("\(folder.path)/none") }
    }

    @Test func `a manifest in the folder of another release is refused`() throws {
        let folder = TemporaryFolder()
        let writer = try ReleaseWriter.open(folder.path)
        let first = try publish(["/": "one"], with: writer)
        let second = try publish(["/": "two"], with: writer)
        try folder.write(folder.read("releases/\(first)/manifest"), "releases/\(second)/manifest")
        #expect(throws: ReleaseError.manifestInvalid(reason: "it belongs to release \(first)")) {
            _ = try ReleaseReader.open(folder.path)
        }
    }

    @Test func `a disk that cannot be written gives one clear error`() {
        let error = #expect(throws: ReleaseError.self) {
            _ = try ReleaseWriter.open("/proc/self/release")
        }
        guard case .system(call: "mkdir", file: "/proc/self/release", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [
        ReleaseError.locked(output: "dist"), .system(call: "write", file: "dist/x", code: ENOSPC),
        .pathInvalid(path: "/\n", reason: "r", source: source),
        .duplicatePath(path: "/", first: source, second: EntrySource(view: "Home", key: "")),
        .entryInvalid(path: "/", reason: "r"), .limitExceeded(name: "n", value: 2, limit: 1),
        .treeConflict(path: "/a"), .manifestInvalid(reason: "r"), .releaseMissing("x"),
        .blobInvalid(BlobID(of: []), reason: "r"),
    ])
    func `an error says what happened, then what to do`(error: ReleaseError) {
        #expect(error.description.split(separator: "\n").count == 2)
    }
}
