// One run of a compiler, a driver or a linker.
//
// It ends with the task that waits for it, so a newer save ends what compiles an older one. Its
// environment has no address of a database.

import FoundationEssentials
import SitegenCommands
import Subprocess
import SystemPackage

/// How a tool of the compiler ended.
struct CompilerRun: Sendable {
    let isSuccess: Bool
    /// What it printed on both outputs.
    let output: String
    /// The same in bytes.
    var data: Data { Data(output.utf8) }

    /// Runs words as a command.
    ///
    /// - Parameters:
    ///   - words: the program's path and its arguments.
    ///   - folder: where it runs.
    /// - Throws: an error of the system when it cannot be run, and when the task is cancelled.
    init(_ words: [String], in folder: String) async throws {
        let outcome = try await Subprocess.run(
            .path(.init(words[0])), arguments: .init(Array(words.dropFirst())),
            environment: .inherit.updating(["DATABASE_URL": nil, "REDIS_URL": nil]),
            workingDirectory: .init(folder),
            output: .string(limit: SiteProgram.outputBytesMax),
            error: .string(limit: SiteProgram.outputBytesMax))
        try Task.checkCancellation()
        isSuccess = outcome.terminationStatus.isSuccess
        output = outcome.standardOutput + outcome.standardError
    }
}
