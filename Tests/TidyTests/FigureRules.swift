// Figures that decisions and the README quote stand in Benchmarks, where the command that gave them
// stands too, or the commit of what was measured once.
//
// A figure is a number before a unit of time or memory, or before `times` or `%`. Its number is
// looked for, not its unit: a table names that once for a row. Numbers below 10 without a fraction
// are looked over, since those are mostly counts and limits.

/// Findings about figures.
enum FigureRules {
    private static let units: Set<String> = [
        "ns", "µs", "ms", "s", "seconds", "minutes", "kB", "KB", "KiB", "MB", "MiB", "GB", "times",
        "%", "requests",
    ]

    /// Figures of what was measured that none of the sources has.
    ///
    /// - Parameters:
    ///   - path: where the text is.
    ///   - text: a decision, of which the paragraph **Measured** is read, or a text without one.
    ///   - sources: what Benchmarks says.
    /// - Returns: one finding for each.
    static func figures(in path: String, text: String, sources: [String]) -> [Finding] {
        let known = Set(sources.flatMap { numbers(in: $0).map(\.number) })
        let exempt = Exempt.figures[path].map(Set.init) ?? []
        return measured(text).flatMap { line, words in
            numbers(in: words).filter { figure in
                units.contains(figure.unit) && !known.contains(figure.number)
                    && !exempt.contains(figure.number)
                    && (figure.number.count > 1 || figure.number.contains("."))
            }.map { figure in
                Finding(
                    path: path, line: line,
                    message: "`\(figure.number) \(figure.unit)` stands in no README of Benchmarks. "
                        + "Say there how it was measured, or correct it.")
            }
        }
    }

    /// The lines of the paragraph about it, or all where there is no such paragraph.
    private static func measured(_ text: String) -> [(line: Int, words: String)] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let all = lines.enumerated().map { (line: $0.offset + 1, words: $0.element) }
        guard let start = lines.firstIndex(where: { $0.hasPrefix("**Measured.**") }) else {
            return text.contains("**Decided") || text.contains("**Rejected.**") ? [] : all
        }
        let rest = all[(start + 1)...].prefix { !$0.words.hasPrefix("**") }
        return [all[start]] + rest
    }

    /// The numbers of a text, each with the word behind it; what stands in code is left out.
    private static func numbers(in text: String) -> [(number: String, unit: String)] {
        var found: [(number: String, unit: String)] = []
        let prose = text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 0 }.map(\.element).joined(separator: " ")
        let separators: Set<Character> = [" ", "|", "(", ")", ":", ";", "→", "*", "÷", "/", "\n"]
        let words = prose.split { separators.contains($0) }
        for (place, word) in words.enumerated() {
            var number = word.prefix { $0.isASCII && $0.isNumber || $0 == "." || $0 == "," }
            let unit = word.dropFirst(number.count)
            while let last = number.last, !last.isNumber { number = number.dropLast() }
            guard number.first?.isNumber == true else { continue }
            let next = place + 1 < words.count ? words[place + 1] : ""
            let behind = (unit.isEmpty ? next : unit).prefix { $0.isLetter || $0 == "%" }
            found.append((String(number), String(behind)))
        }
        return found
    }
}
