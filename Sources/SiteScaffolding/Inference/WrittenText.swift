// Texts of the database inside of SQL, Swift and Markdown: quoted, on one line, harmless.
//
// Names of tables and comments hold anything. Pure.

import Postgres

extension String {
    /// A string literal in SQL.
    var sqlLiteral: String { Connection.quoted(literal: self) }

    /// The text on one line, without control characters and the marks that turn text around.
    var oneLine: String {
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
                .unassigned:
                text.append(" ")
            default: text.append(scalar)
            }
        }
        return String(text).split(separator: " ").joined(separator: " ")
    }

    /// A string literal in Swift.
    var swiftLiteral: String {
        var literal = "\""
        for scalar in oneLine.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { literal += "\\" }
            literal.unicodeScalars.append(scalar)
        }
        return literal + "\""
    }

    /// The text in a table of Markdown.
    var markdown: String {
        var text = ""
        for character in oneLine {
            if "|`*_<>[]\\".contains(character) { text.append("\\") }
            text.append(character)
        }
        return text
    }

    /// The text as code in a table of Markdown, where it can be.
    var code: String {
        let text = oneLine
        return text.contains { "`|\\".contains($0) } ? text.markdown : "`\(text)`"
    }

    /// A condition on the row `t`, on another row.
    func replacingRow(_ row: String) -> String {
        hasPrefix("t.") ? row + dropFirst() : self
    }
}
