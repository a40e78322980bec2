// The text of a view file, put together from its parts.
//
// Lines of headers are broken before they get long; prose begins with a capital, so that no word
// of it is taken for a header.

import MaterializedViews

/// A view file that is being written.
struct ViewText {
    let name: String
    var prose: [String]
    let key: String
    var headers: [String] = []
    var nullable: [String] = []
    var json: [String] = []
    var columns: [String] = []
    var from = ""

    init(name: String, prose: [String], key: String) {
        self.name = name
        self.prose = prose
        self.key = key
    }

    mutating func add(_ column: String) { columns.append(column) }

    /// The path of the file in the site.
    var file: String { "site/database/\(name).sql" }

    /// The statement.
    var sql: String {
        "SELECT\n    " + columns.joined(separator: ",\n    ") + (from.isEmpty ? "" : "\n\(from)")
    }

    /// The whole file.
    var text: String {
        var lines = prose.flatMap(Self.wrapped) + ["-- key: \(key)"]
        lines += headers.map { "-- \($0)" }
        let optional = Set(json.filter { $0.hasSuffix("?") }.map { $0.split(separator: " ")[0] })
        lines += Self.list("nullable", nullable.filter { !optional.contains($0[...]) }, ", ")
        lines += Self.list("json", json, "; ")
        return lines.joined(separator: "\n") + "\n\(sql)\n"
    }

    /// The parsed file.
    func definition() throws(ViewError) -> ViewDefinition {
        try ViewDefinition(name: name, file: file, text: text)
    }

    private static func list(_ header: String, _ items: [String], _ separator: String) -> [String] {
        var lines: [String] = []
        var line = ""
        for item in items {
            if !line.isEmpty, line.count + item.count > 84 {
                lines.append("-- \(header): \(line)")
                line = ""
            }
            line += (line.isEmpty ? "" : separator) + item
        }
        return line.isEmpty ? lines : lines + ["-- \(header): \(line)"]
    }

    private static func wrapped(_ prose: String) -> [String] {
        var lines: [String] = []
        var line = "--"
        for word in prose.split(separator: " ") {
            if line.count + word.count > 95, line != "--" {
                lines.append(line)
                line = "--"
            }
            line += " " + word
        }
        return lines + [line]
    }
}
