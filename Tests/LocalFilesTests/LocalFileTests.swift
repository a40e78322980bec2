// Files are read within a limit, whatever their size says; nothing in a folder is passed over.

import Glibc
import Hashing
import LocalFiles
import TestSupport
import Testing

@Suite("Local files") struct LocalFileTests {
    /// The fault that opening and reading a file ends with; nil when it is read.
    private func fault(_ path: String, limit: Int = 10, followsLinks: Bool = true) -> FileFault? {
        do throws(FileFault) {
            _ = try LocalFile(path, followsLinks: followsLinks).bytes(limit: limit)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("icon.svg~", true), ("#icon.svg#", true), (".#icon.svg", true), ("4913", true),
        (".icon.svg.swp", true), ("a.tmp", true), ("a.orig", true), ("a.bak", true),
        ("icon.svg", false), ("#", false), ("#anchor", false), ("14913", false), ("4914", false),
        ("tmp", false), ("swp", false), ("~a", false), ("a.bak.html", false),
    ])
    func `what an editor leaves is told by its name`(name: String, isLeft: Bool) {
        #expect(EditorLeftover.hasName(name) == isLeft)
    }

    @Test func `the bytes, the size and the digest are the file's`() throws {
        let folder = try TemporaryFolder()
        try folder.write("abc", to: "a")
        let file = try LocalFile("\(folder.path)/a")
        #expect(file.stamp.size == 3)
        #expect(try file.bytes(limit: 3) == Array("abc".utf8))
        #expect(
            try LocalFile("\(folder.path)/a").digest() == SHA256Digest(of: Array("abc".utf8)))
    }

    @Test func `a file of one byte more than the limit is refused by its size`() throws {
        let folder = try TemporaryFolder()
        try folder.write("12345678901", to: "a")
        #expect(fault("\(folder.path)/a") == .tooLong(limit: 10))
        #expect(fault("\(folder.path)/a", limit: 11) == nil)
        #expect(throws: FileFault.tooLong(limit: 10)) {
            try LocalFile("\(folder.path)/a").digest(limit: 10)
        }
    }

    @Test func `a file that grows while it is read is refused where it passes the limit`() throws {
        let folder = try TemporaryFolder()
        try folder.write("1", to: "a")
        let file = try LocalFile("\(folder.path)/a")
        try folder.write("12345678901", to: "a")
        #expect(file.stamp.size == 1)
        #expect(throws: FileFault.tooLong(limit: 10)) { try file.bytes(limit: 10) }
        // Files of the system say that they are empty, and are not.
        #expect(fault("/proc/cpuinfo") == .tooLong(limit: 10))
    }

    @Test func `what has no bytes is refused by its kind, and nothing waits`() throws {
        let folder = try TemporaryFolder()
        let root = folder.path
        try folder.write("x", to: "a")
        #expect(mkfifo("\(root)/pipe", 0o644) == 0)
        #expect(symlink("a", "\(root)/link") == 0)
        #expect(fault("\(root)/pipe") == .notRegular(.pipe))
        #expect(fault(root) == .notRegular(.folder))
        #expect(fault("/dev/null") == .notRegular(.device))
        #expect(fault("\(root)/link") == nil)
        #expect(fault("\(root)/link", followsLinks: false) == .notRegular(.link))
        #expect(fault("\(root)/none") == .refused(code: ENOENT))
        #expect("\(FileFault.notRegular(.pipe))" == "it is a named pipe")
        #expect("\(FileFault.tooLong(limit: 10))" == "it has more than 10 bytes")
        #expect("\(FileFault.refused(code: EACCES))" == "it cannot be read: Permission denied")
    }

    @Test func `a stamp changes with each way of writing a file`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/a"
        try folder.write("1", to: "a")
        let first = try #require(FileStamp.of(path))
        #expect(FileStamp.of(path) == first)
        try folder.write("1", to: "b")
        #expect(rename("\(folder.path)/b", path) == 0)
        #expect(FileStamp.of(path) != first)
        #expect(FileStamp.of("\(folder.path)/none") == nil)
        #expect(FileStamp.of(folder.path) == nil)
    }

    @Test func `a folder tells every name with its kind, in the order of their bytes`() throws {
        let folder = try TemporaryFolder()
        let root = folder.path
        try folder.write("x", to: "b.txt")
        try folder.write("x", to: ".hidden")
        try folder.write("x", to: "inner/c")
        #expect(mkfifo("\(root)/pipe", 0o644) == 0)
        #expect(symlink("/", "\(root)/link") == 0)
        let bad = Array("\(root)/bad".utf8CString).dropLast() + [CChar(bitPattern: 0xFF), 0]
        let made = open(Array(bad), O_CREAT | O_WRONLY, 0o644)
        #expect(made >= 0)
        close(made)
        let entries = try #require(try LocalFolder.entries(of: root))
        #expect(entries.map(\.text) == [".hidden", "b.txt", nil, "inner", "link", "pipe"])
        #expect(entries.map(\.kind) == [.regular, .regular, .regular, .folder, .link, .pipe])
        #expect(entries.map(\.isHidden) == [true, false, false, false, false, false])
        #expect(try LocalFolder.entries(of: "\(root)/none") == nil)
        #expect(throws: FileFault.self) { try LocalFolder.entries(of: "\(root)/b.txt") }
        #expect(throws: FileFault.self) { try LocalFolder.entries(of: "\(root)/link") }
    }
}
