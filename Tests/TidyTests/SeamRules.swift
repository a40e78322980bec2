// Keeps seams between modules narrow: `package` only where another module uses the declaration.
//
// Told by names alone, so that what shares its name with something in use is not found. A type may
// be needed for the signature of what is used. Tests of a module reach inside of it by `@testable`,
// so they count for nothing; benchmarks, fuzzers and sites do.

/// Findings about declarations that are visible without need.
enum SeamRules {
    private static let members: Set<String> = ["func", "var", "let"]
    private static let types: Set<String> = [
        "struct", "enum", "class", "protocol", "actor", "typealias",
    ]

    /// `package` declarations that no other module names.
    ///
    /// - Parameters:
    ///   - files: everything but the tests of modules.
    ///   - judged: which of them are looked at.
    /// - Returns: one finding for each.
    static func unshared(
        _ files: [SourceFile], judged: (SourceFile) -> Bool = { $0.section == "Sources" }
    ) -> [Finding] {
        var users: [String: Set<String>] = [:]
        var signatures: [String: [String: Int]] = [:]
        for file in files {
            let user = judged(file) ? file.module : file.path
            for word in file.words { users[word, default: []].insert(user) }
            for word in file.sharedWords {
                signatures[file.module, default: [:]][word, default: 0] += 1
            }
        }
        return files.filter(judged).flatMap { file in
            file.sharedDeclarations.compactMap { declaration in
                let words = declaration.name.split(separator: " ").map(String.init)
                guard words.count == 2, declaration.signature.first?.text == "package",
                    members.contains(words[0]) || types.contains(words[0]),
                    words[1].utf8.first.map(SourceFile.isWordByte) == true,
                    users[words[1], default: []].subtracting([file.module]).isEmpty,
                    Exempt.shared[words[1]] == nil
                else { return nil }
                let uses = signatures[file.module]?[words[1]] ?? 0
                if types.contains(words[0]), uses > 1 { return nil }
                return Finding(
                    path: file.path, line: declaration.line,
                    message: "No other module uses `\(words[1])`. Leave `package` out.")
            }
        }
    }
}

extension SourceFile {
    /// The words of the code, those in the values of interpolated texts too.
    fileprivate var words: Set<String> {
        let inTexts = literals.lazy.filter { $0.text.contains("\\(") }.flatMap { literal in
            literal.text.utf8.split { !Self.isWordByte($0) }.compactMap { String($0) }
        }
        return Set(tokens.map(\.text)).union(inTexts)
    }

    /// The words of each declaration that others see, and of the cases of enumerations: of their
    /// signatures, and of the lines that these end on, since a value may give the type.
    fileprivate var sharedWords: [String] {
        let byLine = Dictionary(grouping: tokens, by: \.line)
        let cases = tokens.filter { $0.text == "case" && $0.startsLine }.map(\.line)
        let last = sharedDeclarations.compactMap(\.signature.last?.line)
        let lines = Set(cases).union(last).flatMap { byLine[$0] ?? [] }.map(\.text)
        let signatures = sharedDeclarations.flatMap { declaration in
            Set(
                declaration.signature.filter { $0.line != declaration.signature.last?.line }.map(
                    \.text))
        }
        return lines + signatures
    }
}
