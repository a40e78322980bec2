// Boundaries: imports against the table, and who may touch the process it runs in.
//
// The table is in ImportDirections; Package.swift is compared with it as text, so that a new
// dependency is a decision made in two places, and so is the table that readers get in
// Sources/README.md. Nothing here builds or loads the package.

/// Findings about what a module reaches for.
enum BoundaryRules {
    static func imports(_ file: SourceFile) -> [Finding] {
        guard file.isProduct, !file.module.isEmpty else { return [] }
        return file.imports.compactMap { imported in
            guard !ImportDirections.allows(file.module, toImport: imported.module) else {
                return nil
            }
            return Finding(
                path: file.path, line: imported.line,
                message: "\(file.module) may not import \(imported.module). Move the code to a "
                    + "module that may, or change the table in ImportDirections.swift and say why.")
        }
    }

    static func exports(_ file: SourceFile) -> [Finding] {
        guard file.isProduct, file.path != "Sources/SiteAuthoring/Exports.swift" else { return [] }
        return file.tokens.filter { $0.text == "_exported" }.map { token in
            Finding(
                path: file.path, line: token.line,
                message: "Only SiteAuthoring/Exports.swift re-exports. Import where it is used.")
        }
    }

    static func process(_ file: SourceFile) -> [Finding] {
        guard file.isProduct, !Exempt.process.contains(file.module) else { return [] }
        return file.tokens.indices.compactMap { index in
            let text = file.tokens[index].text
            let previous = index > 0 ? file.tokens[index - 1].text : ""
            let next = index + 1 < file.tokens.count ? file.tokens[index + 1].text : ""
            let isCall = Banned.processCalls.contains(text) && next == "("
            guard isCall && ![".", "func"].contains(previous) || Banned.processTypes.contains(text)
            else { return nil }
            return Finding(
                path: file.path, line: file.tokens[index].line,
                message: "`\(text)` belongs to the command line. Take the value as a parameter, or "
                    + "return it.")
        }
    }

    /// What a Markdown table says: modules in its first column, what they import in its last.
    static func statedDependencies(inTable text: String) -> [String: Set<String>] {
        func names(_ cell: Substring) -> Set<String> {
            Set(cell.split(separator: "`").map(String.init)).intersection(
                ImportDirections.modules.keys)
        }
        var stated: [String: Set<String>] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|")
            for module in cells.first.map(names) ?? [] { stated[module] = cells.last.map(names) }
        }
        return stated
    }

    /// What Package.swift lets each target import, read from its `library(…, uses: […])` lines.
    static func declaredDependencies(in manifest: SourceFile) -> [String: Set<String>] {
        var declared: [String: Set<String>] = [:]
        let tokens = manifest.tokens
        let makers = ["library", "cLibrary", "target", "executableTarget"]
        for index in tokens.indices.dropFirst() where makers.contains(tokens[index].text) {
            let isProduct = tokens[index].text == "library" && tokens[index - 1].text == "."
            guard !isProduct, index + 3 < tokens.count, tokens[index + 1].text == "(" else {
                continue
            }
            var depth = 0
            var literals: [String] = []
            for token in tokens[(index + 1)...] {
                if token.text == "(" { depth += 1 }
                if token.text == ")" { depth -= 1 }
                if depth == 0 { break }
                if token.text.hasPrefix("\"") { literals.append(String(token.text.dropFirst())) }
            }
            guard let name = literals.first, ImportDirections.modules[name] != nil else { continue }
            let others = literals.dropFirst().filter { ImportDirections.modules[$0] != nil }
            declared[name, default: []].formUnion(others)
        }
        return declared
    }
}
