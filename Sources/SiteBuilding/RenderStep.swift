// One route: its rows, batch by batch, to finished pages on all cores.
//
// At most one batch more than there are workers is in memory. Problems of single pages do not stop
// the others, so that an author sees all of them at once.

import MaterializedViews
import Postgres
import SiteAuthoring

/// Renders the pages of one route.
struct RenderStep {
    let route: Route
    let finisher: PageFinisher
    let jobs: Int

    /// Finishes the one page of a route without rows.
    func single(_ page: PreparedPage) async throws(BuildError) -> FinishedBatch {
        try await Self.finish([.success(page)], of: route, finisher: finisher)
    }

    /// Finishes a page for each row.
    ///
    /// - Parameters:
    ///   - schema: the view.
    ///   - reading: the snapshot.
    ///   - decode: makes a page of a row.
    ///   - take: receives each batch when it is done, in no particular order.
    /// - Throws: what stops the whole build, `.interrupted` when the task is cancelled.
    func rows(
        of schema: ViewSchema, from reading: inout RowReading,
        decode: @Sendable (borrowing RowReader) throws(RowError) -> PreparedPage,
        take: (FinishedBatch) throws(BuildError) -> Void
    ) async throws(BuildError) {
        let (route, finisher) = (route, finisher)
        do {
            try reading.open(schema)
            try await withThrowingTaskGroup(of: FinishedBatch.self) { group in
                var inFlight = 0
                while true {
                    try Task.checkCancellation()
                    let rows = try reading.next(BuildLimits.pagesPerBatch, decode: decode)
                    if rows.isEmpty { break }
                    if inFlight > jobs, let batch = try await group.next() {
                        inFlight -= 1
                        try take(batch)
                    }
                    group.addTask { try await Self.finish(rows, of: route, finisher: finisher) }
                    inFlight += 1
                }
                while let batch = try await group.next() { try take(batch) }
            }
            try reading.close()
        } catch let error as BuildError {
            throw error
        } catch let error as PostgresError {
            throw .database(error)
        } catch {
            throw .interrupted
        }
    }

    private static func finish(
        _ pages: [Result<PreparedPage, RowError>], of route: Route, finisher: PageFinisher
    ) async throws(BuildError) -> FinishedBatch {
        var batch = FinishedBatch()
        for page in pages {
            switch page {
            case .failure(let error):
                batch.problems.append(PageProblem(route: route.name, row: error))
            case .success(let page):
                do throws(PageFailure) {
                    batch.pages.append(try await finisher.finish(page, of: route))
                } catch {
                    switch error {
                    case .problem(let reason):
                        batch.problems.append(
                            PageProblem(
                                route: route.name, place: page.place(in: route), reason: reason))
                    case .build(let error): throw error
                    }
                }
            }
        }
        return batch
    }
}

extension PreparedPage {
    /// The row or the path that a message names.
    func place(in route: Route) -> String {
        rowKey.isEmpty ? path : "\(route.viewName), row \(rowKey)"
    }
}
