/// How an editor is told to open a file at a place.
package struct EditorCommand: Equatable, Sendable {
    /// The program and its arguments.
    package let words: [String]

    /// Finds the words for `SITEGEN_EDITOR`; nil if the setting names no program.
    ///
    /// The setting is a program with arguments, separated by spaces, in which `{file}`, `{line}`
    /// and `{column}` stand for the place. Without them, editors that are known by name get it the
    /// way they want, and others the file alone.
    ///
    /// - Parameters:
    ///   - setting: the variable's value.
    ///   - file: the file's absolute path.
    ///   - line: the line, from 1.
    ///   - column: the column, from 1.
    package init?(setting: String, file: String, line: Int, column: Int) {
        var words = setting.split(separator: " ").map { String($0) }
        guard let program = words.first else { return nil }
        let marks = ["{file}": file, "{line}": "\(line)", "{column}": "\(column)"]
        if words.contains(where: { word in marks.keys.contains { word.contains($0) } }) {
            self.words = words.map { Self.filled($0, marks) }
            return
        }
        switch program.split(separator: "/").last ?? "" {
        case "code", "codium", "code-insiders", "cursor":
            words += ["--goto", "\(file):\(line):\(column)"]
        case "zed", "subl", "hx", "helix": words.append("\(file):\(line):\(column)")
        case "idea", "clion", "appcode": words += ["--line", "\(line)", file]
        case "vim", "nvim", "gvim", "vi", "nano": words += ["+\(line)", file]
        case "emacsclient", "emacs": words += ["+\(line):\(column)", file]
        default: words.append(file)
        }
        self.words = words
    }

    /// Editors with windows of their own, or with a server, by the names of their processes: what
    /// has a file opened in the one that runs.
    private static let openers = [
        ("code", "code"), ("codium", "codium"), ("code-insiders", "code-insiders"),
        ("cursor", "cursor"), ("zed-editor", "zed"), ("zed", "zed"), ("idea", "idea"),
        ("clion", "clion"), ("sublime_text", "subl"), ("gvim", "gvim --remote-silent"),
        ("emacs", "emacsclient -n"),
    ]

    /// The setting for an editor that runs; nil for none.
    ///
    /// - Parameters:
    ///   - processes: the names of the author's processes, as the system tells them.
    ///   - isThere: whether there is a program of a name.
    /// - Returns: the first that runs and can be told what to open.
    package static func setting(
        forRunning processes: Set<String>, isThere: (String) -> Bool
    ) -> String? {
        openers.first { process, command in
            processes.contains(process)
                && isThere(String(command.prefix { $0 != " " }))
        }?.1
    }

    /// One word with its marks filled, each once: what is put in is not looked through again.
    private static func filled(_ word: String, _ marks: [String: String]) -> String {
        var (text, rest) = ("", word[...])
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let mark = String(rest[open...close])
            text += rest[..<open] + (marks[mark] ?? mark)
            rest = rest[rest.index(after: close)...]
        }
        return text + rest
    }
}
