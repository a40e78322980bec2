// Minifies styles and scripts with esbuild, a whole batch in one process.
//
// Scripts are wrapped into a function of their own (`--format=iife`): two components cannot see
// each other's variables. The result depends on the text and on esbuild's version alone. To that
// end its folder is reached through the process's own table of open files: esbuild looks for
// tsconfig.json, package.json and node_modules in every folder above its sources, and there are
// none above those.

import FoundationEssentials
import Glibc
import LocalFiles
import Subprocess
import Synchronization
import SystemPackage

/// The limits of this module.
package enum MinificationLimits {
    /// The longest text, in bytes.
    static let sourceBytesMax = 1 << 20
    /// The longest result of one text, in bytes: what is lowered may grow.
    static let resultBytesMax = 4 << 20
    /// The most output of one esbuild run, in bytes: its messages, not the results.
    static let messageBytesMax = 1 << 20
    /// The longest that one run of esbuild may take, in seconds; it takes some hundredths.
    static let runSecondsMax = 60
}

/// Runs esbuild.
package struct Minifier: Sendable {
    private let executable: String
    private let secondsMax: Double
    private let temporaryFolder: String?

    /// How esbuild is told of its own folder, its standard input.
    private static let folder = "/proc/self/fd/0"

    /// Prepares to run a program.
    ///
    /// - Parameters:
    ///   - executable: a name looked up in PATH, or a path with a slash.
    ///   - secondsMax: how long one run may take.
    ///   - temporaryFolder: where runs have their folders; nil for the system's own place.
    package init(
        executable: String = "esbuild",
        secondsMax: Double = Double(MinificationLimits.runSecondsMax),
        temporaryFolder: String? = nil
    ) {
        self.executable = executable
        self.secondsMax = secondsMax
        self.temporaryFolder = temporaryFolder
    }

    /// The minified texts, in the order of `sources`, and esbuild's advice.
    ///
    /// - Throws: `.rejected` with esbuild's messages for a text that it cannot read with certainty,
    ///   `.notInstalled`, `.tooLong`, `.timedOut`, or `.failed` when the temporary folder cannot be
    ///   written.
    package func minify(
        _ sources: [MinificationSource]
    ) async throws(MinificationError) -> (texts: [String], warnings: String) {
        if sources.isEmpty { return ([], "") }
        for source in sources where source.text.utf8.count > MinificationLimits.sourceBytesMax {
            throw .tooLong(name: source.name, bytes: source.text.utf8.count)
        }
        let folder = try RunFolder(
            in: temporaryFolder
                ?? FileManager.default.temporaryDirectory.path(percentEncoded: false))
        let names = sources.indices.map { "\($0).\(sources[$0].language.rawValue)" }
        for (name, source) in zip(names, sources) { try folder.write(source.text, to: name) }
        // Of our own, so that no other is looked for.
        try folder.write("{}", to: "tsconfig.json")
        try folder.write(#"{"sideEffects":true,"browser":{}}"#, to: "package.json")
        let isSuccess = try await runEsbuild(on: names, in: folder)
        let messages = EsbuildMessages(
            try Self.text("messages", MinificationLimits.messageBytesMax, in: folder),
            folders: ["\(folder.path.split(separator: "/").last ?? "")/", "proc/self/fd/0/"],
            names: Dictionary(
                uniqueKeysWithValues: zip(names, sources).map { name, source in
                    (name, "\(source.name).\(source.language)")
                }))
        guard isSuccess, messages.faults.isEmpty else {
            throw .rejected(messages.faults.isEmpty ? "esbuild says nothing." : messages.faults)
        }
        var texts: [String] = []
        for (name, source) in zip(names, sources) {
            let text = try Self.text("out/\(name)", MinificationLimits.resultBytesMax, in: folder)
            texts.append(try Self.joinable(text.trimmingSuffix("\n"), source))
        }
        return (texts, messages.advice)
    }

    /// A minified text that means the same behind others.
    private static func joinable(
        _ text: String, _ source: MinificationSource
    ) throws(MinificationError) -> String {
        guard source.language == .js else { return text }
        if text.hasPrefix("#!") {
            throw .rejected("\(source.name).js:1:0: error: a script of a page begins with `#!`")
        }
        if text.contains("require("), !source.text.contains("require") {
            throw .rejected("\(source.name).js: error: a script of a page cannot `import` modules")
        }
        // In front of the function it would hold for all scripts of the page, or for none.
        let strict = #""use strict";"#
        let begin = "(()=>{"
        guard text.hasPrefix(strict) else { return text }
        guard text.hasPrefix(strict + begin) else {
            throw .rejected("\(source.name).js: error: \"use strict\" stands where it cannot stay")
        }
        return begin + strict + text.dropFirst(strict.count + begin.count)
    }

    /// A file of the folder as text; what is no UTF-8 in it is replaced.
    private static func text(
        _ name: String, _ limit: Int, in folder: borrowing RunFolder
    ) throws(MinificationError) -> String {
        do throws(FileFault) {
            let bytes = try LocalFile("\(folder.path)/\(name)", followsLinks: false)
                .bytes(limit: limit)
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            throw .failed("esbuild's \(name) cannot be used, since \(error)")
        }
    }

    /// Runs esbuild once over `names`; its messages are a file of the folder.
    ///
    /// - Returns: whether it ended well.
    private func runEsbuild(
        on names: [String], in folder: borrowing RunFolder
    ) async throws(MinificationError) -> Bool {
        let options = [
            "--minify", "--format=iife", "--charset=utf8", "--log-level=warning", "--color=false",
            "--log-limit=0", "--tsconfig=\(Self.folder)/tsconfig.json", "--outbase=\(Self.folder)",
            "--outdir=\(Self.folder)/out",
        ]
        let program = try await resolved()
        let input = FileDescriptor(rawValue: try folder.open())
        let messages: FileDescriptor
        do throws(MinificationError) {
            messages = FileDescriptor(rawValue: try folder.open(writing: "messages"))
        } catch {
            try? input.close()
            throw error
        }
        let arguments = Arguments(options + names.map { "\(Self.folder)/\($0)" })
        do {
            var platform = PlatformOptions()
            // A group of its own, so that what a wrapper started ends with it.
            platform.processGroupID = 0
            let configuration = Configuration(
                executable: .path(program), arguments: arguments,
                environment: .custom(["PATH": "\(program.removingLastComponent()):/usr/bin:/bin"]),
                workingDirectory: "/", platformOptions: platform)
            return try await finish(configuration, input, messages)
        } catch let error as MinificationError {
            throw error
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw .notInstalled(executable)
        } catch {
            throw .failed("esbuild could not be run: \(error)")
        }
    }

    private func resolved() async throws(MinificationError) -> FilePath {
        guard !executable.contains("/") else { return FilePath(executable) }
        do {
            return try await Executable.name(executable).resolveExecutablePath(in: .inherit)
        } catch {
            throw .notInstalled(executable)
        }
    }

    /// Waits for the program to end, but no longer than it may take.
    private func finish(
        _ configuration: Configuration, _ input: FileDescriptor, _ messages: FileDescriptor
    ) async throws -> Bool {
        let seconds = secondsMax
        let running = RunningGroup()
        return try await withThrowingTaskGroup(of: Bool?.self) { group in
            group.addTask {
                try await run(
                    configuration,
                    input: .fileDescriptor(input, closeAfterSpawningProcess: true),
                    output: .discarded,
                    error: .fileDescriptor(messages, closeAfterSpawningProcess: true)
                ) { running.note($0.processIdentifier.value) }.terminationStatus.isSuccess
            }
            group.addTask {
                // Second by second: time in which this process was held up is not esbuild's.
                let step = min(seconds, 1)
                for _ in 0..<Int((seconds / step).rounded(.up)) {
                    try await Task.sleep(for: .seconds(step))
                }
                return nil
            }
            let ended = try await group.next() ?? nil
            if ended == nil { running.kill() }
            group.cancelAll()
            guard let ended else { throw MinificationError.timedOut(seconds: seconds) }
            return ended
        }
    }
}

/// The process group of a running program.
private final class RunningGroup: Sendable {
    private let leader = Mutex<pid_t?>(nil)

    func note(_ process: pid_t) { leader.withLock { $0 = process } }

    /// Ends every process of the group.
    func kill() {
        if let process = leader.withLock({ $0 }) { _ = Glibc.kill(-process, SIGKILL) }
    }
}

extension String {
    /// The text without `suffix`, if it ends in it.
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
