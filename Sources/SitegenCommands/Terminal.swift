// Printing: results on standard output, everything else on standard error.
//
// A terminal gets one progress line that is overwritten; a file or a pipe gets plain lines. Nothing
// of a row and no password of a URL is ever printed.

import FoundationEssentials
import Glibc
import Synchronization

/// Standard output and standard error.
package enum Terminal {
    /// Whether standard error is a terminal.
    static let isInteractive = isatty(STDERR_FILENO) == 1

    /// Whether a progress line stands on the terminal and has to be cleared.
    private static let hasProgress = Mutex(false)

    /// Prints a line of the result.
    package static func line(_ text: String) {
        clearProgress()
        write(text + "\n", to: STDOUT_FILENO)
    }

    /// Prints a question, without a line break behind it.
    package static func question(_ text: String) {
        clearProgress()
        write(text, to: STDOUT_FILENO)
    }

    /// Prints a line about the work.
    package static func note(_ text: String) {
        clearProgress()
        write(text + "\n", to: STDERR_FILENO)
    }

    /// Prints an error: what happened, then what to change.
    static func error(_ text: String) {
        clearProgress()
        write("sitegen: \(text)\n", to: STDERR_FILENO)
    }

    /// Overwrites the progress line; does nothing where there is no terminal.
    static func progress(_ text: String) {
        guard isInteractive else { return }
        hasProgress.withLock { $0 = true }
        write("\r\u{1b}[2K\(text)", to: STDERR_FILENO)
    }

    private static func clearProgress() {
        let wasShown = hasProgress.withLock { shown in
            defer { shown = false }
            return shown
        }
        if wasShown { write("\r\u{1b}[2K", to: STDERR_FILENO) }
    }

    /// Writes all of `text`; gives up when the reader has gone.
    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}

/// Results for programs.
package enum JSONLine {
    /// One JSON object on one line, its keys sorted.
    package static func text(_ object: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: (try? encoder.encode(object)) ?? Data(), as: UTF8.self)
    }
}
