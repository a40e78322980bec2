// What the product's code never does: trap by force, skip a comment, say it will be better later.
//
// swift-format has rules for force unwraps and for public documentation too, but lets tests and
// `package` declarations pass; here every case has its place and its remedy in the message.

/// Findings about documentation, traps and promises.
enum SafetyRules {
    static func documentation(_ file: SourceFile) -> [Finding] {
        file.sharedDeclarations.compactMap { declaration in
            let above = file.trimmed(declaration.line - 1)
            guard !above.hasPrefix("///") else { return nil }
            return Finding(
                path: file.path, line: declaration.line,
                message: "`\(declaration.name)` has no doc comment. Say in `///` lines what it is, "
                    + "its units and limits, what nil means and when it throws.")
        }
    }

    static func pointers(_ file: SourceFile) -> [Finding] {
        file.sharedDeclarations.compactMap { declaration in
            guard
                let pointer = declaration.signature.first(where: {
                    Banned.pointerTypes.contains($0.text)
                }), !declaration.signature.contains(where: { $0.text == "unsafe" })
            else { return nil }
            return Finding(
                path: file.path, line: pointer.line,
                message: "`\(declaration.name)` shows \(pointer.text) to other modules. "
                    + "Take or lend a Span, or keep the declaration inside the module.")
        }
    }

    static func forcing(_ file: SourceFile) -> [Finding] {
        var findings: [Finding] = []
        for (index, line) in file.codeLines.enumerated() where line.contains("!") {
            let bytes = Array(line.utf8)
            for at in bytes.indices.dropFirst() where bytes[at] == UInt8(ascii: "!") {
                let before = bytes[at - 1]
                let next = at + 1 < bytes.count ? bytes[at + 1] : 0
                guard next != UInt8(ascii: "="),
                    SourceFile.isWordByte(before) || ")]>?}".utf8.contains(before)
                else { continue }
                findings.append(
                    Finding(
                        path: file.path, line: index + 1,
                        message: "`!` traps without saying why. Use guard, `??`, `try` or a "
                            + "`precondition` with a message."))
            }
        }
        return findings
    }

    static func fatalErrors(_ file: SourceFile) -> [Finding] {
        guard !Exempt.fatalError.keys.contains(where: file.path.hasPrefix) else { return [] }
        return file.tokens.filter { $0.text == "fatalError" }.map { token in
            Finding(
                path: file.path, line: token.line,
                message: "`fatalError` ends the process. Throw the module's error, or state the "
                    + "condition as a `precondition` with a message.")
        }
    }

    static func uncheckedSendable(_ file: SourceFile) -> [Finding] {
        let proofs = ["Sendable", "thread", "task", "lock", "Mutex", "immutable", "concurren"]
        return file.tokens.indices.compactMap { index in
            guard file.tokens[index].text == "unchecked", index > 0,
                file.tokens[index - 1].text == "@"
            else { return nil }
            var line = file.tokens[index].line
            while line > 1, file.trimmed(line - 1).hasPrefix("@") { line -= 1 }
            let comment = file.commentAbove(line)
            guard !proofs.contains(where: comment.contains) else { return nil }
            return Finding(
                path: file.path, line: file.tokens[index].line,
                message: "`@unchecked Sendable` without proof. Use a `Mutex` or a value, or say in "
                    + "the comment right above why no two threads can meet here.")
        }
    }

    static func bannedWords(path: String, lines: [String]) -> [Finding] {
        var findings: [Finding] = []
        for (index, line) in lines.enumerated() {
            for word in Banned.words where contains(line, word: word) {
                findings.append(
                    Finding(
                        path: path, line: index + 1,
                        message: "`\(word)` promises something. Do it, or leave it out."))
            }
        }
        return findings
    }

    /// Whether the word stands in the line with no letter beside it.
    private static func contains(_ line: String, word: String) -> Bool {
        guard let found = line.firstRange(of: word) else { return false }
        let before =
            found.lowerBound > line.startIndex ? line[line.index(before: found.lowerBound)] : " "
        let after = found.upperBound < line.endIndex ? line[found.upperBound] : " "
        return !before.isLetter && !after.isLetter
    }
}
