// An answer as lines: columns for people, JSON and CSV for programs.
//
// Strangers have written some of the texts: terminals and spreadsheets get nothing that they obey.

import SitegenCommands
import Traffic

/// Lines of an answer.
struct StatisticsDisplay {
    private let answer: StatisticsQuestion.Answer

    init(_ answer: StatisticsQuestion.Answer) { self.answer = answer }

    /// Columns, numbers right-aligned.
    var table: [String] {
        guard !answer.lines.isEmpty else { return ["nothing was counted"] }
        let numeric = answer.columns.indices.map { column in
            answer.lines.allSatisfy { Self.isNumber($0[column]) }
        }
        let rows =
            [answer.columns]
            + answer.lines.map { line in
                zip(line, numeric).map { text, isNumber in
                    isNumber ? Int(text).map(Display.number) ?? text : Self.inert(text)
                }
            }
        let widths = answer.columns.indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            var line = row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return numeric[column] ? padding + row[column] : row[column] + padding
            }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// One object a line.
    var json: [String] {
        answer.lines.map { line in
            JSONLine.text(
                Dictionary(
                    zip(answer.columns, line.map { Value(text: $0) }), uniquingKeysWith: { $1 }))
        }
    }

    /// Lines of RFC 4180.
    ///
    /// A text that a spreadsheet would take for a formula gets an apostrophe.
    var csv: [String] {
        ([answer.columns] + answer.lines).map { line in
            line.map { text in
                let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
                let text = isFormula && !Self.isNumber(text) ? "'\(text)" : text
                guard text.contains(where: { ",\"\n\r".contains($0) || $0.isNewline }) else {
                    return text
                }
                return "\"" + text.replacing("\"", with: "\"\"") + "\""
            }.joined(separator: ",")
        }
    }

    private static func isNumber(_ text: String) -> Bool { Int(text) != nil }

    /// The text without what a terminal would obey.
    private static func inert(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
                    default: scalar
                    }
                }))
    }

    /// A number where the text is one.
    private struct Value: Encodable {
        let text: String

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if let number = Int(text) {
                try container.encode(number)
            } else {
                try container.encode(text)
            }
        }
    }
}
