// The files of public/: which are found, what they are called, what they are.
//
// Links and hidden files never become addresses, and no file is read that is over the limit.

import FoundationEssentials
import Glibc
import ReleaseFormat
import TestSupport
import Testing

@testable import SiteBuilding

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

    @Test(arguments: [BuildLimits.publicFileBytesMax + 1, 300 << 20, 3 << 30])
    func `a file over the limit is refused before it is read`(size: Int) throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "public/film.mp4")
        #expect(truncate("\(folder.path)/public/film.mp4", size) == 0)
        #expect(
            failure(folder.path) == [
                "public/film.mp4 cannot be published: it has more than 67108864 bytes.",
                "Remove or rename the file, make it smaller, or change its permissions.",
            ])
    }

    @Test func `a file that has just the limit is published, and no more than that is read`()
        throws
    {
        let folder = try TemporaryFolder()
        try folder.write("", to: "public/film.mp4")
        let path = "\(folder.path)/public/film.mp4"
        #expect(truncate(path, BuildLimits.publicFileBytesMax) == 0)
        let file = try #require(try PublicFiles(folder: "\(folder.path)/public").files.first)
        #expect(truncate(path, 3 << 30) == 0)
        let error = #expect(throws: BuildError.self) { try file.bytes() }
        #expect(error.map { "\($0)" }?.contains("public/film.mp4") == true)
        #expect(error.map { "\($0)" }?.contains("more than 67108864 bytes") == true)
    }

    @Test func `more files than allowed are refused, hidden ones not counted`() throws {
        let folder = try TemporaryFolder()
        for name in ["a", "b/c", "b/d", ".e"] { try folder.write("x", to: "public/\(name)") }
        #expect(try PublicFiles(folder: "\(folder.path)/public", filesMax: 3).files.count == 3)
        #expect(failure(folder.path, filesMax: 2).first?.contains("more than 2 files") == true)
    }

    @Test func `a folder that lies too deep is an error that names it`() throws {
        let folder = try TemporaryFolder()
        let deep = (0..<ReleaseLimits.pathPartsMax).map { "\($0)/" }.joined()
        try folder.write("x", to: "public/\(deep)a.txt")
        let lines = failure(folder.path)
        #expect(lines.first?.hasPrefix("public/0/1/2/") == true)
        #expect(lines.first?.contains("deeper than 64 folders") == true)
    }

    @Test func `what is not published gets a line each, hidden files one together`() throws {
        let folder = try TemporaryFolder()
        let root = "\(folder.path)/public"
        try folder.write("x", to: "public/a.txt")
        try folder.write("x", to: "public/sub/.DS_Store")
        try folder.write("x", to: "public/.git/config")
        for name in ["a.txt~", "#a.txt#", "4913", "sub/b.svg.swp", "sub/b.orig", "sub/c.tmp"] {
            try folder.write("x", to: "public/\(name)")
        }
        #expect(symlink("/etc/hostname", "\(root)/link.txt") == 0)
        #expect(symlink("../sub", "\(root)/sub/loop") == 0)
        #expect(mkfifo("\(root)/p", 0o644) == 0)
        #expect(mknod("\(root)/socket", S_IFSOCK | 0o644, 0) == 0)
        let bad = Array("\(root)/bad".utf8).map { CChar(bitPattern: $0) }
        let opened = open(
            bad + [CChar(bitPattern: 0xFF), 0x2E, 0x74, 0], O_CREAT | O_WRONLY, 0o644)
        #expect(opened >= 0)
        close(opened)
        let files = try PublicFiles(folder: root)
        #expect(files.files.map(\.name) == ["a.txt"])
        #expect(
            files.omissions == [
                "public/bad\u{FFFD}.t is not published: its name is not UTF-8; rename it",
                "public/link.txt is not published: it is a symbolic link; put what it leads to in "
                    + "its place",
                "public/p is not published: it is a named pipe",
                "public/socket is not published: it is a socket",
                "public/sub/loop is not published: it is a symbolic link; put what it leads to in "
                    + "its place",
                "public/ has 2 hidden files or folders that are not published: .git, sub/.DS_Store",
                "public/ has 6 files that an editor left that are not published: #a.txt#, 4913, "
                    + "a.txt~, sub/b.orig, sub/b.svg.swp, …",
            ])
    }

    @Test func `a public folder that is a link is read, and nothing is told of one without faults`()
        throws
    {
        let folder = try TemporaryFolder()
        try folder.write("x", to: "elsewhere/a.txt")
        #expect(symlink("elsewhere", "\(folder.path)/public") == 0)
        let files = try PublicFiles(folder: "\(folder.path)/public")
        #expect(files.files.map(\.name) == ["a.txt"] && files.omissions.isEmpty)
    }

    @Test(arguments: [
        ("index.html", "/"), ("x/index.html", "/x/"), ("x/y/index.html", "/x/y/"),
        ("xindex.html", "/xindex.html"), ("x/index.htm", "/x/index.htm"),
        ("index.html/a.txt", "/index.html/a.txt"),
    ])
    func `an index file is the address of its folder`(name: String, path: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("hi", to: "public/\(name)")
        #expect(try PublicFiles(folder: "\(folder.path)/public").files.map(\.path) == [path])
    }

    /// The lines of the error that reading the folder ends with.
    private func failure(_ root: String, filesMax: Int = BuildLimits.publicFilesMax) -> [String] {
        do {
            _ = try PublicFiles(folder: "\(root)/public", filesMax: filesMax)
            return []
        } catch {
            return "\(error)".split(separator: "\n").map(String.init)
        }
    }
}
