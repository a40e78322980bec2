// An edit of nothing but the styles of a component, found without a compiler: two texts of a file
// that differ only inside one literal that gives a type its `styles`.
//
// The rules are narrow, so that what is shown is what the compiled component would show: a literal
// of several lines, without interpolation, escapes or other delimiters. Anything else is left to
// the compiler, which compiles the file in any case.

import Groundwork

/// The styles of one component.
package struct StyleLiteral: Equatable, Sendable {
    /// The type's name, with the types that it stands in: `LookTile`, `Shelf.Board`.
    package let type: String
    /// The text of the literal.
    package let css: String

    /// What a file's change is, if it is an edit of one component's styles alone.
    package static func change(from old: String, to new: String) -> StyleLiteral? {
        guard let before = SwiftScan(old).styles, let after = SwiftScan(new).styles,
            before.count == after.count
        else { return nil }
        let changed = zip(before, after).filter { $0.css != $1.css }
        // One of several literals of a type is not all of its styles.
        guard changed.count == 1, let (_, style) = changed.first,
            before.count(where: { $0.type == style.type }) == 1,
            zip(before, after).allSatisfy({ $0.type == $1.type }),
            rest(of: old, without: before) == rest(of: new, without: after)
        else { return nil }
        return StyleLiteral(type: style.type, css: style.css)
    }

    private static func rest(of text: String, without styles: [SwiftScan.Styles]) -> String {
        var (rest, place) = ("", text.startIndex)
        for style in styles {
            rest += text[place..<style.range.lowerBound]
            place = style.range.upperBound
        }
        return rest + text[place...]
    }
}

/// A look through a file of Swift for the literals of styles.
private struct SwiftScan {
    struct Styles {
        let type: String
        let css: String
        /// The literal with its delimiters.
        let range: Range<String.Index>
    }

    /// What a brace opens.
    private enum Block: Equatable {
        case type(String)
        /// `static var styles: CSS? {`
        case styles
        case other
    }

    private let text: String
    private var place: String.Index
    /// The braces that are open.
    private var open: [Block] = []
    /// The words since the last brace or end of a line.
    private var words: [Substring] = []
    /// The literals; nil if the file has something that is not read here.
    private(set) var styles: [Styles]? = []

    init(_ text: String) {
        self.text = text
        place = text.startIndex
        while let character = next { step(character) }
        if !open.isEmpty { styles = nil }
    }

    private var next: Character? { place < text.endIndex ? text[place] : nil }

    private func starts(with mark: String) -> Bool { text[place...].hasPrefix(mark) }

    private mutating func skip(behind mark: String) {
        guard let found = text[place...].firstRange(of: mark) else {
            place = text.endIndex
            styles = nil
            return
        }
        place = found.upperBound
    }

    private mutating func step(_ character: Character) {
        if starts(with: "//") {
            while let character = next, !character.isNewline { place = text.index(after: place) }
            return
        }
        switch character {
        case "/" where starts(with: "/*"):
            // One that is inside another is not read here.
            let start = text.index(place, offsetBy: 2)
            skip(behind: "*/")
            if text[start..<place].contains("/*") { styles = nil }
            return
        case "#" where starts(with: "#\"") || starts(with: "##"):
            styles = nil
        case "\"":
            literal()
            return
        case "{":
            open.append(typeName.map { .type($0) } ?? (declaresStyles ? .styles : .other))
            words = []
        case "}":
            if open.popLast() == nil { styles = nil }
            words = []
        case "." where words.count > 1 && words[words.count - 2] == "extension":
            // `extension Shelf.Board`
            let end = text[text.index(after: place)...].firstIndex {
                !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".")
            }
            words[words.count - 1] += text[place..<(end ?? text.endIndex)]
            place = end ?? text.endIndex
            return
        case _ where character == "_" || character.isLetter || character.isNumber:
            let end = text[place...].firstIndex { !($0.isLetter || $0.isNumber || $0 == "_") }
            words.append(text[place..<(end ?? text.endIndex)])
            place = end ?? text.endIndex
            return
        default: if character.isNewline || character == ";" { words = wordsKept }
        }
        place = text.index(after: place)
    }

    /// A declaration may go on in the next line.
    private var wordsKept: [Substring] { typeName == nil ? [] : words }

    private var typeName: String? {
        let kinds: Set<Substring> = ["struct", "class", "enum", "extension", "actor"]
        guard let kind = words.lastIndex(where: { kinds.contains($0) }), kind + 1 < words.count
        else { return nil }
        return String(words[kind + 1])
    }

    /// A literal of text; those of several lines may be styles.
    private mutating func literal() {
        let start = place
        guard starts(with: "\"\"\"") else {
            place = text.index(after: place)
            while let character = next, character != "\"" {
                if character.isNewline { styles = nil }
                let isInterpolation = starts(with: "\\(")
                place = text.index(after: place)
                if character == "\\", place < text.endIndex { place = text.index(after: place) }
                if isInterpolation { interpolation() }
            }
            if place < text.endIndex { place = text.index(after: place) }
            return
        }
        place = text.index(place, offsetBy: 3)
        let begin = place
        skip(behind: "\"\"\"")
        guard styles != nil else { return }
        let body = text[begin..<text.index(place, offsetBy: -3)]
        let isInBlock = open.last == .styles
        guard isInBlock || declaresStyles else { return }
        let names = open.compactMap { block in
            if case .type(let name) = block { name } else { nil }
        }
        guard names.count == open.count - (isInBlock ? 1 : 0), !names.isEmpty,
            let css = Self.css(body)
        else {
            styles = nil
            return
        }
        styles?.append(
            Styles(type: names.joined(separator: "."), css: css, range: start..<place))
    }

    /// Goes behind the parenthesis that ends an interpolation.
    private mutating func interpolation() {
        var depth = 1
        while depth > 0, let character = next {
            if character == "\"" {
                literal()
                continue
            }
            if character == "(" { depth += 1 } else if character == ")" { depth -= 1 }
            place = text.index(after: place)
        }
    }

    private var declaresStyles: Bool { words.contains("styles") && words.contains("static") }

    /// The text of a literal of several lines: less the indentation of its last line.
    private static func css(_ body: Substring) -> String? {
        guard !body.contains("\\"), body.first?.isNewline == true else { return nil }
        var lines = body.dropFirst().sourceLines
        guard let indentation = lines.popLast(), indentation.allSatisfy(\.isWhitespace) else {
            return nil
        }
        for (index, line) in lines.enumerated() {
            if line.hasPrefix(indentation) {
                lines[index] = line.dropFirst(indentation.count)
            } else if !line.allSatisfy(\.isWhitespace) {
                return nil
            } else {
                lines[index] = ""
            }
        }
        return lines.joined(separator: "\n")
    }
}
