// Sizes: how long a file, a function, a line and a head comment may be.
//
// Lines are counted as written, with comments and blank lines: what a reader has to scroll counts.
// Characters are counted, not bytes. A long line that swift-format leaves alone fails here.

/// Findings about the size of one file's parts.
enum SizeRules {
    static func fileLength(_ file: SourceFile) -> [Finding] {
        guard !file.isGenerated, file.lines.count > Limit.fileLines else { return [] }
        return [
            Finding(
                path: file.path, line: Limit.fileLines + 1,
                message: "\(file.lines.count) lines, \(Limit.fileLines) are allowed. "
                    + "Move a type, or an extension with one subject, to a file of its own.")
        ]
    }

    static func functionLength(_ file: SourceFile) -> [Finding] {
        guard !file.isGenerated else { return [] }
        return file.functions.filter { $0.lines.count > Limit.functionLines }.map { function in
            Finding(
                path: file.path, line: function.lines.lowerBound,
                message: "`\(function.name)` has \(function.lines.count) lines, "
                    + "\(Limit.functionLines) are allowed. Give its parts names of their own.")
        }
    }

    static func lineLength(path: String, lines: [String]) -> [Finding] {
        lines.indices.filter { lines[$0].count > Limit.lineCharacters }.map { index in
            Finding(
                path: path, line: index + 1,
                message: "\(lines[index].count) characters, \(Limit.lineCharacters) are allowed. "
                    + "Break the line.")
        }
    }

    static func headComment(_ file: SourceFile) -> [Finding] {
        guard !file.isGenerated, Exempt.headComment[file.path] == nil else { return [] }
        let head = file.lines.prefix { $0.hasPrefix("//") && !$0.hasPrefix("///") }
        // What such a file holds is said where the type begins.
        if head.isEmpty, file.isFileOfOneType { return [] }
        let codeLines = file.codeLines.filter { line in !line.allSatisfy { $0 == " " } }
        func finding(_ message: String) -> [Finding] {
            [Finding(path: file.path, line: 1, message: message)]
        }
        if file.lines.first?.hasPrefix("///") == true {
            return finding("The file begins with a doc comment. Begin it with `//` lines about it.")
        }
        if let line = head.firstIndex(where: { $0.contains("Copyright") || $0.contains("Created") })
        {
            return [
                Finding(
                    path: file.path, line: line + 1,
                    message: "Licence, author or date in the head comment. LICENSE and git know "
                        + "them: say what is here instead.")
            ]
        }
        if codeLines.count < Limit.codeLinesWithoutHead && !head.isEmpty { return [] }
        let allowed =
            file.isProduct ? Limit.headCommentLines : Limit.headCommentLinesOfTests
        guard !allowed.contains(head.count) else { return [] }
        return finding(
            "The head comment has \(head.count) lines; \(allowed.lowerBound) to "
                + "\(allowed.upperBound) are right. Say what is here, what a reader would get "
                + "wrong, and what it never does.")
    }
}
