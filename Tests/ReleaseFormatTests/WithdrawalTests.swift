// What was taken down is gone from every release, and nothing else is.

import ContentEncoding
import Foundation
import Glibc
import Hashing
import Testing

@testable import ReleaseFormat

@Suite("Withdrawals") struct WithdrawalTests {
    private let folder = TemporaryFolder()

    private func publish(
        _ files: [String: String], with writer: ReleaseWriter, tree: Bool = false
    ) throws -> ReleaseID {
        var entries: [Entry] = []
        for (path, text) in files {
            let bytes = Array(text.utf8)
            let forms = try [(Coding.identity, bytes), (.gzip, Gzip.compress(bytes))].map {
                Representation(coding: $0, blob: try writer.store($1), length: $1.count)
            }
            entries.append(
                entry(
                    path, kind: .asset, contentType: "text/plain", cachePolicy: .immutable,
                    representations: forms, source: EntrySource(view: "public\(path)", key: "")))
        }
        return try writer.finish(stored(entries, hasTree: tree)).id
    }

    private func holds(_ text: String) -> Bool {
        let hex = BlobID(of: Array(text.utf8)).hex
        return folder.exists("blobs/\(hex.prefix(2))/\(hex)")
    }

    @Test func `the bytes of a path go from all releases, its codings and its links with them`()
        throws
    {
        let writer = try ReleaseWriter.open(folder.path)
        let first = try publish(["/a": "secret", "/b": "kept"], with: writer, tree: true)
        let second = try publish(["/a": "secret", "/c": "other"], with: writer, tree: true)
        let live = try publish(["/b": "kept"], with: writer, tree: true)
        for id in [first, second, live] { #expect(folder.exists("releases/\(id)/tree/a")) }
        let blobs = folder.blobs.count
        let done = try writer.withdraw { $0 == "/a" }
        #expect(done.paths == ["/a"] && done.live.isEmpty && done.files == 2)
        #expect(!holds("secret") && holds("kept") && holds("other"))
        #expect(folder.blobs.count == blobs - 2)
        for id in [first, second, live] {
            #expect(!folder.exists("releases/\(id)/tree/a"))
            #expect(!folder.exists("releases/\(id)/tree/a.gz"))
            #expect(try ReleaseReader.open(folder.path, id: id).manifest.id == id, "none changed")
        }
        #expect(folder.exists("releases/\(first)/tree/b"))
        let list = try Withdrawals.read(folder.path)
        let old = try ReleaseReader.open(folder.path, id: first).manifest
        #expect(list.holds(try #require(old.entry(atPath: "/a"))))
        #expect(!list.holds(try #require(old.entry(atPath: "/b"))))
    }

    @Test func `bytes that another path needs stay`() throws {
        let writer = try ReleaseWriter.open(folder.path)
        _ = try publish(["/a": "same", "/b": "same"], with: writer)
        _ = try publish(["/c": "live"], with: writer)
        #expect(try writer.withdraw { $0 == "/a" }.files == 0)
        #expect(holds("same"))
        #expect(try writer.withdraw { $0 == "/b" }.files == 2)
        #expect(!holds("same"))
    }

    @Test func `what the live release has stays and is told, other bytes of that path go`() throws {
        let writer = try ReleaseWriter.open(folder.path)
        let old = try publish(["/a": "first"], with: writer)
        _ = try publish(["/a": "second"], with: writer)
        let done = try writer.withdraw { $0 == "/a" }
        #expect(done.paths == ["/a"] && done.live == ["/a"])
        #expect(!holds("first") && holds("second"))
        let list = try Withdrawals.read(folder.path)
        let live = try ReleaseReader.open(folder.path).manifest
        #expect(!list.holds(try #require(live.entry(atPath: "/a"))))
        try writer.activate(old)
        let back = try ReleaseReader.open(folder.path).manifest
        #expect(list.holds(try #require(back.entry(atPath: "/a"))), "also after a rollback")
    }

    @Test func `publishing the same bytes again takes the line back`() throws {
        let writer = try ReleaseWriter.open(folder.path)
        _ = try publish(["/a": "text"], with: writer)
        _ = try publish(["/b": "live"], with: writer)
        _ = try writer.withdraw { $0 == "/a" }
        _ = try publish(["/b": "live", "/c": "more"], with: writer)
        #expect(!(try Withdrawals.read(folder.path)).isEmpty, "another build does not")
        _ = try publish(["/a": "text"], with: writer)
        #expect(try Withdrawals.read(folder.path).isEmpty)
        #expect(holds("text"))
    }

    @Test func `pruning and sweeping leave the list, and no bytes come back`() throws {
        do {
            let writer = try ReleaseWriter.open(folder.path)
            _ = try publish(["/a b/é": "text"], with: writer)
            _ = try publish(["/b": "live"], with: writer)
            _ = try writer.withdraw { $0 == "/a b/é" }
            _ = try writer.clean(keeping: 5)
        }
        try folder.write([], "tmp/left")
        let list = try Withdrawals.read(folder.path)
        _ = try ReleaseWriter.open(folder.path)
        #expect(try Withdrawals.read(folder.path) == list)
        #expect(list.items.map(\.path) == ["/a b/é"])
    }

    @Test(arguments: ["", "\n\n", "zz /a\n", "deadbeef /a", "\u{0} \n\u{FF}"])
    func `a list that nobody can read is empty, not an error`(text: String) throws {
        let writer = try ReleaseWriter.open(folder.path)
        _ = try publish(["/a": "text"], with: writer)
        try folder.write(Array(text.utf8), "withdrawn")
        #expect(try Withdrawals.read(folder.path).isEmpty)
    }
}

@Suite("Files that are none") struct IrregularFileTests {
    private let folder = TemporaryFolder()
    private let form: Representation
    private let id: ReleaseID
    private let file: String

