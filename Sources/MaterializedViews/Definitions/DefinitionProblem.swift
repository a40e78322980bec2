// One thing that is wrong, or risky, in a view file, with the line where it stands.
//
// Problems are gathered over all files before anything is thrown, so that an author sees all of
// them in one run. The texts speak of the SQL that the author wrote, never of rows.

/// A remark about a view file: an error stops `sitegen db`, a warning is printed.
package struct DefinitionProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// How bad it is.
    package enum Severity: String, Sendable {
        /// The file cannot be used.
        case error
        /// The file can be used; pages may not be what was meant.
        case warning
    }

    /// How bad it is.
    package let severity: Severity
    /// The file as authors know it, such as `site/database/look_page.sql`.
    package let file: String
    /// The line in the file, from 1; nil speaks of the whole file.
    package let line: Int?
    /// What is wrong, then what to change.
    package let message: String

    /// A problem of `file`.
    package init(
        _ file: String, _ line: Int?, _ message: String, severity: Severity = .error
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.message = message
    }

    /// `file:line: error: message`, the form that editors make clickable.
    package var description: String {
        let place = line.map { line in "\(file):\(line)" } ?? file
        return "\(place): \(severity.rawValue): \(message)"
    }
}
