// Names: of types, of files inside a release, and the one label that slows every build down.
//
// A label or member spelled like the keyword `class` makes the compiler type-check all bodies of
// a file in every debug build, so the component language has none, not even in backticks.

/// Findings about names.
enum NameRules {
    private static let typeKeywords = [
        "struct", "class", "enum", "actor", "protocol", "typealias",
    ]

    static func typeNames(_ file: SourceFile) -> [Finding] {
        file.tokens.indices.dropFirst().compactMap { index in
            let name = file.tokens[index].text
            guard typeKeywords.contains(file.tokens[index - 1].text),
                file.tokens[index].isWord, isEmpty(name), Exempt.typeNames[name] == nil
            else { return nil }
            return Finding(
                path: file.path, line: file.tokens[index].line,
                message: "`\(name)` does not say what it is. Name the thing, not its role or age.")
        }
    }

    static func fileName(_ path: String) -> [Finding] {
        let file = path.split(separator: "/").last ?? ""
        let name = file.split(separator: ".").first.map(String.init) ?? ""
        guard file.hasSuffix(".swift"), isEmpty(name), Exempt.typeNames[name] == nil else {
            return []
        }
        return [Finding(path: path, line: 1, message: "Name the file after the type it holds.")]
    }

    /// Types that are looked for under their names, and stand elsewhere.
    ///
    /// A short one that a reader meets beside another may stand with it.
    static func fileOfType(_ files: [SourceFile]) -> [Finding] {
        let words = files.map { Set($0.tokens.filter(\.isWord).map(\.text)) }
        return files.indices.flatMap { place in
            files[place].topLevelTypes.filter { type in
                !type.isPrivate && type.name != files[place].stem
                    && type.lines.count > Limit.linesBesideAnother
                    && files.indices.contains { $0 != place && words[$0].contains(type.name) }
            }.map { type in
                Finding(
                    path: files[place].path, line: type.lines.lowerBound,
                    message: "`\(type.name)` has \(type.lines.count) lines and other files name "
                        + "it. Move it to \(type.name).swift.")
            }
        }
    }

    private static func isEmpty(_ name: String) -> Bool {
        if Banned.typeNameEnds.contains(where: name.hasSuffix) { return true }
        if name.hasPrefix("New"), name.dropFirst(3).first?.isUppercase == true { return true }
        let digits = name.reversed().prefix { $0.isNumber }.count
        return digits > 0 && name.dropLast(digits).hasSuffix("V")
    }

    static func releasePaths(_ file: SourceFile) -> [Finding] {
        guard file.section == "Sources", file.module != "ReleaseFormat" else { return [] }
        return file.literals.compactMap { literal in
            let words = literal.text.split { $0 == " " || $0 == "\n" }
            let parts = words.flatMap { word in
                word.contains("/") || words.count == 1 ? word.split(separator: "/") : []
            }
            let name = parts.first { part in
                let stem = part.split(separator: ".").first.map(String.init) ?? ""
                // Alone, it is the name of an attribute of HTML.
                return Banned.releaseNames.contains(stem) && literal.text != "manifest"
            }
            guard let name else { return nil }
            return Finding(
                path: file.path, line: literal.line,
                message: "`\(name)` is a name inside a release. Ask ReleaseFormat for the path.")
        }
    }

    static func classLabels(_ file: SourceFile) -> [Finding] {
        // The one file that declares it refuses it, with a word for what it is called.
        guard file.section == "Site" || ["Markup", "SiteAuthoring"].contains(file.module),
            !file.path.hasSuffix("/RefusedAttributes.swift")
        else { return [] }
        func finding(_ line: Int) -> Finding {
            Finding(
                path: file.path, line: line,
                message: "A label or member spelled `class` makes debug builds type-check every "
                    + "body. Use the language's own word for it.")
        }
        var findings: [Finding] = []
        let spelled = "`class`"
        for (index, line) in file.lines.enumerated()
        where line.contains(spelled) && file.codeLines[index].contains("_______") {
            findings.append(finding(index + 1))
        }
        for index in file.tokens.indices where file.tokens[index].text == "class" {
            let previous = index > 0 ? file.tokens[index - 1].text : ""
            let next = index + 1 < file.tokens.count ? file.tokens[index + 1].text : ""
            if previous == "." || [":", "(", ",", ")", "="].contains(next) && previous != ":" {
                findings.append(finding(file.tokens[index].line))
            }
        }
        return findings
    }
}
