// From PostgreSQL's errors to errors that an author of views can act on.
//
// A position is in characters of the statement that was sent; the text in front of the author's
// SELECT is subtracted. A server's DETAIL is left out wherever it may quote a row.

import Postgres

extension ViewError {
    /// Reads an error of the database.
    ///
    /// - Parameters:
    ///   - error: what the database said.
    ///   - definition: the view file whose statement was sent, if it was one.
    ///   - prefix: how many characters stood in front of the file's statement.
    ///   - doing: what was being done, as in “while reading rows”.
    init(
        _ error: PostgresError, in definition: ViewDefinition?, prefix: Int = 0, doing: String
    ) {
        if error == .interrupted {
            self = .interrupted(doing: doing)
            return
        }
        guard case .server(let report) = error else {
            self = .database(doing: doing, message: error.description)
            return
        }
        switch report.sqlState {
        case "42501":
            self = .permission(
                action: definition.map { definition in "install \(definition.name)" } ?? doing,
                message: report.message, remedy: Self.remedy(report.message))
        case "55P03":
            self = .locked(doing: doing)
        default:
            guard let definition else {
                self = .database(doing: doing, message: report.description)
                return
            }
            let line = report.position.map { position in
                definition.line(ofPosition: position - prefix)
            }
            self = .sql(
                file: definition.file, line: line, message: report.message, hint: report.hint)
        }
    }

    private static func remedy(_ message: String) -> String {
        if message.contains("database") {
            return """
                Let its owner run GRANT CREATE ON DATABASE … TO …, or apply as the owner of the \
                schema sitegen.
                """
        }
        if message.contains("must be owner") || message.contains("schema sitegen")
            || message.contains("table view")
        {
            return """
                Schema sitegen belongs to another user: connect as the one who ran \
                `sitegen db apply` first.
                """
        }
        return "Let the owner of what is named here run GRANT SELECT, TRIGGER on it (and USAGE on "
            + "its schema)."
    }
}
