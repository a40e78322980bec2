// What counts as a change of a site's files.
//
// Content decides, not time: no test waits for a clock to move on.

import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import SiteWatching

@Suite("File watcher") struct FileWatcherTests {
    @Test(arguments: [
        ("site/Pages/Home.swift", WatchedKind.swift), ("components/Card.swift", .swift),
        ("Sources/Markup/HTML.swift", .swift), ("Package.swift", .swift),
        ("site/database/look.sql", .view), ("site/Styles/base.css", .style),
        ("public/icon.svg", .publicFile), ("public/deep/a.txt", .publicFile),
    ])
    func `a file of the site is watched`(path: String, kind: WatchedKind) {
        #expect(FileWatcher.kind(of: path) == kind)
    }

    @Test(arguments: [
        "site/database/schema/fashion.sql", "site/notes.txt", "Tests/A.swift", "README.md",
        "public/.DS_Store", "site/.Home.swift.swp", "other/Card.swift", "",
        "public/icon.svg~", "public/deep/#icon.svg#", "public/.#icon.svg", "public/4913",
        "public/icon.svg.orig", "site/Home.swift~", "site/database/home.sql.bak",
    ])
    func `other files are not watched`(path: String) {
        #expect(FileWatcher.kind(of: path) == nil)
    }

    @Test func `a changed, a new and a removed file are each noticed once`() throws {
        let folder = try TemporaryFolder()
        let root = folder.path
        try folder.write("a {}", to: "site/Styles/a.css")
        try folder.write("x", to: "public/x.txt")
        var watcher = FileWatcher(root: root)
        #expect(watcher.changes().isEmpty)

        try folder.write("b {}", to: "site/Styles/a.css")
        #expect(watcher.changes() == [.style])
        #expect(watcher.changes().isEmpty)

        try folder.write("import Site", to: "components/New.swift")
        #expect(watcher.changes() == [.swift])

        try FileManager.default.removeItem(atPath: "\(root)/public/x.txt")
        #expect(watcher.changes() == [.publicFile])
    }

    @Test func `a look goes where the signs are, and nowhere else`() throws {
        let folder = try TemporaryFolder()
        try folder.write("a {}", to: "site/Styles/a.css")
        try folder.write("x", to: "site/Pages/Deep/X.swift")
        var watcher = FileWatcher(root: folder.path)
        try folder.write("b {}", to: "site/Styles/a.css")
        try folder.write("y", to: "site/Pages/Deep/X.swift")
        var signs = FileSigns.none
        let nothing = watcher.changes(signs)
        #expect(nothing.isEmpty)
        signs.note(file: "site/Styles/a.css")
        signs.note(file: "site/notes.txt")
        let style = watcher.changes(signs)
        let again = watcher.changes(signs)
        #expect(style == [.style] && again.isEmpty)
        signs.note(folder: "site/Pages")
        let source = watcher.changes(signs)
        #expect(source == [.swift])
        try FileManager.default.removeItem(atPath: "\(folder.path)/site/Pages")
        let removed = watcher.changes(signs)
        #expect(removed == [.swift] && watcher.changedPaths == ["site/Pages/Deep/X.swift"])
    }

    @Test func `saving a file with the same content is no change`() throws {
        let folder = try TemporaryFolder()
        try folder.write("a {}", to: "site/Styles/a.css")
        var watcher = FileWatcher(root: folder.path)
        try FileManager.default.removeItem(atPath: "\(folder.path)/site/Styles/a.css")
        try folder.write("a {}", to: "site/Styles/a.css")
        #expect(watcher.changes().isEmpty)
    }

    /// Ways of saving a file so that little or nothing of what the system says of it changes.
    enum Saving: CaseIterable {
        case inPlace, renamed, sameTime, earlierTime, linkedAnew
    }

