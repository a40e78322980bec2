// Finds functions, their ends and the declarations other modules see, by their keywords alone.
//
// Braces are matched on code without comments and literals, so they are always true braces. A
// requirement of a protocol has no body and ends at the next declaration. Closures are not counted
// for themselves: they are part of the function around them.

/// A function, initialiser, subscript or computed property with its body.
struct FunctionSpan {
    var name: String
    /// From the keyword's line to that of the closing brace.
    var lines: ClosedRange<Int>
}

/// A type that is declared outside of any other.
struct TopLevelType {
    var name: String
    var isPrivate: Bool
    /// From the keyword's line to that of the closing brace.
    var lines: ClosedRange<Int>
}

/// A `public` or `package` declaration.
struct SharedDeclaration {
    var name: String
    /// Where the declaration begins, its attributes included.
    var line: Int
    /// The tokens from the access level up to the body or the value.
    var signature: [Token]
}

extension SourceFile {
    private static let starters: Set<String> = [
        "func", "init", "deinit", "subscript", "var", "let", "case", "struct", "class", "enum",
        "actor", "protocol", "extension", "typealias", "associatedtype", "static", "public",
        "package", "private", "fileprivate", "internal", "mutating", "borrowing", "consuming",
        "nonisolated", "override", "final", "}", "@", "#",
    ]
    private static let modifiers: Set<String> = [
        "static", "final", "override", "nonisolated", "mutating", "consuming", "borrowing",
        "indirect", "lazy", "weak", "unowned", "convenience", "required", "dynamic", "prefix",
        "postfix", "infix", "unsafe", "isolated", "distributed", "class",
    ]
    private static let documented: Set<String> = [
        "func", "var", "let", "init", "subscript", "struct", "class", "enum", "actor", "protocol",
        "typealias", "associatedtype", "case", "macro",
    ]

    /// Every function with a body, in the order of the file.
    var functions: [FunctionSpan] {
        tokens.indices.compactMap { index in
            let token = tokens[index]
            let previous = index > 0 ? tokens[index - 1].text : ""
            guard ["func", "init", "deinit", "subscript", "var"].contains(token.text),
                previous != ".", tokens.indices.contains(index + 1),
                let open = bodyStart(after: index, isProperty: token.text == "var"),
                let close = closingBrace(of: open)
            else { return nil }
            let isNamed = token.text == "func" || token.text == "var"
            return FunctionSpan(
                name: isNamed ? tokens[index + 1].text : token.text,
                lines: token.line...tokens[close].line)
        }
    }

    /// The types that are declared outside of others, in the order of the file; no extensions.
    var topLevelTypes: [TopLevelType] {
        let keywords: Set<String> = ["struct", "class", "enum", "actor", "protocol"]
        var types: [TopLevelType] = []
        var index = 0
        var levels: Set<String> = []
        while index + 1 < tokens.count {
            let text = tokens[index].text
            if keywords.contains(text), tokens[index + 1].isWord,
                let open = bodyStart(after: index, isProperty: false),
                let close = closingBrace(of: open)
            {
                types.append(
                    TopLevelType(
                        name: tokens[index + 1].text,
                        isPrivate: !levels.isDisjoint(with: ["private", "fileprivate"]),
                        lines: tokens[index].line...tokens[close].line))
                (index, levels) = (close, [])
            } else if text == "{" {
                (index, levels) = (closingBrace(of: index) ?? index, [])
            } else if tokens[index].startsLine {
                levels = [text]
            } else {
                levels.insert(text)
            }
            index += 1
        }
        return types
    }

    /// Whether it holds one type that has its name, and what belongs to that.
    var isFileOfOneType: Bool {
        let types = topLevelTypes.filter { !$0.isPrivate }
        return types.count == 1 && types.first?.name == stem
    }

    /// Its name without folders and without what follows the first dot.
    var stem: String {
        let name = path.split(separator: "/").last ?? ""
        return String(name.prefix { $0 != "." })
    }

    /// The index of the brace that opens the body; nil for requirements and stored properties.
    private func bodyStart(after keyword: Int, isProperty: Bool) -> Int? {
        var depth = 0
        for index in (keyword + 1)..<tokens.count {
            let token = tokens[index]
            switch token.text {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "{" where depth == 0: return index
            case "=" where depth == 0 && isProperty: return nil
            case ";" where depth == 0: return nil
            default:
                let mayEnd = depth == 0 && token.startsLine && index > keyword + 1
                if depth < 0 || mayEnd && Self.starters.contains(token.text) { return nil }
                if mayEnd && isProperty && !["where", "->", "&", "."].contains(token.text) {
                    return nil
                }
            }
            if depth < 0 { return nil }
        }
        return nil
    }

    private func closingBrace(of open: Int) -> Int? {
        var depth = 0
        for index in open..<tokens.count {
            if tokens[index].text == "{" { depth += 1 }
            if tokens[index].text == "}" {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }

    /// Declarations that other modules see and that need a comment of their own.
    var sharedDeclarations: [SharedDeclaration] {
        tokens.indices.compactMap { index in
            let level = tokens[index]
            guard level.text == "public" || level.text == "package",
                index == 0 || tokens[index - 1].text != "."
            else { return nil }
            var at = index + 1
            var isOverride = index > 0 && tokens[index - 1].text == "override"
            while at < tokens.count {
                if Self.modifiers.contains(tokens[at].text), !declaresClass(at) {
                    isOverride = isOverride || tokens[at].text == "override"
                    at += 1
                } else if tokens[at].text == "(" {
                    at = (tokens[at...].firstIndex { $0.text == ")" } ?? tokens.count) + 1
                } else if ["private", "internal", "fileprivate", "package"].contains(
                    tokens[at].text)
                {
                    at += 1  // `public private(set)`
                } else if tokens[at].text == "@" {
                    at += 2
                } else {
                    break
                }
            }
            guard !isOverride, at + 1 < tokens.count, Self.documented.contains(tokens[at].text)
            else { return nil }
            let end = signatureEnd(from: at)
            return SharedDeclaration(
                name: "\(tokens[at].text) \(tokens[at + 1].text)",
                line: firstLine(ofDeclarationAt: level.line), signature: Array(tokens[index..<end]))
        }
    }

    /// Whether `class` at this place is the keyword of a type, not the modifier of a member.
    private func declaresClass(_ index: Int) -> Bool {
        guard tokens[index].text == "class", index + 1 < tokens.count else { return false }
        return !["func", "var", "subscript", "let"].contains(tokens[index + 1].text)
    }

    private func signatureEnd(from keyword: Int) -> Int {
        var depth = 0
        for index in (keyword + 1)..<tokens.count {
            let token = tokens[index]
            if ["(", "["].contains(token.text) { depth += 1 }
            if [")", "]"].contains(token.text) { depth -= 1 }
            if depth == 0 && (token.text == "{" || token.text == "=") { return index }
            if depth == 0 && token.startsLine && Self.starters.contains(token.text) { return index }
        }
        return tokens.count
    }

    /// Attributes on lines of their own belong to the declaration.
    private func firstLine(ofDeclarationAt line: Int) -> Int {
        var first = line
        while first > 1, codeLines[first - 2].drop(while: { $0 == " " }).hasPrefix("@") {
            first -= 1
        }
        return first
    }
}
