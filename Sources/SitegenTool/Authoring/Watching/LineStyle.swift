import Glibc
import Groundwork
import SitegenCommands

/// How lines look on a terminal: colours, and names of files that open them.
///
/// Elsewhere, and with NO_COLOR, they are plain.
struct LineStyle: Sendable {
    /// Whether there are no colours and links.
    let isPlain: Bool

    /// Plain, whatever it is written to.
    static let plain = LineStyle(isPlain: true)

    /// What a descriptor shows.
    static func of(_ descriptor: Int32) -> LineStyle {
        LineStyle(
            isPlain: isatty(descriptor) != 1 || Environment.value("NO_COLOR") != nil
                || Environment.value("TERM") == "dumb")
    }

    /// What is written with a colour.
    enum Role: String {
        case time = "2"
        case name = "1"
        case duration = "32"
        case error = "31"
        case warning = "33"
    }

    /// A part of a line in its colour.
    func colored(_ text: String, _ role: Role) -> String {
        isPlain ? text : "\u{1b}[\(role.rawValue)m\(text)\u{1b}[0m"
    }

    /// The name of a file that opens it (OSC 8).
    ///
    /// - Parameters:
    ///   - text: what is shown.
    ///   - path: the file's absolute path.
    /// - Returns: the text, as a link.
    func linked(_ text: String, to path: String) -> String {
        guard !isPlain else { return text }
        let coded = String(
            decoding: PercentCoding.encoded(path.utf8, keeping: PercentCoding.isPathByte),
            as: UTF8.self)
        return "\u{1b}]8;;file://\(coded)\u{1b}\\\(text)\u{1b}]8;;\u{1b}\\"
    }
}
