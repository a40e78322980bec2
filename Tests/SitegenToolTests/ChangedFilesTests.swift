// Which files of public/ a tab is told of, and what else names them in a style sheet.

import Testing

@testable import SitegenTool

@Suite("Changed files") struct ChangedFilesTests {
    @Test func `a tab hears what changed behind what it knows`() {
        var files = ChangedFiles()
        #expect(files.change(since: 0).files == [:])
        files.note(["/a.jpg", "/b.jpg"])
        files.note(["/a.jpg"])
        #expect(files.number == 2)
        #expect(files.change(since: 0).files == ["/a.jpg": 2, "/b.jpg": 1])
        #expect(files.change(since: 1).files == ["/a.jpg": 2])
        #expect(files.change(since: 2).files == [:] && files.change(since: 2).event == "files")
    }

    @Test func `of too many files a tab loads its page, once`() {
        var files = ChangedFiles()
        files.note(Set((0..<ChangedFiles.countMax).map { "/\($0)" }))
        #expect(files.change(since: 0).event == "files")
        files.note(["/one more"])
        #expect(files.change(since: 1).event == "full")
        #expect(files.change(since: files.number).event == "files")
        files.note(["/a"])
        #expect(files.change(since: 2).files == ["/a": 3])
    }

    @Test(
        arguments: [
            ("/a.jpg", "/a.jpg?v=1"), ("/a.jpg#x", "/a.jpg?v=1#x"), ("/a.jpg?x", "/a.jpg?v=1&x"),
            ("/%C3%BC%20b.jpg", "/%C3%BC%20b.jpg?v=1"), ("/other.jpg", nil), ("a.jpg", nil),
            ("//host/a.jpg", nil), ("/%ZZ", nil),
        ] as [(String, String?)])
    func `a file that changed has another address`(address: String, newer: String?) {
        var files = ChangedFiles()
        files.note(["/a.jpg", "/ü b.jpg"])
        #expect(files.newer(address) == newer)
    }

    @Test func `a sheet names it by that, and is as it was written otherwise`() {
        var files = ChangedFiles()
        let sheet = "a { background: url( '/a.jpg' ) } b { src: url(/b.woff) } /* url(/a.jpg) */"
        #expect(files.inStyles(Array(sheet.utf8)) == Array(sheet.utf8))
        files.note(["/a.jpg"])
        #expect(
            String(decoding: files.inStyles(Array(sheet.utf8)), as: UTF8.self)
                == sheet.replacing("'/a.jpg'", with: "'/a.jpg?v=1'"))
    }
}
