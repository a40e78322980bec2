// A plan for people and for programs: what a build makes anew, row by row, and why.
//
// Keys of rows are shown because they were asked for; nothing else of a row is.

import SiteBuilding

/// Shows what a build is going to do.
struct PlanDisplay {
    private let plan: BuildPlan

    init(_ plan: BuildPlan) { self.plan = plan }

    /// A line for each row that is made anew or removed, and one about the whole.
    var lines: [String] {
        switch plan {
        case .everything(let cause):
            return ["every page is made: \(Self.reason(cause))"]
        case .rows(let views):
            var lines: [String] = []
            for (name, view) in views.sorted(by: { $0.key < $1.key }) {
                lines += view.rendered.map { "\(name) \($0.key): \($0.cause)" }
                lines += view.removed.map { "\(name) \($0): \(PageCause.removed)" }
            }
            let unchanged = views.values.reduce(0) { $0 + $1.unchanged }
            let removed = views.values.reduce(0) { $0 + $1.removed.count }
            return lines + [
                "\(Display.number(plan.renderedCount ?? 0)) rows to render, "
                    + "\(Display.number(removed)) gone, \(Display.number(unchanged)) unchanged"
            ]
        }
    }

    /// One JSON object.
    var json: String {
        switch plan {
        case .everything(let cause):
            return JSONLine.text(
                PlanObject(everything: Self.reason(cause), rows: nil, unchanged: nil))
        case .rows(let views):
            let rows = views.sorted(by: { $0.key < $1.key }).flatMap { name, view in
                view.rendered.map { RowObject(view: name, key: $0.key, cause: "\($0.cause)") }
                    + view.removed.map {
                        RowObject(view: name, key: $0, cause: "\(PageCause.removed)")
                    }
            }
            return JSONLine.text(
                PlanObject(
                    everything: nil, rows: rows,
                    unchanged: views.values.reduce(0) { $0 + $1.unchanged }))
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
