// The folder of view files: what counts as one, and how mistakes in several are told.

import FoundationEssentials
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("View folder") struct ViewFolderTests {
    private func write(_ data: Data, _ name: String, in path: String) throws {
        try data.write(to: URL(filePath: "\(path)/\(name)"))
    }

    private func write(_ text: String, _ name: String, in path: String) throws {
        try write(Data(text.utf8), name, in: path)
    }

    @Test func `only SQL files of the folder itself are views, sorted by name`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path
        try write("-- key: id\nSELECT 1 AS id", "b.sql", in: path)
        try write("-- key: id\nSELECT 1 AS id", "a.sql", in: path)
        try write("no view", "README.md", in: path)
        try write("no view", ".hidden.sql", in: path)
        try FileManager.default.createDirectory(
            atPath: path + "/schema.sql", withIntermediateDirectories: false)
        try write("CREATE TABLE x ()", "schema.sql/x.sql", in: path)
        let views = try ViewDefinition.load(directory: path)
        #expect(views.map(\.name) == ["a", "b"])
        #expect(views.map(\.file) == ["site/database/a.sql", "site/database/b.sql"])
    }

    @Test func `the mistakes of all files are told at once`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path
        try write("SELECT 1", "a.sql", in: path)
        try write(Data([0x2D, 0x2D, 0xFF]), "b.sql", in: path)
        try write(String(repeating: " ", count: ViewLimits.fileBytesMax + 1), "c.sql", in: path)
        try write("-- key: id\nSELECT 1 AS id", "Bad-Name.sql", in: path)
        try write("-- key: id\nSELECT 1 AS id", "fine.sql", in: path)
        let error = try #require(throws: ViewError.self) {
            try ViewDefinition.load(directory: path, shownAs: "db")
        }
        let lines = error.description.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0].hasPrefix("db/Bad-Name.sql: error: The file's name"))
        #expect(lines[1].hasPrefix("db/a.sql:1: error: The header has no key"))
        #expect(lines[2].hasPrefix("db/b.sql: error: The file is not UTF-8"))
        #expect(lines[3].hasPrefix("db/c.sql: error: The file is larger than 262144 bytes"))
    }

    @Test func `a folder that is not there is an error with its name`() {
        #expect(throws: ViewError.self) {
            try ViewDefinition.load(directory: "/nowhere/at/all", shownAs: "site/database")
        }
    }

    @Test(arguments: [
        ViewError.cycle(["a", "b", "a"]),
        .keyNotUnique(view: "room", key: ["slug", "page"], example: "x, 1"),
        .keyIsNull(view: "room", key: ["slug"]),
        .inUse(view: "room", detail: "view report depends on it"),
        .disagreement([.missing(view: "room")]),
        .disagreement([.column(view: "room", column: "a", expected: "text", found: nil)]),
        .disagreement([.extraColumn(view: "room", column: "a", type: "text")]),
        .row(RowError(view: "room", column: "a", key: "k", reason: .null)),
        .row(
            RowError(
                view: "room", column: "a", key: nil,
                reason: .json(type: "Bed", problem: "it is not valid"))),
    ])
    func `an error says what happened on line one and what to do on line two`(error: ViewError) {
        let lines = error.description.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].contains("room") || lines[0].contains("a → b → a"))
        #expect(["site/", "`sitegen", "Drop that"].contains { part in lines[1].contains(part) })
    }
}
