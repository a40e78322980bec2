// One run of a compiler, a driver or a linker.
//
// It ends with the task that waits for it, so a newer save ends what compiles an older one, and
// with this process, however that ends; both with all that it has started: a driver's compilers
// would write objects of an older text over newer ones. One that somebody else killed, such as the
// system when memory is short, has said nothing about the sources and is run again. Its environment
// has no address of a database.

import FoundationEssentials
import Glibc
import SitegenCommands
import Subprocess
import SystemPackage

/// How a tool of the compiler ended.
struct CompilerRun: Sendable {
    let isSuccess: Bool
    /// What it printed on both outputs.
    let output: String
    /// What it printed on standard output alone, in bytes.
    let data: Data

    /// Runs the words behind it; the end of its input, which comes with the end of the process that
    /// started it, ends the whole group.
    private static let script = """
        exec 3<&0 </dev/null
        "$@" 3<&- & child=$!
        { read -r _ <&3; kill -9 0; } >/dev/null 2>&1 & guard=$!
        wait "$child"; status=$?
        kill -9 "$guard"
        exit "$status"
        """
    /// What a shell adds to the number of a signal that ended a command.
    private static let signalBase: Int32 = 128

    /// How often a tool is run that somebody kills.
    private static let runsMax = 3

    /// Runs words as a command.
    ///
    /// - Parameters:
    ///   - words: the program's path and its arguments.
    ///   - folder: where it runs.
    /// - Throws: an error of the system when it cannot be run, and when the task is cancelled.
    init(_ words: [String], in folder: String) async throws {
        var runs = 0
        while true {
            var platform = PlatformOptions()
            platform.processGroupID = 0
            platform.teardownSequence = [
                .send(
                    signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
            ]
            let outcome = try await Subprocess.run(
                .path("/bin/sh"), arguments: .init(["-c", Self.script, "sh"] + words),
                environment: .inherit.updating(["DATABASE_URL": nil, "REDIS_URL": nil]),
                workingDirectory: .init(folder), platformOptions: platform,
                input: .fileDescriptor(try LifePipe.input(), closeAfterSpawningProcess: false),
                output: .string(limit: SiteProgram.outputBytesMax),
                error: .string(limit: SiteProgram.outputBytesMax))
            try Task.checkCancellation()
            runs += 1
            let text = outcome.standardOutput + outcome.standardError
            if runs < Self.runsMax, Self.wasKilled(outcome.terminationStatus, text) { continue }
            (isSuccess, output) = (outcome.terminationStatus.isSuccess, text)
            data = Data(outcome.standardOutput.utf8)
            return
        }
    }

    /// Whether a tool, or one that it ran, was killed.
    static func wasKilled(_ status: TerminationStatus, _ output: String) -> Bool {
        guard case .exited(let code) = status else { return status == .signaled(SIGKILL) }
        // What the driver and clang say of a compiler or linker that was.
        return code == signalBase + SIGKILL
            || code != 0
                && (output.contains("due to signal 9")
                    || output.contains("unable to execute command: Killed"))
    }
}
