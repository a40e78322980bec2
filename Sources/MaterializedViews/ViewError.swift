// What may go wrong between a view file and its rows: what happened, then what to change.
//
// Texts name files, lines, views, columns and keys, never another value of a row.

/// Why views could not be read, installed or checked.
package enum ViewError: Error, Equatable, Sendable {
    /// View files that cannot be used; at least one problem.
    case definitions([DefinitionProblem])
    /// The folder cannot be read.
    case folder(path: String, reason: String)
    /// Views that read each other in a circle, in the order of reading.
    case cycle([String])
    /// PostgreSQL refused a statement of this file. `line` is nil when it gave no position.
    case sql(file: String, line: Int?, message: String, hint: String?)
    /// More than one row has the same key.
    case keyNotUnique(view: String, key: [String], example: String?)
    /// A row's key is NULL.
    case keyIsNull(view: String, key: [String])
    /// The database user may not do this.
    case permission(action: String, message: String, remedy: String)
    /// Something outside of schema `sitegen` reads a view that must be replaced or dropped.
    case inUse(view: String, detail: String)
    /// Another program holds a lock on what has to be changed.
    case locked(doing: String)
    /// There is no such view.
    case unknownView(name: String, known: [String])
    /// There is no such view or table.
    case unknownName(name: String, known: [String])
    /// `sitegen db apply` has not been run on this database.
    case notInstalled
    /// A type of the database, a name or a pair of names that Swift source cannot be made of.
    case generation(view: String, column: String?, message: String)
    /// The compiled rows, the view files and the database do not agree; at least one line.
    case disagreement([ViewDisagreement])
    /// A row that does not fit its type.
    case row(RowError)
    /// Somebody asked to stop.
    case interrupted(doing: String)
    /// Any other refusal of the database.
    case database(doing: String, message: String)
}

extension ViewError: CustomStringConvertible {
    /// What happened, then what to change.
    package var description: String {
        switch self {
        case .definitions(let problems):
            problems.map(\.description).joined(separator: "\n")
        case .folder(let path, let reason):
            "The view folder \(path) cannot be read: \(reason)."
        case .cycle(let views):
            """
            Views read each other in a circle: \(views.joined(separator: " → ")).
            Take one of these references out of site/database.
            """
        case .sql(let file, let line, let message, let hint):
            "\(line.map { line in "\(file):\(line)" } ?? file): error: \(message)"
                + (hint.map { hint in "\nHint: \(hint)" } ?? "")
        case .keyNotUnique(let view, let key, let example):
            """
            \(view) has several rows with the same \(key.joined(separator: ", "))\
            \(example.map { example in ", such as \(example)" } ?? "").
            Change the statement in site/database/\(view).sql, or name more columns in `key:`.
            """
        case .keyIsNull(let view, let key):
            """
            \(view) has a row whose \(key.joined(separator: ", ")) is NULL.
            A key is never NULL: leave such rows out in site/database/\(view).sql.
            """
        case .permission(let action, let message, let remedy):
            "The database user lacks a right (while \(action)): \(message).\n\(remedy)"
        case .inUse(let view, let detail):
            """
            The view \(view) is read by something that sitegen did not create: \(detail).
            Drop that first, or make it read the tables instead.
            """
        case .locked(let doing):
            """
            Another program holds a lock on the same tables or views (while \(doing)).
            Try again when it is done.
            """
        case .unknownView(let name, let known):
            "There is no view \(name). Views are \(known.joined(separator: ", "))."
        case .unknownName(let name, let known):
            "No view is called \(name), and no table that a view reads.\n"
                + (NearestName.of(name, in: known).map { "Did you mean \($0)?" }
                    ?? "They are \(known.joined(separator: ", ")).")
        case .notInstalled:
            "This database has no views of sitegen yet. Run `sitegen db apply`."
        case .generation(let view, let column, let message):
            "\(column.map { column in "\(view).\(column)" } ?? view): \(message)"
        case .disagreement(let lines):
            lines.map(\.description).joined(separator: "\n")
        case .row(let error): error.description
        case .interrupted(let doing): "Stopped while \(doing)."
        case .database(let doing, let message):
            "The database refused while \(doing): \(message)"
        }
    }
}
