// What the tests of this module share: entries, and a folder for each test.

import ContentEncoding
import Foundation
import Hashing
import Spooling

@testable import ReleaseFormat

/// A folder that is removed with the value.
final class TemporaryFolder {
    let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("release-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func exists(_ file: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/\(file)")
    }

    func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []).sorted()
    }

    func read(_ file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(file)")))
    }

    func write(_ bytes: [UInt8], _ file: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(file)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    /// The files under `blobs`, by name.
    var blobs: [String] { names("blobs").flatMap { names("blobs/\($0)") } }
}

let policy = HeaderBlock(
    [("content-security-policy", "default-src 'none'"), ("x-content-type-options", "nosniff")]
        .compactMap { HeaderField(name: $0.0, value: $0.1) })

let source = EntrySource(view: "looks", key: "1")

/// An entry whose bytes need not exist.
func entry(
    _ path: String, kind: EntryKind = .page, contentType: String = "text/html; charset=utf-8",
    cachePolicy: CachePolicy = .revalidate, headers: HeaderBlock = policy,
    representations: [Representation]? = nil, slots: SlotTable? = nil,
    source: EntrySource = source
) -> Entry {
    Entry(
        path: path, kind: kind, contentType: contentType, cachePolicy: cachePolicy,
        headers: headers,
        representations: representations ?? [
            Representation(coding: .identity, blob: BlobID(of: Array(path.utf8)), length: 9)
        ], slots: slots, source: source)
}

/// An entry that has no bytes.
func bare(_ path: String, _ kind: EntryKind) -> Entry {
    Entry(
        path: path, kind: kind, contentType: "", cachePolicy: .revalidate,
        headers: HeaderBlock([]), representations: [], source: EntrySource(view: "v", key: "k"))
}

func redirect(_ path: String, to target: String, status: Int = 308) -> Entry {
    entry(
        path, kind: .redirect(to: target, status: status), contentType: "",
        representations: [])
}

/// An entry with two slots, one for each visitor when `cookie` is given.
func slotted(
    _ path: String, cookie: String? = nil, cachePolicy: CachePolicy? = nil
) throws -> (entry: Entry, page: SlottedPage) {
    let bytes = Array("<html><p>one</p><p>two</p>\(path)</html>".utf8)
    let page = try SlottedPage(
        page: bytes, slots: [SlotRequest(fallback: 6..<16), SlotRequest(fallback: 16..<26)])
    let scope: FragmentScope = cookie.map { .perVisitor(cookie: $0) } ?? .shared
    let table = SlotTable(
        layout: page.layout,
        bindings: [
            SlotBinding(name: "trending", key: "", scope: .shared),
            SlotBinding(name: "bag", key: "k", scope: scope),
        ])
    let forms = [
        Representation(coding: .brotli, blob: BlobID(of: page.brotli), length: page.brotli.count),
        Representation(coding: .gzip, blob: BlobID(of: page.gzip), length: page.gzip.count),
        Representation(
            coding: .identity, blob: BlobID(of: page.identity), length: page.identity.count),
    ]
    let value = entry(
        path, cachePolicy: cachePolicy ?? (cookie == nil ? .revalidate : .private),
        representations: forms, slots: table)
    return (value, page)
}

/// An entry that fragments follow, with one slot inside.
func tailed(_ path: String) throws -> Entry {
    let bytes = Array("<html><p>one</p>\(path)".utf8)
    let page = try SlottedPage(
        page: bytes, slots: [SlotRequest(fallback: 6..<16)], takesTail: true)
    let bindings = ["trending", "late", "later"].map {
        SlotBinding(name: $0, key: "k", scope: .shared)
    }
    let forms = [(Coding.identity, page.identity), (.gzip, page.gzip), (.brotli, page.brotli)]
    return entry(
        path,
        representations: forms.map {
            Representation(coding: $0, blob: BlobID(of: $1), length: $1.count)
        }, slots: SlotTable(layout: page.layout, bindings: bindings))
}

/// A manifest of some of everything.
func sampleEntries() throws -> [Entry] {
    [
        try slotted("/").entry, entry("/looks/é/"), try tailed("/late/"),
        try slotted("/bag/", cookie: "session").entry,
        entry("/feed.xml", kind: .file, contentType: "application/atom+xml"),
        entry("/style.0f3a.css", kind: .asset, contentType: "text/css", cachePolicy: .immutable),
        redirect("/old/", to: "/looks/"), redirect("/temporary/", to: "/", status: 307),
        redirect("/found/", to: "/", status: 302), redirect("/moved/", to: "/", status: 301),
        bare("/gone/", .gone),
        entry(
            "/404.html", kind: .notFound, headers: .empty, source: EntrySource(view: "", key: "")),
    ]
}

/// Where tests put aside what does not fit in memory.
let spools = SpoolFolder(path: NSTemporaryDirectory())

/// A manifest whose segments are still in memory.
func stored(_ entries: [Entry], hasTree: Bool = false) throws -> StoredManifest {
    var builder = ManifestBuilder(spoolingIn: spools)
    for entry in entries { try builder.add(entry) }
    return try builder.finish(hasTree: hasTree)
}

func manifest(_ entries: [Entry], hasTree: Bool = false) throws -> Manifest {
    try Manifest(stored(entries, hasTree: hasTree))
}

/// A manifest read back from its bytes and those of its segments.
func readBack(_ made: Manifest) throws -> Manifest {
    let read = try StoredManifest(bytes: made.bytes) { (reference) throws(ReleaseError) in
        let digest = reference.digest
        guard let segment = made.segments.first(where: { $0.digest == digest }) else {
            throw .blobInvalid(digest, reason: "it is missing")
        }
        return StoredSegment(try ManifestSegment(bytes: segment.bytes))
    }
    return try Manifest(read)
}
