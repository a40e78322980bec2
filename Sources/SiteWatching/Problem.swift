import Groundwork

/// Something that is wrong, until it is not.
package struct Problem: Sendable, Equatable, Codable {
    /// How bad it is.
    package enum Severity: String, Sendable, Codable {
        /// Something is not shown as it is written.
        case error
        /// Everything is shown; the author should know.
        case warning
    }

    /// A line of the source around it.
    struct Line: Sendable, Equatable, Codable {
        /// Its number, from 1.
        let number: Int
        /// The line, without its end.
        let text: String
    }

    /// How bad it is.
    package var severity = Severity.error
    /// What is wrong, in one line.
    package var title: String
    /// What more is to be said: what to change, the compiler's notes.
    package var notes: [String] = []
    /// The file, relative to the root; nil if none is known.
    package var file: String?
    /// The line, from 1.
    package var line: Int?
    /// The column, from 1: in bytes, as tools count, and in characters once it is shown.
    package var column: Int?
    /// The lines around it.
    var excerpt: [Line] = []

    /// The most lines of an excerpt before and behind the line itself.
    static let linesAround = 2
    /// The longest line that is shown, in characters.
    static let lineCharactersMax = 400

    /// Something that is wrong.
    ///
    /// - Parameters:
    ///   - title: what, in one line.
    ///   - notes: what more is to be said.
    package init(_ title: String, notes: [String] = []) {
        self.title = title
        self.notes = notes
    }

    /// `file:line:column`, as far as that is known.
    package var place: String? {
        guard let file else { return nil }
        return ([file] + [line, column].compactMap { $0.map { "\($0)" } }).joined(separator: ":")
    }

    /// What it is called: its place, if one is known, and its title.
    package var heading: String { [place, title].compactMap(\.self).joined(separator: ": ") }

    /// The same with the lines around its place, and with its column in characters.
    ///
    /// - Parameter source: the text of the file.
    /// - Returns: the problem; without lines if the source is shorter.
    package func showing(_ source: String) -> Problem {
        guard let line else { return self }
        let lines = source.sourceLines
        guard (1...max(lines.count, 1)).contains(line), !lines.isEmpty else { return self }
        let first = max(1, line - Self.linesAround)
        let last = min(lines.count, line + Self.linesAround)
        var shown = self
        shown.excerpt = (first...last).map { number in
            Line(number: number, text: String(lines[number - 1].prefix(Self.lineCharactersMax)))
        }
        shown.column = column.map { column in
            String(decoding: lines[line - 1].utf8.prefix(max(0, column - 1)), as: UTF8.self).count
                + 1
        }
        return shown
    }
}
