// Printing: results on standard output, everything else on standard error.
//
// A terminal gets one progress line that is overwritten; a file or a pipe gets plain lines. Nothing
// of a row and no password of a URL is ever printed.

import FoundationEssentials
import Glibc
import Synchronization

/// Standard output and standard error.
enum Terminal {
    /// Whether standard error is a terminal.
    static let isInteractive = isatty(STDERR_FILENO) == 1

    /// Whether a progress line stands on the terminal and has to be cleared.
    private static let hasProgress = Mutex(false)

    /// Prints a line of the result.
    static func line(_ text: String) {
        clearProgress()
        write(text + "\n", to: STDOUT_FILENO)
    }

    /// Prints a line about the work.
    static func note(_ text: String) {
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
enum JSONLine {
    /// One JSON object on one line, its keys sorted.
    static func text(_ object: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: (try? encoder.encode(object)) ?? Data(), as: UTF8.self)
    }
}

/// Numbers and sizes as people read them.
enum Display {
    /// `1,234,567`.
    static func number(_ value: Int) -> String {
        var digits = Array(String(value))
        var position = digits.count - 3
        while position > (value < 0 ? 1 : 0) {
            digits.insert(",", at: position)
            position -= 3
        }
        return String(digits)
    }

    /// `14.2 kB`; powers of 1000.
    static func bytes(_ count: Int) -> String {
        var value = Double(count)
        for unit in ["B", "kB", "MB", "GB"] {
            // 999.95 would be shown as 1000.0.
            if value < (unit == "B" ? 1000 : 999.95) || unit == "GB" {
                return unit == "B" ? "\(count) B" : "\(oneDecimal(value)) \(unit)"
            }
            value /= 1000
        }
        return "\(count) B"
    }

    /// Lines of columns: the first left-aligned, the others right-aligned.
    static func table(_ rows: [[String]]) -> [String] {
        guard let first = rows.first else { return [] }
        let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + padding : padding + cell.0
            }.joined(separator: "  ")
        }
    }

    /// `1.4 s`.
    static func seconds(_ value: Double) -> String { "\(oneDecimal(value)) s" }

    private static func oneDecimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(number(tenths / 10)).\(tenths % 10)"
    }
}
