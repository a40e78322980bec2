package import Spooling

/// What one view's rows mean for its pages.
package struct ViewPlan: Sendable {
    /// The rows to read and render.
    package var rendered: PlannedRows
    /// The rows that are gone.
    package var removed: PlannedRows
    /// The paths of the last release that this plan takes out, to be made anew or not.
    var replacedPaths: SpooledList
    /// The rows that stay as they are.
    package var unchanged = 0

    /// A plan that changes nothing.
    package init(spoolingIn spools: SpoolFolder) {
        rendered = PlannedRows(spoolingIn: spools)
        removed = PlannedRows(spoolingIn: spools)
        replacedPaths = SpooledList(in: spools)
    }

    /// Lends the keys of all rows that it has, some at a time.
    func forEachKey(
        atOnce size: Int, _ body: ([String]) async throws -> Void
    ) async throws {
        for list in [rendered, removed] {
            for start in stride(from: 0, to: list.count, by: size) {
                let rows = try list.rows(start..<min(start + size, list.count))
                try await body(rows.map(\.key))
            }
        }
    }
}
