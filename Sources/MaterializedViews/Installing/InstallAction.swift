// What an installation did, ready to be printed: one line for each view.
//
// The numbers of rows are those counted inside the installation's transaction. `unchanged` says
// that nothing was done, not that the rows are fresh. The texts name views and counts, never the
// value of a row.

/// One step of an installation that was taken.
package enum InstallAction: Equatable, Sendable {
    /// The view is new in this database.
    case created(view: String, strategy: RefreshStrategy, rows: Int)
    /// The view was there, and is another one now.
    case replaced(
        view: String, strategy: RefreshStrategy, rows: Int, reason: InstallPlan.Reason)
    /// The view has another statement and the same columns; so many of its rows differ.
    case redefined(view: String, changed: Int, reason: InstallPlan.Reason)
    /// The view's file is gone, and so is the view.
    case dropped(view: String)
    /// Nothing was done.
    case unchanged(view: String)

    /// The view's name.
    package var view: String {
        switch self {
        case .created(let view, _, _), .replaced(let view, _, _, _),
            .redefined(let view, _, _), .dropped(let view), .unchanged(let view):
            view
        }
    }
}

extension InstallAction: CustomStringConvertible {
    /// `created look_page (materialized, 712 rows)`.
    package var description: String {
        switch self {
        case .created(let view, let strategy, let rows):
            "created \(view) (\(strategy.rawValue), \(Self.count(rows)))"
        case .replaced(let view, let strategy, let rows, let reason):
            "replaced \(view) (\(strategy.rawValue), \(Self.count(rows))): \(reason.text(view))"
        case .redefined(let view, let changed, .madeFrom(let changes)):
            "compared \(view) (\(Self.count(changed)) changed): "
                + changes.joined(separator: "; ")
        case .redefined(let view, let changed, let reason):
            "redefined \(view) (\(Self.count(changed)) changed): \(reason.text(view))"
        case .dropped(let view):
            "dropped \(view): site/database/\(view).sql is gone"
        case .unchanged(let view):
            "unchanged \(view)"
        }
    }

    private static func count(_ rows: Int) -> String { rows == 1 ? "1 row" : "\(rows) rows" }
}

extension InstallPlan.Reason {
    /// Why, as the end of a sentence.
    package func text(_ view: String) -> String {
        switch self {
        case .new: "it is new"
        case .missing: "it was missing"
        case .changed: "its file has changed"
        case .drifted: "the columns it reads have changed"
        case .detached: "it stood aside"
        case .madeFrom(let changes): changes.joined(separator: "; ")
        case .reads(let other): "it reads \(other)"
        }
    }
}
