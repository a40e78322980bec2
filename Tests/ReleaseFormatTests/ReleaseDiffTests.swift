// What differs between two releases: exactly that, in order, with bytes and headers.

import ContentEncoding
import Hashing
import Testing

@testable import ReleaseFormat

@Suite("Difference of releases") struct ReleaseDiffTests {
    private func page(_ path: String, _ length: Int, headers: HeaderBlock = policy) -> Entry {
        entry(
            path, headers: headers,
            representations: [
                Representation(
                    coding: .identity, blob: BlobID(of: Array("\(length)".utf8)), length: length)
            ])
    }

    @Test func `added, removed and changed paths are told, and no others`() throws {
        let same = (0..<1000).map { page("/same/\($0)/", 5) }
        let before = try stored(same + [page("/a/", 1), page("/b/", 2)])
        let after = try stored(same + [page("/b/", 7), page("/c/", 3)])
        let changes = try ReleaseDiff.changes(from: before, to: after)
        #expect(changes.map(\.kind) == [.removed, .changed, .added])
        #expect(changes.map(\.path) == ["/a/", "/b/", "/c/"])
        #expect(changes.map(\.before.identity) == [1, 2, 0])
        #expect(changes.map(\.after.identity) == [0, 7, 3])
        #expect(try ReleaseDiff.changes(from: before, to: before) == [])
    }

    @Test func `a header that differs is told with both values`() throws {
        let field = try #require(HeaderField(name: "content-security-policy", value: "new"))
        let before = try stored([page("/", 1)])
        let after = try stored([page("/", 1, headers: HeaderBlock([field]))])
        let change = try #require(try ReleaseDiff.changes(from: before, to: after).first)
        #expect(
            change.headers == [
                HeaderChange(
                    name: "content-security-policy", before: "default-src 'none'", after: "new"),
                HeaderChange(name: "x-content-type-options", before: "nosniff", after: nil),
            ])
    }

    @Test func `a page that is only compressed better is no change that clients see`() throws {
        let identity = Representation(coding: .identity, blob: BlobID(of: [1]), length: 9)
        func with(_ byte: UInt8, _ length: Int) throws -> StoredManifest {
            try stored([
                entry(
                    "/",
                    representations: [
                        identity,
                        Representation(coding: .brotli, blob: BlobID(of: [byte]), length: length),
                    ])
            ])
        }
        let change = try #require(try ReleaseDiff.changes(from: with(2, 8), to: with(3, 6)).first)
        #expect(change.kind == .restored)
        #expect(change.before.brotli == 8 && change.after.brotli == 6)
    }
}
