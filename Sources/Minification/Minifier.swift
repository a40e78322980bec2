// Minifies styles and scripts with esbuild, a whole batch in one process.
//
// Each text becomes a file of a temporary folder, named after the component it came from, so that
// esbuild's messages point at a name the author knows. Scripts are wrapped into a function of their
// own (`--format=iife`): two components cannot see each other's variables. The result depends on
// the text and on esbuild's version alone, never on the folder or on the order of the batch.

import FoundationEssentials
import Subprocess
import SystemPackage

/// One text to minify.
package struct MinificationSource: Sendable, Hashable {
    /// What the text is: it decides esbuild's loader and the file name's ending.
    package enum Language: String, Sendable, Hashable {
        /// A style sheet.
        case css
        /// A script, run as a function of its own.
        case js
    }

    /// The language of `text`.
    package let language: Language
    /// Where the text came from, such as a component's type name; appears in messages.
    package let name: String
    /// The text, at most `MinificationLimits.sourceBytesMax` bytes of UTF-8.
    package let text: String

    /// Describes one text.
    package init(_ language: Language, name: String, text: String) {
        self.language = language
        self.name = name
        self.text = text
    }
}

/// The limits of this module.
package enum MinificationLimits {
    /// The longest text, in bytes.
    package static let sourceBytesMax = 1 << 20
    /// The most output of one esbuild run, in bytes: its messages, not the results.
    package static let messageBytesMax = 1 << 18
}

/// Runs esbuild.
package struct Minifier: Sendable {
    private let executable: String

    /// Prepares to run `executable`: a name looked up in PATH, or a path with a slash.
    package init(executable: String = "esbuild") {
        self.executable = executable
    }

    /// The minified texts, in the order of `sources`, and esbuild's warnings.
    ///
    /// - Throws: `.rejected` with esbuild's message for a text it cannot parse, `.notInstalled`,
    ///   `.tooLong`, or `.failed` when the temporary folder cannot be written.
    package func minify(
        _ sources: [MinificationSource]
    ) async throws(MinificationError) -> (texts: [String], warnings: String) {
        if sources.isEmpty { return ([], "") }
        for source in sources where source.text.utf8.count > MinificationLimits.sourceBytesMax {
            throw .tooLong(name: source.name, bytes: source.text.utf8.count)
        }
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "sitegen-minify-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let names = try write(sources, into: folder)
        let warnings = try await runEsbuild(on: names, in: folder)
        do {
            let texts = try names.map { name in
                let file = folder.appending(path: "out/\(name)")
                return String(decoding: try Data(contentsOf: file), as: UTF8.self)
                    .trimmingSuffix("\n")
            }
            return (texts, warnings)
        } catch {
            throw .failed("esbuild left no result: \(error)")
        }
    }

    /// Writes each source into `folder`; returns the file names, in order.
    private func write(
        _ sources: [MinificationSource], into folder: URL
    ) throws(MinificationError) -> [String] {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            return try sources.enumerated().map { index, source in
                let stem = String(source.name.map { $0.isLetter || $0.isNumber ? $0 : "_" })
                let name = "\(index)-\(stem).\(source.language.rawValue)"
                try Data(source.text.utf8).write(to: folder.appending(path: name))
                return name
            }
        } catch {
            throw .failed("the temporary folder cannot be written: \(error)")
        }
    }

    /// Runs esbuild once over `names`; returns what it warned of.
    private func runEsbuild(
        on names: [String], in folder: URL
    ) async throws(MinificationError) -> String {
        let options = [
            "--minify", "--format=iife", "--charset=utf8", "--log-level=warning", "--color=false",
            "--log-limit=20", "--outdir=out",
        ]
        let program: Executable =
            executable.contains("/") ? .path(.init(executable)) : .name(executable)
        do {
            let outcome = try await run(
                program, arguments: .init(options + names),
                workingDirectory: .init(folder.path(percentEncoded: false)),
                output: .discarded, error: .string(limit: MinificationLimits.messageBytesMax))
            let messages = outcome.standardError
            guard outcome.terminationStatus.isSuccess else {
                throw MinificationError.rejected(messages)
            }
            return messages
        } catch let error as MinificationError {
            throw error
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw .notInstalled(executable)
        } catch {
            throw .failed("esbuild could not be run: \(error)")
        }
    }
}

extension String {
    /// The text without `suffix`, if it ends in it.
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
