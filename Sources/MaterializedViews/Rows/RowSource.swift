// The text of one generated row class. Pure: columns in, Swift out.
//
// The source has the form that `swift format lint --strict` asks for, at any length of names: each
// parameter and column stands on a line of its own. Prose of the view file is wrapped, and its
// first sentence becomes the summary line.

/// Writes the row class of one view.
struct RowSource {
    /// A column with everything that its lines in the source need.
    struct Field {
        let column: String
        let databaseType: String
        let cast: String?
        let property: String
        let swiftType: String
        let isOptional: Bool
        let isJSON: Bool

        var fullType: String { isOptional ? swiftType + "?" : swiftType }
    }

    let definition: ViewDefinition
    let fields: [Field]

    /// Chooses names and types for the columns of a view.
    ///
    /// - Throws: `.definitions` if the header does not fit the columns, `.generation` for a type
    ///   that rows cannot hold.
    init(_ definition: ViewDefinition, _ columns: [ViewColumn]) throws(ViewError) {
        let problems = definition.problems(with: columns)
        guard problems.isEmpty else { throw .definitions(problems) }
        self.definition = definition
        var fields: [Field] = []
        for column in columns {
            guard let property = SwiftName.property(ofColumn: column.name) else { continue }
            let json = definition.json[column.name]
            guard let mapping = SwiftTypeMap.mapping(of: column.base) else {
                throw .generation(
                    view: definition.name, column: column.name,
                    message: "rows cannot hold a value of type \(column.type).\n"
                        + "Change \(definition.file): cast it to text, or pick its parts.")
            }
            fields.append(
                Field(
                    column: column.name, databaseType: column.type, cast: mapping.cast,
                    property: property, swiftType: json?.text ?? mapping.swift,
                    isOptional: definition.nullable.contains(column.name), isJSON: json != nil))
        }
        self.fields = fields
    }

    /// The class, ending with a line break.
    func text() -> String {
        let proto = definition.scope == .private ? "PrivateRow" : "SharedRow"
        var lines = documentation()
        lines.append("final class \(SwiftName.rowType(ofView: definition.name)): \(proto) {")
        lines += properties() + [""] + schema() + [""] + rowKey() + [""]
        lines += memberwise() + [""] + decoding()
        lines.append("}")
        return lines.map { line in line + "\n" }.joined()
    }

    // MARK: Parts

    private func documentation() -> [String] {
        Self.comment(
            definition.documentation.isEmpty
                ? ["A row of `\(definition.name)`."] : definition.documentation,
            indent: "")
    }

    private func properties() -> [String] {
        fields.flatMap { field in
            [
                "    /// `\(field.column)`, \(field.databaseType).",
                "    let \(field.property): \(field.fullType)",
            ]
        }
    }

    private func schema() -> [String] {
        let key = definition.key.map { name in "\"\(name)\"" }.joined(separator: ", ")
        var lines = [
            "    /// The view as it was when this type was generated.",
            "    static let schema = ViewSchema(",
            "        name: \"\(definition.name)\",",
        ]
        lines += Self.fitted(
            "        key: [\(key)],",
            or: ["        key: ["]
                + definition.key.map { name in "            \"\(name)\"," } + ["        ],"])
        lines.append("        columns: [")
        for field in fields {
            let cast = field.cast.map { cast in ", cast: \(Self.literal(cast))" } ?? ""
            lines += Self.fitted(
                "            .init(\(Self.literal(field.column)), "
                    + "\(Self.literal(field.databaseType))\(cast)),",
                or: [
                    "            .init(", "                \(Self.literal(field.column)),",
                    "                \(Self.literal(field.databaseType))\(cast)",
                    "            ),",
                ])
        }
        lines.append("        ],")
        if let moved = definition.moved { lines.append("        moved: \(Self.literal(moved)),") }
        lines += [
            "        digest: \"\(definition.digest)\"",
            "    )",
        ]
        return lines
    }

