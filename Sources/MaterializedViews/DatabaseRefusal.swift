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
                action: definition.map { definition in "installing \(definition.name)" } ?? doing,
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
                file: definition.file, line: line ?? definition.line(ofNameIn: report.message),
                message: report.message, hint: report.hint ?? Self.hint(report))
        }
    }

    /// What to change where PostgreSQL does not say.
    private static func hint(_ report: ServerReport) -> String? {
        switch report.sqlState {
        case "42601": "Look in front of it: a comma, a keyword or a bracket is missing."
        case "42P16" where report.message.contains("pseudo-type"):
            "Give its parts as columns, or as JSON: jsonb_build_object(…)."
        default: nil
        }
    }

    /// The same error; a relation that is missing comes with the nearest one that there is.
    ///
    /// - Parameter url: the server that refused; it is asked for the names of relations.
    /// - Returns: the error with a hint, or as it is.
    package func withNearestRelation(at url: String) -> ViewError {
        guard case .sql(let file, let line, let message, nil) = self,
            message.hasPrefix("relation \""), message.hasSuffix("\" does not exist"),
            let missing = message.split(separator: "\"").dropFirst().first,
            let known = try? Self.relations(at: url)
        else { return self }
        let nearest = NearestName.of(String(missing), in: known)
        return .sql(
            file: file, line: line, message: message,
            hint: nearest.map { "Perhaps you meant \"\($0)\"." }
                ?? "No table or view is called so, as far as this user's search path leads; "
                + "name its schema, or create it first.")
    }

    /// The tables and views of a database by the names that reach them; the first 10,000.
    private static func relations(at url: String) throws -> [String] {
        try Connection(to: url).texts(
            """
            SELECT CASE WHEN pg_catalog.pg_table_is_visible(c.oid) THEN c.relname::text
                ELSE n.nspname || '.' || c.relname END
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema'
                AND n.nspname !~ '^pg_'
            ORDER BY 1 LIMIT 10000
            """, doing: "looking for names"
        ).compactMap { $0[0] }
    }

    private static func remedy(_ message: String) -> String {
        if message.contains("database") {
            return """
                Let its owner run GRANT CREATE ON DATABASE … TO …, or apply as the owner of the \
                site's schema.
                """
        }
        if message.contains("must be owner") || message.contains("schema sitegen")
            || message.contains("table view")
        {
            return """
                The site's schema belongs to another user: connect as the one who ran \
                `sitegen db apply` first.
                """
        }
        return "Let the owner of what is named here run GRANT SELECT, TRIGGER on it (and USAGE on "
            + "its schema)."
    }
}
