// Patterns of days and times: the letters of Unicode's technical standard 35, part 4, that English
// needs.
//
// A pattern is a literal in a component nearly always, so a wrong one stops the program where it is
// made, with a message, as a wrong `PagePath` or `Origin` does.

/// How a day or a time is written: `"EEEE, d MMMM yyyy"`.
///
/// | letters | for 9 March 2026, 17:05:07 |
/// |---|---|
/// | `d`, `dd` | 9, 09 |
/// | `M`, `MM`, `MMM`, `MMMM` | 3, 03, Mar, March |
/// | `y`, `yy`, `yyyy` | 2026, 26, 2026 |
/// | `E`, `EEEE` | Mon, Monday |
/// | `H`, `HH`, `h`, `hh`, `a` | 17, 17, 5, 05, PM |
/// | `m`, `mm`, `s`, `ss` | 5, 05, 7, 07 |
///
/// Other letters stand between apostrophes (`"d 'of' MMMM"`); two of those are one.
public struct DatePattern: Hashable, Sendable, ExpressibleByStringLiteral {
    /// `3 May 2026`.
    public static let long: DatePattern = "d MMMM yyyy"
    /// `3 May`.
    public static let dayAndMonth: DatePattern = "d MMMM"
    /// `03/05/2026` is read in two ways; `2026-05-03` is not.
    public static let numeric: DatePattern = "yyyy-MM-dd"
    /// `3 May 2026, 18:30`.
    public static let withTime: DatePattern = "d MMMM yyyy, HH:mm"
    /// `18:30`.
    public static let time: DatePattern = "HH:mm"

    /// A part of a pattern.
    private enum Part: Hashable {
        case literal(String)
        case field(Character, Int)
    }

    private let parts: [Part]

    /// The letters that mean something, with the most that may stand together.
    private static let letters: [Character: Int] = [
        "d": 2, "M": 4, "y": 4, "E": 4, "H": 2, "h": 2, "m": 2, "s": 2, "a": 1,
    ]

    /// Reads a pattern; nil for one with letters that mean nothing here.
    public init?(_ text: String) {
        var parts: [Part] = []
        var literal = ""
        var isQuoted = false
        var rest = text[...]
        func end() {
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = ""
        }
        while let first = rest.first {
            let run = rest.prefix { $0 == first }
            if first == "'" {
                literal += String(repeating: "'", count: run.count / 2)
                if run.count % 2 == 1 { isQuoted.toggle() }
            } else if isQuoted || !first.isASCII || !first.isLetter {
                literal += run
            } else {
                guard let most = Self.letters[first], run.count <= most else { return nil }
                end()
                parts.append(.field(first, run.count))
            }
            rest = rest.dropFirst(run.count)
        }
        guard !isQuoted else { return nil }
        end()
        self.parts = parts
    }

    /// A literal pattern; a wrong one is a programming error and stops with a message.
    public init(stringLiteral text: String) {
        guard let pattern = DatePattern(text) else {
            preconditionFailure(
                "\(text) is no pattern of a date. Use d, M, y, E, H, h, a, m and s, others in ''.")
        }
        self = pattern
    }

    /// The text of a day or a time.
    func text(of date: DateParts) -> String {
        parts.map { part in
            switch part {
            case .literal(let text): text
            case .field(let letter, let count): date.text(letter, count)
            }
        }.joined()
    }
}