    @Test(arguments: Saving.allCases)
    func `a file of the same length is seen to change, wherever it does`(saving: Saving) throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/site/Styles/a.css"
        // Longer than what hashes of strings and of data look at.
        let rest = String(repeating: "x", count: 300_000)
        try folder.write("/* \(rest)1 */", to: "site/Styles/a.css")
        var watcher = FileWatcher(root: folder.path)
        #expect(watcher.changes().isEmpty)
        var before = stat()
        #expect(stat(path, &before) == 0)
        let times = [before.st_atim, before.st_mtim]
        let text = "/* \(rest)2 */"
        switch saving {
        case .inPlace: try folder.write(text, to: "site/Styles/a.css")
        case .renamed:
            try folder.write(text, to: "site/Styles/a.css~")
            #expect(rename("\(path)~", path) == 0)
        case .sameTime:
            try folder.write(text, to: "site/Styles/a.css")
            #expect(utimensat(AT_FDCWD, path, times, 0) == 0)
        case .earlierTime:
            try folder.write(text, to: "site/Styles/a.css")
            let epoch = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
            #expect(utimensat(AT_FDCWD, path, epoch, 0) == 0)
        case .linkedAnew:
            try folder.write(text, to: "other.css")
            #expect(unlink(path) == 0 && symlink("../../other.css", path) == 0)
        }
        #expect(watcher.changes() == [.style])
        #expect(watcher.changes().isEmpty)
    }

    @Test func `of many quick saves each is seen`() throws {
        let folder = try TemporaryFolder()
        try folder.write("0", to: "public/a.txt")
        var watcher = FileWatcher(root: folder.path)
        // Within one step of the clock that stamps files.
        for turn in 1...200 {
            try folder.write("\(turn % 10)", to: "public/a.txt")
            #expect(watcher.changes() == [.publicFile])
        }
        #expect(watcher.changes().isEmpty)
    }

    @Test func `what is written through memory is seen, though no time moves`() throws {
        let folder = try TemporaryFolder()
        try folder.write(String(repeating: "a", count: 5000), to: "public/a.bin")
        let file = open("\(folder.path)/public/a.bin", O_RDWR)
        let memory = try #require(mmap(nil, 5000, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0))
        defer {
            munmap(memory, 5000)
            close(file)
        }
        // As if all files had been there for long.
        var watcher = FileWatcher(root: folder.path, youngNanoseconds: 0)
        for turn in 1...3 {
            memory.storeBytes(of: UInt8(turn), toByteOffset: 4000, as: UInt8.self)
            #expect(watcher.changes() == [.publicFile])
            #expect(watcher.changes().isEmpty)
        }
    }

    @Test func `files too large for one look are read in turn`() throws {
        let folder = try TemporaryFolder()
        let names = ["a", "b", "c", "d"]
        let size = WatchingLimits.rereadBytesPerLook
        var memories: [UnsafeMutableRawPointer] = []
        for name in names {
            try folder.write("", to: "public/\(name)")
            let file = open("\(folder.path)/public/\(name)", O_RDWR)
            #expect(ftruncate(file, size) == 0)
            let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
            memories.append(try #require(memory))
            memories.last?.storeBytes(of: 1, as: UInt8.self)
            close(file)
        }
        defer { for memory in memories { munmap(memory, size) } }
        var watcher = FileWatcher(root: folder.path, youngNanoseconds: 0)
        _ = watcher.changes()
        for memory in memories {
            memory.storeBytes(of: 2, as: UInt8.self)
            let looks = names.map { _ in watcher.changes() }
            #expect(looks.count { $0 == [.publicFile] } == 1)
        }
    }

    @Test func `a pipe, a link in public and a folder that is a link are no files`() throws {
        let folder = try TemporaryFolder()
        try folder.write("x", to: "public/a.txt")
        var watcher = FileWatcher(root: folder.path)
        #expect(mkfifo("\(folder.path)/public/pipe", 0o644) == 0)
        #expect(symlink("a.txt", "\(folder.path)/public/link.txt") == 0)
        #expect(symlink("..", "\(folder.path)/public/loop") == 0)
        #expect(watcher.changes().isEmpty)
        try folder.write("x", to: "public/.well-known/security.txt")
        #expect(watcher.changes() == [.publicFile])
    }

    @Test(arguments: [
        ("site/Styles/a.css", true), ("site/Styles/x/a.css", false), ("site/Styles/a.txt", false),
        ("site/database/a.sql", true), ("site/database/x/a.sql", false), ("site/x/A.swift", true),
        ("public/x/a.css", true),
    ])
    func `what a build does not read is not watched`(path: String, isWatched: Bool) {
        #expect((FileWatcher.kind(of: path) != nil) == isWatched)
    }
}