    init() throws {
        let writer = try ReleaseWriter.open(folder.path)
        let bytes = Array("page".utf8)
        form = Representation(coding: .identity, blob: try writer.store(bytes), length: bytes.count)
        id = try writer.finish(stored([entry("/", representations: [form])])).id
        file = "blobs/\(form.blob.hex.prefix(2))/\(form.blob.hex)"
    }

    /// Replaces a file below the folder; the test hangs if what is there then is waited for.
    private func replace(_ file: String, _ make: (String) throws -> Void) throws {
        let path = "\(folder.path)/\(file)"
        try FileManager.default.moveItem(atPath: path, toPath: "\(folder.path)/aside")
        try make(path)
    }

    private func reason(_ body: () throws -> Void) -> String? {
        do { try body() } catch { return "\(error)" }
        return nil
    }

    @Test(arguments: ["pipe", "folder", "link", "socket"])
    func `a blob that is no file is refused at once`(kind: String) throws {
        let reader = try ReleaseReader.open(folder.path)
        try replace(file) { path in
            switch kind {
            case "pipe": try #require(mkfifo(path, 0o600) == 0)
            case "folder": try #require(mkdir(path, 0o700) == 0)
            case "link": try #require(symlink("\(folder.path)/aside", path) == 0)
            default: try #require(mknod(path, S_IFSOCK | 0o600, 0) == 0)
            }
        }
        let reason = reason { _ = try reader.blob(form) }
        #expect(reason?.contains("cannot be used") == true || reason?.contains("failed") == true)
    }

    @Test func `a folder of blobs that is a link is not followed`() throws {
        let reader = try ReleaseReader.open(folder.path)
        try replace("blobs/\(form.blob.hex.prefix(2))") { path in
            try #require(symlink("\(folder.path)/aside", path) == 0)
        }
        #expect(reason { _ = try reader.blob(form) }?.contains("link") == true)
    }

    @Test(arguments: ["pipe", "link"])
    func `a manifest that is no file is refused at once`(kind: String) throws {
        try replace("releases/\(id)/manifest") { path in
            try #require(
                kind == "pipe"
                    ? mkfifo(path, 0o600) == 0 : symlink("\(folder.path)/aside", path) == 0)
        }
        #expect(reason { _ = try ReleaseReader.open(folder.path) } != nil)
        #expect(reason { _ = try StoredManifest.open(folder.path) } != nil)
    }

    @Test func `the folder of a release that is a link is not followed`() throws {
        try replace("releases/\(id)") { path in
            try #require(symlink("\(folder.path)/aside", path) == 0)
        }
        #expect(reason { _ = try ReleaseReader.open(folder.path) } != nil)
    }

    @Test func `a list of too many paths is not written`() throws {
        let root = try Descriptor.folder(atPath: folder.path)
        var list = Withdrawals()
        let blob = BlobID(of: [])
        for number in 0..<ReleaseLimits.withdrawnMax {
            list.insert(Withdrawals.Item(path: "/\(number)", blob: blob))
        }
        try list.write(in: root, root)
        #expect(try Withdrawals.read(folder.path).items == list.items)
        list.insert(Withdrawals.Item(path: "/one-more", blob: blob))
        #expect(
            reason { try list.write(in: root, root) }?.contains("10001 paths taken down") == true)
        #expect(try Withdrawals.read(folder.path).items.count == ReleaseLimits.withdrawnMax)
    }

    @Test(arguments: ["history", "withdrawn"])
    func `a list that is a pipe is not waited for`(name: String) throws {
        _ = try? FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
        try #require(mkfifo("\(folder.path)/\(name)", 0o600) == 0)
        #expect(try ReleaseReader.history(folder.path).count <= 1)
        #expect(try Withdrawals.read(folder.path).isEmpty)
    }
}
