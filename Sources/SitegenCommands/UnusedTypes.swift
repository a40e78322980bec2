import Groundwork

/// Finds pages, files, redirects and fragments that a site declares and names nowhere.
///
/// A type counts as named wherever `Type.self` or `Type(` stands outside of comments: what is
/// named may still be left out, but what is not named cannot be part of the site.
enum UnusedTypes {
    /// What a site is told of, by the protocol: where, and how.
    private static let places: [String: (list: String, call: String)] = [
        "Page": ("routes", ".pages"), "StaticPage": ("routes", ".page"),
        "NotFoundPage": ("routes", ".notFound"), "XMLFile": ("routes", ".files"),
        "TextFile": ("routes", ".files"), "JSONFile": ("routes", ".files"),
        "DataFile": ("routes", ".files"), "Redirect": ("routes", ".redirects"),
        "SharedFragment": ("fragments", ".shared"),
        "PrivateFragment": ("fragments", ".perVisitor"),
    ]

    /// A declared type that a site has to be told of.
    private struct Declared {
        let file: String
        let line: Int
        let name: Substring
        let proto: String
    }

    /// One line for each type, as the compiler would write it.
    static func problems(in sources: [(file: String, text: String)]) -> [String] {
        var declared: [Declared] = []
        var named: Set<Substring> = []
        for (file, text) in sources {
            for (number, line) in text.sourceLines.enumerated() {
                let code = withoutComment(line)
                if let type = declaration(in: code, file, number + 1) { declared.append(type) }
                named.formUnion(names(in: code))
            }
        }
        return declared.filter { !named.contains($0.name) }.compactMap { type in
            places[type.proto].map { place in
                "\(type.file):\(type.line): error: `\(type.name)`, a \(type.proto), is named "
                    + "nowhere in the site; add `\(place.call)(\(type.name).self)` to its "
                    + "`\(place.list):`, or remove it"
            }
        }
    }

    private static func withoutComment(_ line: Substring) -> Substring {
        let slashes = line.indices.first { place in
            line[place...].hasPrefix("//")
                && (place == line.startIndex || line[..<place].last == " ")
        }
        return slashes.map { line[..<$0] } ?? line
    }

    /// The type that a line declares with one of the protocols.
    private static func declaration(
        in code: Substring, _ file: String, _ line: Int
    ) -> Declared? {
        let parts = code.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let words = parts[0].split { $0 == " " || $0 == "\t" }
        guard words.count >= 2, ["struct", "class", "enum"].contains(words[words.count - 2]),
            let name = words.last, name.allSatisfy(isPartOfName)
        else { return nil }
        let inherited = parts[1].prefix { $0 != "{" }.split { !isPartOfName($0) }
        let proto = inherited.first { places[String($0)] != nil }
        return proto.map { Declared(file: file, line: line, name: name, proto: String($0)) }
    }

    /// The names in front of `.self` and `(`.
    private static func names(in code: Substring) -> [Substring] {
        var found: [Substring] = []
        var place = code.startIndex
        while place < code.endIndex {
            guard isPartOfName(code[place]) else {
                place = code.index(after: place)
                continue
            }
            let name = code[place...].prefix(while: isPartOfName)
            let rest = code[name.endIndex...]
            if rest.hasPrefix(".self") || rest.hasPrefix("(") { found.append(name) }
            place = name.endIndex
        }
        return found
    }

    private static func isPartOfName(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }
}
