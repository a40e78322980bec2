// A release of version 0.1, as it was written then, stays readable: entries, bytes and inputs.
//
// Its folder was written by `write` once and is never written again. Whoever changes the form of a
// manifest leaves it and this test as they are, and adds a folder and a line for the new form.

import ContentEncoding
import Foundation
import Hashing
import Testing

@testable import ReleaseFormat

@Suite("Stored releases") struct StoredReleaseTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("Fixtures").path

    private static let inputs = [
        BuildInput("program", "1"), BuildInput("origin", "https://a.example"),
    ]

    /// A page of a row, with all that a source says.
    private static func page(_ store: ([UInt8]) throws -> BlobID) throws -> Entry {
        let bytes = Array("<!DOCTYPE html><title>Look</title>".utf8)
        var source = EntrySource(view: "look_page", key: "a~1b/7")
        source.route = "LookPage"
        source.row = RowDigest(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
        source.modified = EntryDate(microseconds: -86_400_000_001, hasZone: true)
        source.isListed = true
        source.assets = ["/assets/site-0123456789ab.css"]
        source.reads = ["/assets/cover-0123456789ab.svg", "/assets/é-ba9876543210.svg"]
        var page = entry(
            "/looks/a~b/",
            representations: [
                Representation(coding: .identity, blob: try store(bytes), length: bytes.count)
            ], source: source)
        page.isProvisional = true
        return page
    }

    /// One of each kind, their bytes stored.
    private static func entries(_ store: ([UInt8]) throws -> BlobID) throws -> [Entry] {
        let (slotted, files) = try slotted("/")
        for bytes in [files.identity, files.gzip, files.brotli] { _ = try store(bytes) }
        return [
            slotted, try page(store), redirect("/old/", to: "/looks/"),
            redirect("/temporary/", to: "/", status: 307),
            entry(
                "/404.html", kind: .notFound, headers: .empty,
                representations: [
                    Representation(coding: .identity, blob: try store([0x34]), length: 1)
                ], source: EntrySource(view: "", key: "")),
        ].sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// Writes the folder of the present form; see the head of this file.
    private static func write(to path: String) throws {
        let writer = try ReleaseWriter.open(path)
        var builder = ManifestBuilder(spoolingIn: writer.spools)
        for entry in try entries({ try writer.store($0) }) { try builder.add(entry) }
        try writer.finish(builder.finish(inputs: inputs))
    }

    @Test(arguments: ["0.1"])
    func `a release of an earlier version is read whole`(version: String) throws {
        let copy = TemporaryFolder()
        try FileManager.default.copyItem(atPath: "\(Self.folder)/\(version)", toPath: copy.path)
        try FileManager.default.createSymbolicLink(
            atPath: "\(copy.path)/current",
            withDestinationPath: "releases/\(copy.names("releases")[0])")
        var stored: [[UInt8]] = []
        let expected = try Self.entries { bytes in
            stored.append(bytes)
            return BlobID(of: bytes)
        }
        let reader = try ReleaseReader.open(copy.path)
        let manifest = reader.manifest
        #expect(manifest.inputs == Self.inputs)
        var outlines: [Entry] = []
        try StoredManifest.open(copy.path).forEachOutline { outlines.append($0.entry) }
        #expect((0..<manifest.count).map { manifest.entry(at: $0) } == outlines)
        #expect(outlines.map(\.path) == expected.map(\.path))
        for (found, expected) in zip(outlines, expected) {
            // How a library compresses is not what is kept; that it is the same page is.
            guard let slots = found.slots else {
                #expect(found == expected)
                continue
            }
            #expect(slots.bindings == expected.slots?.bindings)
            #expect(slots.layout.slots == expected.slots?.layout.slots)
            #expect(found.headers == expected.headers && found.source == expected.source)
            let identity = try #require(found.representation(.identity))
            for form in found.representations {
                let bytes = try reader.blob(form)
                let decoded =
                    switch form.coding {
                    case .identity: bytes
                    case .gzip: try Gzip.decompress(bytes, limit: 1 << 16)
                    case .brotli: try Brotli.decompress(bytes, limit: 1 << 16)
                    }
                #expect(try decoded == reader.blob(identity), "\(form.coding)")
            }
        }
        for form in expected.filter({ $0.slots == nil }).flatMap(\.representations) {
            #expect(try stored.contains(reader.blob(form)))
        }
    }

    @Test func `what is written now is read by the same test`() throws {
        let folder = TemporaryFolder()
        try Self.write(to: folder.path)
        let manifest = try ReleaseReader.open(folder.path).manifest
        #expect((0..<manifest.count).map { manifest.entry(at: $0) }.map(\.path).count == 5)
        if let path = ProcessInfo.processInfo.environment["SITEGEN_WRITE_FIXTURE"] {
            try Self.write(to: path)
        }
    }
}
