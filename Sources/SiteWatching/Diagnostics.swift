// Problems out of what tools print: `file:line:column: error: text`, as the Swift compiler, esbuild
// and this program itself write it, with what follows each.
//
// Lines that the compiler draws under a message are left out: the excerpt is made from the file.
// What is printed twice, as by parallel jobs, is one problem.

/// Reads messages with places.
package enum Diagnostics {
    /// The most lines that follow a message and are kept.
    private static let notesMax = 12

    /// The problems in an output; none if it has no message with a place.
    ///
    /// - Parameters:
    ///   - output: what a tool printed.
    ///   - root: the site's folder, absolute; files in it are named from there.
    /// - Returns: each once, in the order of the output.
    package static func problems(in output: String, root: String) -> [Problem] {
        var found: [Problem] = []
        for line in output.split(whereSeparator: \.isNewline) {
            guard let message = Message(line, root: root) else { continue }
            switch message.kind {
            case "note":
                guard var last = found.popLast() else { continue }
                let place = message.file == last.file ? "line \(message.line)" : message.place
                let note = "\(place): \(message.text)"
                if !last.notes.contains(note), last.notes.count < notesMax {
                    last.notes.append(note)
                }
                found.append(last)
            default:
                var problem = Problem(message.text)
                problem.severity = message.kind == "warning" ? .warning : .error
                (problem.file, problem.line, problem.column) = (
                    message.file, message.line, message.column
                )
                let isKnown = found.contains { other in
                    other.place == problem.place && other.title == problem.title
                }
                if !isKnown { found.append(problem) }
            }
        }
        return found
    }

    /// The problems in what esbuild printed: each a line with its kind in brackets, then a place.
    ///
    /// - Parameter output: messages as esbuild lays them out.
    /// - Returns: each, in the order of the output; none if there is none of this form.
    package static func esbuildProblems(in output: String) -> [Problem] {
        var found: [Problem] = []
        for line in output.split(whereSeparator: \.isNewline) {
            let marks = [("[WARNING] ", Problem.Severity.warning), ("[ERROR] ", .error)]
            let begun = marks.lazy.compactMap { mark, severity in
                line.firstRange(of: mark).map { (line[$0.upperBound...], severity) }
            }.first
            if let (text, severity) = begun {
                // The name of the message stands behind it in brackets.
                let open = text.last == "]" ? text.lastIndex(of: "[") : nil
                let end = open.map { text[..<$0] } ?? text
                var problem = Problem(String(end.reversed().drop { $0 == " " }.reversed()))
                problem.severity = severity
                found.append(problem)
                continue
            }
            let parts = line.drop { $0 == " " }.split(
                separator: ":", omittingEmptySubsequences: false)
            guard let last = found.indices.last, found[last].file == nil, parts.count >= 3,
                let number = Int(parts[1]), let column = Int(parts[2])
            else { continue }
            found[last].file = String(parts[0])
            found[last].line = number
            // esbuild counts columns from 0.
            found[last].column = column + 1
        }
        return found
    }

    /// The problem that a text of several lines tells: what happened, then what to change.
    ///
    /// - Parameters:
    ///   - text: a text that may begin with a place.
    ///   - root: the site's folder, absolute.
    /// - Returns: one problem; the first line is its title.
    package static func problem(of text: String, root: String) -> Problem {
        let lines = text.split(whereSeparator: \.isNewline)
        let notes = lines.dropFirst().prefix(notesMax).map { String($0) }
        guard let first = lines.first else { return Problem("It failed and said nothing.") }
        guard let message = Message(first, root: root) else {
            return Problem(String(first), notes: notes)
        }
        var problem = Problem(message.text, notes: notes)
        (problem.file, problem.line, problem.column) = (message.file, message.line, message.column)
        return problem
    }
}

/// One line with a place.
private struct Message {
    let file: String
    let line: Int
    let column: Int?
    let kind: String
    let text: String

    var place: String { "\(file):\(line)" }

    init?(_ line: Substring, root: String) {
        // The root's own name may have spaces and colons in it, and so may a file's below it.
        let prefix = root.hasSuffix("/") ? root : root + "/"
        let isBelow = !root.isEmpty && line.hasPrefix(prefix)
        let named = isBelow ? line.dropFirst(prefix.count) : line
        let parts = named.split(separator: ":", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count >= 3, !parts[0].isEmpty,
            isBelow || !parts[0].contains(where: \.isWhitespace),
            parts[0].contains("."), let number = Int(parts[1]), number > 0
        else { return nil }
        let column = Int(parts[2])
        let rest = parts[(column == nil ? 2 : 3)...].joined(separator: ":")
            .drop { $0 == " " }
        let kinds = ["error", "warning", "note"]
        let told = kinds.first { rest.hasPrefix("\($0):") }
        kind = told ?? "error"
        text = String(
            rest.dropFirst(told.map { $0.count + 1 } ?? 0).drop { $0 == " " })
        guard !text.isEmpty else { return nil }
        self.line = number
        self.column = column
        file = String(parts[0])
    }
}
