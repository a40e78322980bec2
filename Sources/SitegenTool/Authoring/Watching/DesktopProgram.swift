// A program of the author's desktop that a watch starts: a browser, an editor.
//
// It has no part in the terminal: Ctrl-C there, and the terminal's end, are for the watch alone.
// The program stays for as long as its window.

import Subprocess

/// Starts programs of the desktop.
enum DesktopProgram {
    /// Runs a program until it ends.
    ///
    /// - Throws: what keeps it from starting.
    static func run(_ executable: Executable, _ arguments: [String]) async throws {
        var platform = PlatformOptions()
        platform.createSession = true
        _ = try await Subprocess.run(
            executable, arguments: Arguments(arguments), platformOptions: platform,
            output: .discarded, error: .discarded)
    }
}
