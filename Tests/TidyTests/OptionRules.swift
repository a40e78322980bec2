// Finds options that the command line takes and nothing reads: whoever gives one believes in it.
//
// Told by names: an option of a command is read where its type names it again, one of a group
// where the group's type does, or anybody asks a value for it.

/// Findings about options of commands.
enum OptionRules {
    private static let wrappers: Set<String> = ["Option", "Flag", "Argument", "OptionGroup"]

    /// A type's tokens, from its name to its last brace.
    private struct Body {
        let type: String
        let tokens: ArraySlice<Token>
        var isCommand: Bool { tokens.contains { $0.text == "CommandConfiguration" } }
    }

    /// Options whose names stand nowhere else where they could be read.
    static func unread(_ files: [SourceFile]) -> [Finding] {
        let bodies = files.map { Self.bodies($0.tokens[...]) }
        var asked: Set<String> = []
        for file in files {
            for (dot, name) in zip(file.tokens, file.tokens.dropFirst()) where dot.text == "." {
                asked.insert(name.text)
            }
        }
        return files.indices.flatMap { number in
            declarations(files[number].tokens).compactMap { place in
                let name = files[number].tokens[place]
                // The innermost type begins last.
                guard let own = bodies[number].last(where: { $0.tokens.indices.contains(place) })
                else { return nil }
                let uses = bodies.joined().reduce(0) { sum, body in
                    guard body.type == own.type else { return sum }
                    return sum + body.tokens.count { $0.text == name.text }
                }
                if uses > 1 || (!own.isCommand && asked.contains(name.text)) { return nil }
                return Finding(
                    path: files[number].path, line: name.line,
                    message: "Nothing reads the option `\(name.text)`. Use it, or refuse it.")
            }
        }
    }

    /// Where the names of options are.
    private static func declarations(_ tokens: [Token]) -> [Int] {
        tokens.indices.dropLast().compactMap { place in
            guard tokens[place].text == "@", wrappers.contains(tokens[place + 1].text),
                let keyword = tokens[place...].firstIndex(where: { $0.text == "var" }),
                keyword + 1 < tokens.count
            else { return nil }
            return keyword + 1
        }
    }

    /// Types and their extensions, outer ones before those in them.
    private static func bodies(_ tokens: ArraySlice<Token>) -> [Body] {
        var bodies: [Body] = []
        for place in tokens.indices.dropLast(2)
        where ["struct", "extension", "class", "enum"].contains(tokens[place].text) {
            guard tokens[place + 1].isWord,
                let open = tokens[place...].firstIndex(where: { $0.text == "{" })
            else { continue }
            var (depth, end) = (0, open)
            while end < tokens.endIndex {
                if tokens[end].text == "{" { depth += 1 }
                if tokens[end].text == "}" { depth -= 1 }
                end += 1
                if depth == 0 { break }
            }
            // The type of `extension A.B` is B.
            let type = tokens[place + 1..<open].prefix { $0.isWord || $0.text == "." }
            bodies.append(
                Body(type: type.last?.text ?? "", tokens: tokens[place + 1..<end]))
        }
        return bodies
    }
}