    private func rowKey() -> [String] {
        let parts = definition.key.compactMap { name in
            fields.first { field in field.column == name }
        }.map { field in
            field.swiftType == "String" ? field.property : "\"\\(\(field.property))\""
        }
        let value: [String] =
            parts.count == 1
            ? ["        \(parts[0])"]
            : Self.fitted(
                "        RowKey.text(\(parts.joined(separator: ", ")))",
                or: ["        RowKey.text("]
                    + parts.enumerated().map { place, part in
                        "            \(part)\(place + 1 < parts.count ? "," : "")"
                    } + ["        )"])
        return ["    /// The text of the row's key.", "    var rowKey: String {"] + value + [
            "    }"
        ]
    }

    private func memberwise() -> [String] {
        var lines = ["    /// A row of these values, for previews and tests.", "    init("]
        for (place, field) in fields.enumerated() {
            let comma = place + 1 < fields.count ? "," : ""
            let empty = field.isOptional ? " = nil" : ""
            lines.append("        \(field.property): \(field.fullType)\(empty)\(comma)")
        }
        lines.append("    ) {")
        for field in fields {
            lines += Self.fitted(
                "        self.\(field.property) = \(field.property)",
                or: ["        self.\(field.property) =", "            \(field.property)"])
        }
        return lines + ["    }"]
    }

    private func decoding() -> [String] {
        var lines = [
            "    /// Reads the columns in the order of `schema`.",
            "    init(from row: borrowing RowReader) throws(RowError) {",
        ]
        for (place, field) in fields.enumerated() {
            let method = field.isJSON ? (field.isOptional ? "optionalJSON" : "json") : "column"
            let target = Self.assigned(field.property)
            let value = "try row.\(method)(\(place), of: Self.self)"
            lines += Self.fitted(
                "        \(target) = \(value)", or: ["        \(target) =", "            \(value)"])
        }
        return lines + ["    }"]
    }

    // MARK: Text

    /// `line` if it fits into the 100 columns of a line, otherwise `broken`.
    private static func fitted(_ line: String, or broken: [String]) -> [String] {
        line.count <= 100 ? [line] : broken
    }

    /// A property that is called like the parameter `row` needs `self.` in front.
    private static func assigned(_ property: String) -> String {
        property == "row" ? "self.row" : property
    }

    /// A Swift string literal without line breaks.
    static func literal(_ text: String) -> String {
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": literal += "\\\""
            case "\\": literal += "\\\\"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                literal += "\\u{\(String(scalar.value, radix: 16))}"
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }

    /// Prose as a documentation comment: summary sentence, blank line, the rest, wrapped.
    static func comment(_ prose: [String], indent: String) -> [String] {
        var paragraphs = prose.split(separator: "").map { lines in
            lines.map(markdownSafe).joined(separator: " ")
        }
        if let first = paragraphs.first, let end = endOfSentence(in: first) {
            let rest = String(first[end...]).trimmed
            paragraphs[0] = String(first[..<end]).trimmed
            if !rest.isEmpty { paragraphs.insert(rest, at: 1) }
        }
        let width = 100 - indent.count - 4
        var lines: [String] = []
        for paragraph in paragraphs {
            if !lines.isEmpty { lines.append("\(indent)///") }
            var line = ""
            for word in paragraph.split(separator: " ") {
                if !line.isEmpty, line.count + 1 + word.count > width {
                    lines.append("\(indent)/// \(line)")
                    line = ""
                }
                line += (line.isEmpty ? "" : " ") + word
            }
            if !line.isEmpty { lines.append("\(indent)/// \(line)") }
        }
        return lines
    }

    /// A line that begins like a list of parameters would be read as one.
    private static func markdownSafe(_ line: String) -> String {
        let bullets: [Character] = ["-", "*", "+"]
        guard let first = line.first, bullets.contains(first) else { return line }
        return String(line.dropFirst()).trimmed
    }

    private static func endOfSentence(in text: String) -> String.Index? {
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            if [".", "!", "?"].contains(text[index]), next < text.endIndex, text[next] == " " {
                return next
            }
            index = next
        }
        return nil
    }
}
