// What counts as a change of a site's files.
//
// Content decides, not time: no test waits for a clock to move on.

import FoundationEssentials
import SiteWatching
import TestSupport
import Testing

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

    @Test func `saving a file with the same content is no change`() throws {
        let folder = try TemporaryFolder()
        try folder.write("a {}", to: "site/Styles/a.css")
        var watcher = FileWatcher(root: folder.path)
        try FileManager.default.removeItem(atPath: "\(folder.path)/site/Styles/a.css")
        try folder.write("a {}", to: "site/Styles/a.css")
        #expect(watcher.changes().isEmpty)
    }
}
