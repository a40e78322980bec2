// One way in which compiled rows, view files and the database may differ, and what to run.
//
// Each text is two lines: what is, then what to do about it.

/// A difference between the rows compiled into the binary, the view files and the database.
package enum ViewDisagreement: Equatable, Sendable {
    /// The view is not in the database.
    case missing(view: String)
    /// The file of a compiled row type is gone.
    case noFile(view: String)
    /// A view file for which no row type was compiled.
    case notGenerated(view: String)
    /// The file has changed since rows were generated from it.
    case stale(view: String)
    /// The file has changed since the view was installed.
    case notApplied(view: String)
    /// A column has another type in the database, or is not there.
    case column(view: String, column: String, expected: String, found: String?)
    /// What the view was made from is another thing now, as these sentences say.
    case outdated(view: String, changes: [String])
    /// The database's view has a column that the compiled type does not know.
    case extraColumn(view: String, column: String, type: String)
}

extension ViewDisagreement {
    /// The view's name.
    package var view: String {
        switch self {
        case .missing(let view), .noFile(let view), .notGenerated(let view), .stale(let view),
            .notApplied(let view), .column(let view, _, _, _), .outdated(let view, _),
            .extraColumn(let view, _, _):
            view
        }
    }
}

extension ViewDisagreement: CustomStringConvertible {
    /// What happened, then what to do.
    package var description: String {
        switch self {
        case .missing(let view):
            """
            \(view) is not in the database.
            Run `sitegen db apply`, then build again.
            """
        case .noFile(let view):
            """
            site/Rows.generated.swift has a row type for \(view), but site/database/\(view).sql \
            is gone.
            Run `sitegen db generate`, then build again.
            """
        case .notGenerated(let view):
            """
            site/database/\(view).sql has no row type in site/Rows.generated.swift.
            Run `sitegen db generate`, then build again.
            """
        case .stale(let view):
            """
            site/database/\(view).sql has changed since site/Rows.generated.swift was written.
            Run `sitegen db generate`, then build again.
            """
        case .notApplied(let view):
            """
            site/database/\(view).sql has changed since \(view) was installed in this database.
            Run `sitegen db apply`, then build again.
            """
        case .column(let view, let column, let expected, let found):
            """
            \(view).\(column) should be \(expected) but is \(found ?? "missing").
            Change site/database/\(view).sql and run `sitegen db apply`, or run `sitegen db \
            generate` to take it as it is.
            """
        case .outdated(let view, let changes):
            """
            The rows of \(view) may be wrong: \(changes.joined(separator: "; ")).
            Run `sitegen db apply`, which compares all of them.
            """
        case .extraColumn(let view, let column, let type):
            """
            \(view).\(column) (\(type)) is in the database but not in the compiled row type.
            Run `sitegen db generate`, then build again.
            """
        }
    }
}
