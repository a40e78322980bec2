// What esbuild said of a run, sorted by what it means: faults that stop, and advice.
//
// esbuild warns, and goes on, where it did not understand a style sheet; what it then writes may
// mean something else (a declaration is lost, a rule is taken for a property). So every warning is
// a fault but those that are known to be advice on code that is kept as it is written.

/// esbuild's messages.
struct EsbuildMessages {
    /// The messages of which each stops a build, as esbuild laid them out; empty for none.
    private(set) var faults = ""
    /// The messages that are advice.
    private(set) var advice = ""

    /// Warnings that leave the code as it is, by esbuild's own names.
    static let harmless: Set<String> = [
        "assign-to-constant", "call-import-namespace", "class-name-will-throw",
        "delete-super-property", "direct-eval", "duplicate-case", "duplicate-class-member",
        "duplicate-object-key", "equals-nan", "equals-negative-zero", "equals-new-object",
        "impossible-typeof", "private-name-will-throw", "semicolon-after-return",
        "suspicious-boolean-not", "suspicious-logical-operator", "suspicious-nullish-coalescing",
        "unsupported-css-property",
    ]

    /// Sorts what esbuild wrote.
    ///
    /// - Parameters:
    ///   - text: the messages, one after the other.
    ///   - folders: how the folder of the run may be called in them, each with a slash at its end.
    ///   - names: what the files of the folder are called instead.
    init(_ text: String, folders: [String], names: [String: String]) {
        var isAdvice = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            isAdvice = Self.isAdvice(line) ?? isAdvice
            let shown = Self.named(line, folders, names)
            if isAdvice { advice += shown + "\n" } else { faults += shown + "\n" }
        }
        faults = Self.trimmed(faults)
        advice = Self.trimmed(advice)
    }

    /// A line that names a file of the run, with the name that its author knows.
    private static func named(
        _ line: Substring, _ folders: [String], _ names: [String: String]
    ) -> String {
        for folder in folders {
            guard let place = line.firstRange(of: folder)?.upperBound else { continue }
            let rest = line[place...]
            guard let name = names[String(rest.prefix { $0 != ":" })] else { continue }
            return "\(line.prefix { $0 == " " })\(name)\(rest.drop { $0 != ":" })"
        }
        return String(line)
    }

    /// Whether a line begins a message that is advice; nil when it begins none.
    private static func isAdvice(_ line: Substring) -> Bool? {
        // A mark, a space and a word in brackets; lines of source are indented.
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count == 3, line.first != " " else { return nil }
        guard words[1] == "[WARNING]" else { return words[1] == "[ERROR]" ? false : nil }
        guard line.last == "]", let open = line.lastIndex(of: "[") else { return false }
        return harmless.contains(String(line[line.index(after: open)...].dropLast()))
    }

    private static func trimmed(_ text: String) -> String {
        var rest = text[...]
        while rest.last == "\n" { rest = rest.dropLast() }
        return String(rest.drop { $0 == "\n" })
    }
}
