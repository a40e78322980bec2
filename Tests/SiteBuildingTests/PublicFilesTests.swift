// The files of public/: which are found, what they are called, what they are.
//
// Links and hidden files never become addresses, and no file is read that is over the limit.

import FoundationEssentials
import Glibc
import SiteBuilding
import TestSupport
import Testing

@Suite("Public files") struct PublicFilesTests {
    @Test func `a fingerprint stands before the ending and follows the content`() {
        let one = AssetName.path(for: "fonts/a.b.woff2", content: [1])
        let other = AssetName.path(for: "fonts/a.b.woff2", content: [2])
        #expect(one.hasPrefix("/assets/fonts/a.b-"))
        #expect(one.hasSuffix(".woff2"))
        #expect(one != other)
        #expect(
            AssetName.path(for: "v1.2/LICENSE", content: [1]).hasPrefix("/assets/v1.2/LICENSE-"))
    }

    @Test func `files are found in order, without hidden ones and links`() throws {
        let folder = try TemporaryFolder()
        try folder.write("b", to: "public/b.txt")
        try folder.write("a", to: "public/deep/a.svg")
        try folder.write("h", to: "public/.hidden")
        try folder.write("h", to: "public/deep/.well-known/no.txt")
        try folder.write("h", to: "public/.well-known/.no.txt")
        try folder.write("Contact: mailto:a@example.com", to: "public/.well-known/security.txt")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/public/passwd", withDestinationPath: "/etc/passwd")
        let files = try PublicFiles(folder: "\(folder.path)/public")
        #expect(files.files.map(\.name) == [".well-known/security.txt", "b.txt", "deep/a.svg"])
        #expect(
            files.files.dropFirst().map(\.type.header)
                == ["text/plain; charset=utf-8", "image/svg+xml"])
        #expect(files.assetPath(of: "/b.txt") == files.files[1].assetPath)
        #expect(files.assetPath(of: "passwd") == nil)
    }

    @Test func `a site without a folder has no files`() throws {
        let folder = try TemporaryFolder()
        #expect(try PublicFiles(folder: "\(folder.path)/public").files.isEmpty)
    }

    @Test(arguments: [
        ("a.PNG", "image/png", false), ("a.js", "text/javascript; charset=utf-8", true),
        ("LICENSE", "application/octet-stream", false), ("a.svg", "image/svg+xml", true),
    ])
    func `a file's ending decides its media type`(name: String, header: String, compressed: Bool) {
        let type = MediaType.of(fileNamed: name)
        #expect(type.header == header)
        #expect(type.isCompressible == compressed)
    }

    @Test func `an empty file and a file without an ending are files`() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "public/empty.txt")
        try folder.write("x", to: "public/CNAME")
        let files = try PublicFiles(folder: "\(folder.path)/public").files
        #expect(files.map(\.name) == ["CNAME", "empty.txt"])
        #expect(try files[1].bytes().isEmpty && !files[0].type.isCompressible)
        #expect(try files[0].bytes() == Array("x".utf8))
    }

    @Test func `a file that changes after it was looked at is an error`() throws {
        let folder = try TemporaryFolder()
        try folder.write("one", to: "public/a.txt")
        let files = try PublicFiles(folder: "\(folder.path)/public").files
        try folder.write("two", to: "public/a.txt")
        let error = #expect(throws: BuildError.self) { try files[0].bytes() }
        #expect(error.map { "\($0)" }?.contains("changed during the build") == true)
    }

    @Test func `two names that are the same text in other bytes are refused`() throws {
        let folder = try TemporaryFolder()
        try folder.write("1", to: "public/caf\u{E9}.txt")
        try folder.write("2", to: "public/cafe\u{301}.txt")
        let error = #expect(throws: BuildError.self) {
            try PublicFiles(folder: "\(folder.path)/public")
        }
        #expect(error.map { "\($0)" }?.contains("other Unicode bytes") == true)
    }

    @Test func `a file over the limit is refused before it is read`() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "public/film.mp4")
        let path = "\(folder.path)/public/film.mp4"
        #expect(truncate(path, BuildLimits.publicFileBytesMax + 1) == 0)
        let error = #expect(throws: BuildError.self) {
            try PublicFiles(folder: "\(folder.path)/public")
        }
        let lines = error.map { "\($0)" }?.split(separator: "\n") ?? []
        #expect(lines.count == 2 && lines[0].contains("film.mp4"))
    }
}
