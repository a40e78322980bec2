// Each limit of view files: what reaches it is a view, what passes it is one error.

import FoundationEssentials
import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Limits of views") struct ViewLimitTests {
    private static func text(key: [String] = ["id"], header: String = "", size: Int = 0) -> String {
        let columns = key.map { "1 AS \"\($0)\"" }.joined(separator: ", ")
        let text = "-- key: \(key.joined(separator: ", "))\n\(header)SELECT \(columns)"
        return text + String(repeating: " ", count: max(0, size - text.utf8.count))
    }

    private static func json(_ bytes: Int) -> String {
        let type = String(repeating: "T", count: bytes)
        return "-- key: id\n-- json: a \(type)\nSELECT 1 AS id, '1'::json AS a"
    }

    /// A name, a text at a limit, the same beyond it, and what is said of that.
    @Test(arguments: [
        (
            String(repeating: "v", count: ViewLimits.nameBytesMax),
            String(repeating: "v", count: ViewLimits.nameBytesMax + 1), text(), text(), "51 letters"
        ),
        (
            "v", "v", text(key: (0..<ViewLimits.keyColumnsMax).map { "k\($0)" }),
            text(key: (0...ViewLimits.keyColumnsMax).map { "k\($0)" }),
            "A key has at most 8 columns"
        ),
        (
            "v", "v", text(key: [String(repeating: "k", count: ViewLimits.columnNameBytesMax)]),
            text(key: [String(repeating: "k", count: ViewLimits.columnNameBytesMax + 1)]), "v.sql:1"
        ),
        ("v", "v", json(ViewLimits.typeBytesMax), json(ViewLimits.typeBytesMax + 1), "v.sql:2"),
        (
            "v", "v", text(size: ViewLimits.fileBytesMax), text(size: ViewLimits.fileBytesMax + 1),
            "larger than 262144 bytes"
        ),
    ])
    func `a view file at the limit, and one beyond it`(
        name: String, beyondName: String, at: String, beyond: String, part: String
    ) throws {
        _ = try view(name, at)
        let error = try #require(throws: ViewError.self) { try view(beyondName, beyond) }
        #expect(error.description.contains(part), "\(error)")
    }

    @Test func `a folder of too many view files`() throws {
        let folder = try TemporaryFolder()
        for number in 0...ViewLimits.viewsMax {
            try Data("-- key: id\nSELECT 1 AS id".utf8)
                .write(to: URL(filePath: "\(folder.path)/v\(number).sql"))
        }
        let error = try #require(throws: ViewError.self) {
            try ViewDefinition.load(directory: folder.path)
        }
        #expect(error.description.contains("more than 1000 views"), "\(error)")
        try FileManager.default.removeItem(atPath: "\(folder.path)/v0.sql")
        #expect(try ViewDefinition.load(directory: folder.path).count == ViewLimits.viewsMax)
    }

    @Test func `a view of too many columns`() throws {
        let connection = try Connection(to: ThrowAwayPostgres.database())
        func wide(_ count: Int) throws -> ViewDefinition {
            let columns = (1..<count).map { "\($0) AS c\($0)" }.joined(separator: ", ")
            return try view("v", "-- key: id\n-- refresh: live\nSELECT 1 AS id, \(columns)")
        }
        let error = try #require(throws: ViewError.self) {
            try ViewInstaller.apply([wide(ViewLimits.columnsMax + 1)], on: connection)
        }
        #expect(error.description.contains("at most 500 columns"), "\(error)")
        _ = try ViewInstaller.apply([wide(ViewLimits.columnsMax)], on: connection)
    }
}
