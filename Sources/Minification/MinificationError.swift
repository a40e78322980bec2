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
    /// esbuild could not parse a text; its message.
    case rejected(String)
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
            \(message.hasSuffix("\n") ? String(message.dropLast()) : message)
            """
        case .failed(let reason):
            """
            Styles and scripts could not be minified: \(reason).
            Check that the temporary folder is writable and that esbuild runs.
            """
        }
    }
}
