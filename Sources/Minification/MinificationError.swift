// Why a style or a script could not be minified.
//
// The message is esbuild's own where it has one: it names the component's file, the line and the
// column, and shows the source line. Nothing of a row can be in it, since styles and scripts are
// literals of the program.

/// Why minification stopped.
package enum MinificationError: Error, Equatable, CustomStringConvertible {
    /// esbuild is not on this machine.
    case notInstalled(String)
    /// A text is longer than `MinificationLimits.sourceBytesMax`.
    case tooLong(name: String, bytes: Int)
    /// esbuild could not read a text, or not with certainty; its messages.
    case rejected(String)
    /// esbuild did not end in time and was killed.
    case timedOut(seconds: Double)
    /// The temporary folder or the process failed.
    case failed(String)

    /// What happened, then what to change.
    package var description: String {
        switch self {
        case .notInstalled(let executable):
            """
            \(executable) was not found.
            Install it with `apt-get install esbuild`.
            """
        case .tooLong(let name, let bytes):
            """
            The styles or the script of \(name) have \(bytes) bytes.
            The limit is \(MinificationLimits.sourceBytesMax): split the component.
            """
        case .rejected(let message):
            """
            A style or script cannot be parsed.
            \(message)
            \(Self.remedy(message))
            """
        case .timedOut(let seconds):
            """
            esbuild did not end within \(seconds) seconds and was killed.
            Look at what else the machine does, and whether `esbuild --version` ends.
            """
        case .failed(let reason):
            """
            Styles and scripts could not be minified: \(reason).
            Check that the temporary folder is writable and that esbuild runs.
            """
        }
    }

    private static func remedy(_ message: String) -> String {
        // esbuild 0.17, which Debian has, reads no nested rule without it.
        message.contains("[css-syntax-error]")
            ? "Change what the lines above name; in a nested style rule, selectors need an `&`."
            : "Change what the lines above name."
    }
}
