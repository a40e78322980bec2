// How lines look on a terminal and elsewhere, and the square that a phone reads.
//
// That a camera reads the square, and how keys are heard, `watch_terminal.py` tries out.

import SiteWatching
import Testing

@testable import SitegenTool

@Suite("Lines of a watch") struct WatchLineTests {
    @Test func `plain lines have neither colours nor links`() {
        #expect(LineStyle.plain.colored("x", .error) == "x")
        #expect(LineStyle.plain.linked("x", to: "/x") == "x")
    }

    @Test func `a name opens its file, whatever is in its path`() {
        let style = LineStyle(isPlain: false)
        #expect(style.colored("x", .error) == "\u{1b}[31mx\u{1b}[0m")
        #expect(
            style.linked("a b", to: "/r/a b\u{1b}é")
                == "\u{1b}]8;;file:///r/a%20b%1B%C3%A9\u{1b}\\a b\u{1b}]8;;\u{1b}\\")
    }

    @Test(arguments: [
        ("site/Styles/a.css", "style"), ("public/a.svg", "public file"),
        ("site/database/a.sql", "view"), ("components/A.swift", "Swift"),
    ])
    func `a changed file is named with its kind`(file: String, kind: String) {
        let cause = WatchCause(file: file)
        #expect(cause.kind == kind && cause.name == file && cause.isFile)
        #expect(!WatchCause(rowsOf: "home").isFile)
    }

    @Test(arguments: [
        (0, 21), (14, 21), (15, 25), (26, 25), (42, 29), (62, 33), (84, 37), (106, 41),
    ])
    func `a square is as large as its text needs`(bytes: Int, width: Int) throws {
        let code = try #require(QRCode(String(repeating: "a", count: bytes)))
        #expect(code.rows.count == width)
        #expect(code.rows.allSatisfy { $0.count == width })
        // The finders, and around them light.
        for (row, column) in [(0, 0), (0, width - 7), (width - 7, 0)] {
            #expect((0..<7).allSatisfy { code.rows[row][column + $0] })
            #expect(code.rows[row + 3][column + 3] && !code.rows[row + 1][column + 1])
        }
        #expect(code.lines.count == (width + 9) / 2)
    }

    @Test func `a text that is too long has no square`() {
        #expect(QRCode.bytesMax == 106)
        #expect(QRCode(String(repeating: "a", count: QRCode.bytesMax + 1)) == nil)
    }
}
