// Links in Markdown files: what they point to inside the repository must exist.
//
// Relative targets and `#heading` anchors are followed; addresses with a scheme are not, since a
// test does not use the network. Code blocks and code in a line hold no links.

/// Findings about links.
enum LinkRules {
    static func links(in path: String, text: String) -> [Finding] {
        let folder = path.split(separator: "/").dropLast()
        return targets(in: text).compactMap { link in
            let parts = link.target.split(
                separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            let file =
                parts[0].isEmpty ? path : resolve(String(parts[0]), from: folder.map(String.init))
            func finding(_ message: String) -> Finding {
                Finding(path: path, line: link.line, message: message)
            }
            guard let file, Repository.exists(file) else {
                return finding("`\(link.target)` leads nowhere. Correct the path or drop the link.")
            }
            guard parts.count == 2, file.hasSuffix(".md") else { return nil }
            let content = file == path ? text : Repository.text(of: file)
            guard !headings(in: content).contains(String(parts[1])) else { return nil }
            return finding("`\(file)` has no heading `#\(parts[1])`. Correct the anchor.")
        }
    }

    /// The targets of `[text](target)` outside code, with their lines.
    static func targets(in text: String) -> [(target: String, line: Int)] {
        var found: [(target: String, line: Int)] = []
        for (number, line) in proseLines(of: text) {
            var rest = withoutCode(line)[...]
            while let start = rest.firstRange(of: "](") {
                rest = rest[start.upperBound...]
                guard let end = rest.firstIndex(of: ")") else { break }
                let target = rest[..<end].split(separator: " ").first ?? ""
                if !target.isEmpty, !target.contains("://"), !target.hasPrefix("mailto:") {
                    found.append((String(target), number))
                }
                rest = rest[end...]
            }
        }
        return found
    }

    /// Anchors as forges make them: lower case, spaces to hyphens, punctuation dropped.
    static func headings(in text: String) -> Set<String> {
        Set(
            proseLines(of: text).filter { $0.line.hasPrefix("#") }.map { heading in
                let title = heading.line.drop { $0 == "#" }.drop { $0 == " " }.lowercased()
                return String(
                    title.compactMap { character in
                        if character == " " { return "-" }
                        let isKept = character.isLetter || character.isNumber
                        return isKept || "-_".contains(character) ? character : nil
                    })
            })
    }

    private static func proseLines(of text: String) -> [(number: Int, line: String)] {
        var isCode = false
        var prose: [(number: Int, line: String)] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            if line.drop(while: { $0 == " " }).hasPrefix("```") {
                isCode.toggle()
            } else if !isCode {
                prose.append((index + 1, String(line)))
            }
        }
        return prose
    }

    private static func withoutCode(_ line: String) -> String {
        let parts = line.split(separator: "`", omittingEmptySubsequences: false)
        return parts.enumerated().filter { $0.offset.isMultiple(of: 2) }.map { String($0.element) }
            .joined(separator: "`")
    }

    /// The path from the root; nil if it leaves the repository.
    private static func resolve(_ target: String, from folder: [String]) -> String? {
        var parts = target.hasPrefix("/") ? [] : folder
        for part in target.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(String(part))
            } else if parts.popLast() == nil {
                return nil
            }
        }
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }
}
