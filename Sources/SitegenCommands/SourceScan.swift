// Mistakes in a site's sources that the compiler takes without a word.
//
// `static let styles = "…"` is a String, and `Component` asks for a `CSS?`: the protocol's default,
// none, is what counts then, and the styles are lost. So is a script. A page that no route names
// is never made, and a fragment that is not registered never published.

import FoundationEssentials
import Groundwork

/// Looks through the Swift files of a site.
package enum SourceScan {
    /// The folders of a site that hold Swift files.
    private static let folders = ["site", "components"]

    private static func sources(
        in root: String, _ folders: [String]
    ) -> [(file: String, text: String)] {
        let files = FileManager.default
        return folders.flatMap { folder -> [(file: String, text: String)] in
            let names = (try? files.subpathsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
            return names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
                let data = files.contents(atPath: "\(root)/\(folder)/\(name)") ?? Data()
                return ("\(folder)/\(name)", String(decoding: data, as: UTF8.self))
            }
        }
    }

    /// One line for each mistake, as the compiler would write it.
    static func problems(in root: String) -> [String] {
        let sources = sources(in: root, folders)
        return sources.flatMap { problems(in: $0.text, of: $0.file) }
            + UnusedTypes.problems(in: sources)
    }

    /// Where a type of a site, or of a library in the same package, is declared.
    ///
    /// - Parameters:
    ///   - type: its name, with the module and the types that it stands in.
    ///   - root: the site's folder.
    /// - Returns: the file, from the root, and the line; nil if it is declared elsewhere.
    package static func place(of type: String, in root: String) -> (file: String, line: Int)? {
        let name = type.split(separator: ".").last ?? ""
        let kinds: Set<Substring> = ["struct", "enum", "class", "actor"]
        for (file, text) in sources(in: root, folders + ["Sources"]) {
            for (number, line) in text.sourceLines.enumerated() {
                let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "/" }
                guard words.first?.hasPrefix("//") == false else { continue }
                let isThere = zip(words, words.dropFirst()).contains { kind, declared in
                    kinds.contains(kind) && declared == name
                }
                if isThere { return (file, number + 1) }
            }
        }
        return nil
    }

    /// One line for each mistake of a file.
    static func problems(in source: String, of file: String) -> [String] {
        var problems: [String] = []
        for (number, line) in source.sourceLines.enumerated() {
            var words = line.split { $0 == " " || $0 == "\t" }[...]
            while let first = words.first, ["public", "package", "internal"].contains(first) {
                words = words.dropFirst()
            }
            guard words.count >= 4, words.removeFirst() == "static" else { continue }
            guard ["let", "var"].contains(words.removeFirst()) else { continue }
            let name = words.removeFirst()
            guard ["styles", "script"].contains(name), words.removeFirst() == "=",
                words.first?.hasPrefix("\"") ?? false || words.first?.hasPrefix("#\"") ?? false
            else { continue }
            let type = name == "styles" ? "CSS?" : "JS?"
            problems.append(
                "\(file):\(number + 1): error: `\(name)` is a String here, so the component has "
                    + "none; write `static let \(name): \(type) = …`")
        }
        return problems
    }
}
