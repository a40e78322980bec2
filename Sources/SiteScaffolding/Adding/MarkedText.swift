// Lines between two marks in a file of the author's: `// sitegen:routes` and `// sitegen:end`.
//
// What stands there may be added to; everything else in the file stays as it is, to the byte. A
// line that is there already is not added again.

/// Edits between marks.
enum MarkedText {
    /// The text with a line before the end of a marked place.
    ///
    /// - Parameters:
    ///   - lines: what is added, without its indentation.
    ///   - text: the file.
    ///   - marker: the name of the place.
    /// - Returns: the same text if the lines are there already; nil if there is no such place.
    static func adding(_ lines: [String], to text: String, at marker: String) -> String? {
        var all = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard
            let start = all.firstIndex(where: { $0.withoutSpaces == "//sitegen:\(marker)" }),
            let end = all[start...].firstIndex(where: { $0.withoutSpaces == "//sitegen:end" })
        else { return nil }
        let present = Set(all[start..<end].map(\.withoutSpaces))
        let missing = lines.filter { !$0.withoutSpaces.isEmpty }
            .contains { !present.contains($0.withoutSpaces) }
        guard missing else { return text }
        let indent = String(all[end].prefix { $0 == " " })
        all.insert(contentsOf: lines.map { $0.isEmpty ? "" : indent + $0 }, at: end)
        return all.joined(separator: "\n")
    }
}

extension String {
    /// The text without any space.
    fileprivate var withoutSpaces: String { filter { $0 != " " } }
}
