// Runs a site's program as a child, on the servers that this process works with.
//
// Addresses of databases have passwords in them, and every user may read the command lines of all
// processes: children get them in their environment, which is their owner's alone. A child ends
// with the task that runs it.

import FoundationEssentials
import SitegenCommands
import Subprocess
import SystemPackage

/// A site's program with the servers it works on.
struct SiteProcess {
    let program: SiteProgram
    /// What runs as the program.
    var executable: SiteExecutable
    let folders: FolderOptions
    let databaseURL: String
    let redisURL: String
    /// What a renderer is told of the rows that it shows: none are those that are public now.
    var previewOptions: [String] = []

    private static let outputBytesMax = 1 << 20

    /// A process of the program that the package's build makes.
    init(program: SiteProgram, folders: FolderOptions, databaseURL: String, redisURL: String) {
        (self.program, self.folders) = (program, folders)
        (self.databaseURL, self.redisURL) = (databaseURL, redisURL)
        executable = .program(program.path)
    }

    private var environment: Subprocess.Environment {
        .inherit.updating(["DATABASE_URL": databaseURL, "REDIS_URL": redisURL])
    }

    /// The environment of a renderer: with a trace of the calls if it traps.
    var renderingEnvironment: Subprocess.Environment {
        environment.updating([
            "SWIFT_BACKTRACE":
                "enable=yes,color=no,interactive=no,threads=crashed,registers=none,images=none,"
                + "limit=32,unwind=precise,output-to=stderr"
        ])
    }

    /// The arguments of a command of the program.
    func arguments(_ arguments: [String]) -> Arguments {
        .init(arguments + ["--root", folders.root])
    }

    /// Runs a command of the site's program and says nothing of it.
    ///
    /// - Throws: a `CommandFailure` with what the command printed.
    func run(_ command: [String]) async throws {
        try await run(command, of: executable.path, input: executable.firstLine)
    }

    /// Runs a command that needs no site, so that it works while the site does not compile.
    ///
    /// - Throws: a `CommandFailure` with what the command printed.
    func runTool(_ command: [String]) async throws {
        try await run(command, of: RunningProgram.path())
    }

    private func run(_ command: [String], of path: String, input: String = "") async throws {
        let outcome = try await Subprocess.run(
            .path(.init(path)), arguments: arguments(command), environment: environment,
            input: .string(input), output: .string(limit: Self.outputBytesMax),
            error: .string(limit: Self.outputBytesMax))
        guard outcome.terminationStatus.isSuccess else {
            var status = ExitStatus.failure
            if case .exited(let code) = outcome.terminationStatus {
                status = ExitStatus(rawValue: code) ?? .failure
            }
            // The last word is the error's, behind this program's name.
            let name = "sitegen: "
            let error = outcome.standardError
            let text =
                error.firstRange(of: name).map { String(error[$0.upperBound...]) }
                ?? SiteProgram.message(outcome.standardOutput + error)
            throw CommandFailure(status, text)
        }
    }

    /// Runs a command of the site's program for as long as this process lives, and tells what it
    /// says on standard error.
    ///
    /// A shell beside it waits for the end of a pipe, which comes even if this process is killed.
    ///
    /// - Throws: what keeps it from starting.
    func keepRunning(_ command: [String]) async throws {
        let script = """
            exec 3<&0; "$@" </dev/null 3<&- & child=$!
            { cat <&3 >/dev/null; kill "$child"; } 2>/dev/null &
            wait "$child"
            """
        var platform = PlatformOptions()
        // Ctrl-C is this process's alone.
        platform.processGroupID = 0
        _ = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: Arguments(
                ["-c", script, "sh", program.path] + command + ["--root", folders.root]),
            environment: environment, platformOptions: platform, input: .inputWriter,
            output: .sequence, error: .sequence
        ) { execution in
            async let silent: Void = Self.read(execution.standardOutput) { _ in }
            await Self.read(execution.standardError) { Terminal.note($0) }
            await silent
        }
    }

    private static func read(
        _ lines: SubprocessOutputSequence, _ tell: @Sendable (String) -> Void
    ) async {
        do {
            for try await line in lines.strings() { tell(line) }
        } catch {
            // Nothing more to be read.
        }
    }

    /// Runs a command that prints what it does.
    ///
    /// - Throws: a `CommandFailure` with the status of the command.
    func show(_ command: [String]) async throws {
        let outcome = try await Subprocess.run(
            .path(.init(program.path)), arguments: arguments(command), environment: environment,
            output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false),
            error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false))
        guard case .exited(let code) = outcome.terminationStatus, code == 0 else {
            var status = ExitStatus.failure
            if case .exited(let code) = outcome.terminationStatus {
                status = ExitStatus(rawValue: code) ?? .failure
            }
            throw CommandFailure(
                status,
                """
                `sitegen \(command.joined(separator: " "))` did not succeed.
                Change what it says above.
                """)
        }
    }
}
