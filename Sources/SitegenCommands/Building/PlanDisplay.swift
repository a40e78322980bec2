// A plan for people and for programs: what a build makes anew, row by row, and why.
//
// Keys of rows are shown because they were asked for; nothing else of a row is.

import SiteBuilding

/// Shows what a build is going to do.
struct PlanDisplay {
    private static let rowsAtOnce = 256
    private let plan: BuildPlan

    init(_ plan: BuildPlan) { self.plan = plan }

    /// Shows a line for each row that is made anew or removed, and one about the whole.
    func show(_ line: (String) -> Void) throws {
        switch plan {
        case .everything(let cause): line("every page is made: \(Self.reason(cause))")
        case .rows(let views):
            for (name, view) in views.sorted(by: { $0.key < $1.key }) {
                try forEachRow(of: view) { line("\(name) \($0): \($1)") }
            }
            let unchanged = views.values.reduce(0) { $0 + $1.unchanged }
            let removed = views.values.reduce(0) { $0 + $1.removed.count }
            line(
                "\(Display.number(plan.renderedCount ?? 0)) rows to render, "
                    + "\(Display.number(removed)) gone, \(Display.number(unchanged)) unchanged")
        }
    }

    /// One JSON object.
    func json() throws -> String {
        switch plan {
        case .everything(let cause):
            return JSONLine.text(
                PlanObject(everything: Self.reason(cause), rows: nil, unchanged: nil))
        case .rows(let views):
            var rows: [RowObject] = []
            for (name, view) in views.sorted(by: { $0.key < $1.key }) {
                try forEachRow(of: view) {
                    rows.append(RowObject(view: name, key: $0, cause: "\($1)"))
                }
            }
            return JSONLine.text(
                PlanObject(
                    everything: nil, rows: rows,
                    unchanged: views.values.reduce(0) { $0 + $1.unchanged }))
        }
    }

    /// Lends the rows that are made anew, then those that are gone.
    private func forEachRow(of view: ViewPlan, _ body: (String, PageCause) -> Void) throws {
        for list in [view.rendered, view.removed] {
            for start in stride(from: 0, to: list.count, by: Self.rowsAtOnce) {
                let end = min(start + Self.rowsAtOnce, list.count)
                for (key, cause) in try list.rows(start..<end) { body(key, cause) }
            }
        }
    }

    private static func reason(_ cause: PageCause) -> String {
        cause == .new ? "there is no release to compare with" : "\(cause)"
    }
}

/// The shape of `build --plan --json`: `everything` is the reason for that, or else there are rows.
private struct PlanObject: Encodable {
    let everything: String?
    let rows: [RowObject]?
    let unchanged: Int?
}

/// A row in `build --plan --json`.
private struct RowObject: Encodable {
    let view: String
    let key: String
    let cause: String
}
