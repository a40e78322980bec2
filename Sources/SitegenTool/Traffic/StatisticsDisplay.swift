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
        let numeric = answer.isNumber
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
                    zip(
                        answer.columns,
                        zip(line, answer.isNumber).map { Value(text: $0, isNumber: $1) }),
                    uniquingKeysWith: { $1 }))
        }
    }

    /// Lines of RFC 4180.
    ///
    /// A text that a spreadsheet would take for a formula gets an apostrophe. Who reads it looks at
    /// scalars: an accent behind a quote is another character, and no other quote.
    var csv: [String] {
        let texts = answer.columns.map { _ in false }
        return
            ([Self.fields(answer.columns, texts)]
            + answer.lines.map { Self.fields($0, answer.isNumber) })
            .map { $0.joined(separator: ",") }
    }

    private static func fields(_ line: [String], _ isNumber: [Bool]) -> [String] {
        zip(line, isNumber).map { text, isNumber in
            guard !isNumber else { return text }
            let isFormula = text.unicodeScalars.first.map(formulaStarts.contains) ?? false
            var field = (isFormula ? "'" : "").unicodeScalars
            for scalar in text.unicodeScalars {
                if scalar == "\"" { field.append(scalar) }
                field.append(scalar)
            }
            guard text.unicodeScalars.contains(where: quoted.contains) else {
                return String(field)
            }
            return "\"" + String(field) + "\""
        }
    }

    /// What spreadsheets take for the start of a formula.
    private static let formulaStarts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r"]
    /// What makes quotes necessary: it ends a field, or some programs take it for a line's end.
    private static let quoted: Set<Unicode.Scalar> = [
        ",", "\"", "\n", "\r", "\u{0B}", "\u{0C}", "\u{85}", "\u{2028}", "\u{2029}",
    ]

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

    /// A number where the column has numbers.
    private struct Value: Encodable {
        let text: String
        let isNumber: Bool

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if isNumber, let number = Int(text) {
                try container.encode(number)
            } else {
                try container.encode(text)
            }
        }
    }
}
