// How the compiler itself is called for one file of a module, taken from what its driver would do.
//
// The driver takes 120 ms to find out that nothing but one file is to be compiled; whoever knows
// that calls the frontend.

/// The command that compiles one source of a module.
package struct FrontendCommand: Sendable, Equatable {
    private let program: String
    private let arguments: [String]

    /// Takes the command from the driver's list of jobs for any one source, `swiftc -### -c FILE`;
    /// nil if no line of it compiles that.
    ///
    /// - Parameters:
    ///   - jobs: what the driver printed.
    ///   - source: the source it was asked for.
    package init?(jobs: String, source: String) {
        let lines = jobs.split(whereSeparator: \.isNewline).map { ShellWords.split($0) }
        guard let words = lines.first(where: { Self.compiles(source, $0) }) else { return nil }
        program = words[0]
        var kept: [String] = []
        var rest = words.dropFirst()
        while let word = rest.popFirst() {
            switch word {
            case "-primary-file", "-o": rest = rest.dropFirst()
            case source: break
            case _ where word.hasPrefix("-emit-") && word.hasSuffix("-path"):
                rest = rest.dropFirst()
            default: kept.append(word)
            }
        }
        arguments = kept
    }

    private static func compiles(_ source: String, _ words: [String]) -> Bool {
        words.count > 2 && words[1] == "-frontend" && words.contains("-c")
            && words.contains(source)
    }

    /// The words that compile a source.
    ///
    /// - Parameters:
    ///   - source: the source.
    ///   - list: a file with all sources of the module, a line each.
    ///   - object: where the object goes.
    ///   - dependencies: where the file goes that tells what the source provides and uses.
    /// - Returns: the program and its arguments.
    package func words(
        source: String, list: String, object: String, dependencies: String
    ) -> [String] {
        [program] + arguments + [
            "-filelist", list, "-primary-file", source, "-emit-reference-dependencies-path",
            dependencies, "-o", object,
        ]
    }
}

/// The words of a line as a shell reads them: separated by spaces, with quotes and backslashes.
enum ShellWords {
    /// Splits a line.
    static func split(_ line: some StringProtocol) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open {
                    quote = nil
                } else {
                    word = (word ?? "") + String(character)
                }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == " " {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let done = word { words.append(done) }
        return words
    }
}
