// Rows to finished pages, on all cores: each worker reads its own part of the rows on its own
// connection, in the one snapshot that all share, and finishes a page before it reads on.
//
// So a worker holds one batch of rows and one page, however many pages there are. Problems of
// single pages do not stop the others, so that an author sees all of them at once.

import MaterializedViews
import Postgres
import ReleaseFormat
import SiteAuthoring

/// Renders what a plan says.
struct PageRendering: Sendable {
    let routes: [Route]
    let finisher: PageFinisher
    let plan: BuildPlan
    let options: BuildOptions
    /// Receives each batch when it is done, in no particular order, from any worker.
    let take: @Sendable (FinishedBatch, Route) throws(BuildError) -> Void

    /// Which worker of how many.
    private struct Worker: Sendable {
        let number: Int
        let count: Int
    }

    /// Renders everything.
    ///
    /// - Parameter reading: the snapshot's own connection, which works, too.
    /// - Returns: how many statements the other connections sent.
    /// - Throws: what stops the whole build, `.interrupted` when the task is cancelled.
    func run(_ reading: inout RowReading) async throws(BuildError) -> Int {
        let count = workerCount
        guard count > 1 else {
            try await work(Worker(number: 0, count: 1), &reading)
            return 0
        }
        let url = options.databaseURL
        do {
            let snapshot = try reading.exported()
            return try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1..<count {
                    group.addTask {
                        var other = try RowReading(url: url, joining: snapshot)
                        try await work(Worker(number: number, count: count), &other)
                        return other.queries
                    }
                }
                try await work(Worker(number: 0, count: count), &reading)
                var queries = 0
                while let sent = try await group.next() { queries += sent }
                return queries
            }
        } catch let error as BuildError {
            throw error
        } catch let error as PostgresError {
            throw .database(error)
        } catch {
            throw .interrupted
        }
    }

    /// As many as there are jobs, but none that would have nothing to do.
    private var workerCount: Int {
        guard let rows = plan.renderedCount else { return options.jobs }
        return max(1, min(options.jobs, rows / BuildLimits.pagesPerBatch))
    }

    private func work(
        _ worker: Worker, _ reading: inout RowReading
    ) async throws(BuildError) {
        for (place, route) in routes.enumerated() {
            switch (route.source, plan) {
            case (.single(let page), .everything):
                let isMine = place % worker.count == worker.number
                guard isMine, (options.shard ?? .whole).number == 0 else { continue }
                try await finish([(nil, .success(page))], of: route)
            case (.single, .rows): continue
            case (.rows(let schema, let decode), .everything):
                try await all(schema, decode, of: route, worker, &reading)
            case (.rows(let schema, let decode), .rows(let views)):
                guard let rows = views[schema.name]?.rendered else { continue }
                try await some(rows, schema, decode, of: route, worker, &reading)
            }
        }
    }

    private func all(
        _ schema: ViewSchema, _ decode: RowDecoder, of route: Route, _ worker: Worker,
        _ reading: inout RowReading
    ) async throws(BuildError) {
        let shard = options.shard ?? .whole
        try reading.open(
            schema,
            part: RowPart(
                shard.number + shard.count * worker.number, of: shard.count * worker.count))
        while true {
            let rows = try reading.next(BuildLimits.pagesPerBatch, of: schema, decode: decode)
            if rows.isEmpty { break }
            try await finish(rows.map(\.task), of: route)
        }
        try reading.close()
    }

    private func some(
        _ planned: PlannedRows, _ schema: ViewSchema, _ decode: RowDecoder, of route: Route,
        _ worker: Worker, _ reading: inout RowReading
    ) async throws(BuildError) {
        let size = BuildLimits.pagesPerBatch
        let step = worker.count * size
        for start in stride(from: worker.number * size, to: planned.count, by: step) {
            let chunk = try releasing { () throws(ReleaseError) in
                try planned.rows(start..<min(start + size, planned.count)).map(\.key)
            }
            let rows = try reading.rows(of: schema, keys: chunk, decode: decode)
            try await finish(rows.map(\.task), of: route)
        }
    }

    private func finish(
        _ pages: [PageTask], of route: Route
    ) async throws(BuildError) {
        if Task.isCancelled { throw .interrupted }
        var batch = FinishedBatch()
        for (row, page) in pages {
            switch page {
            case .failure(let error):
                batch.problems.append(PageProblem(route: route.name, row: error))
                if let row { batch.failedKeys.append(row.key) }
            case .success(let page):
                do throws(PageFailure) {
                    batch.pages.append(try await finisher.finish(page, of: route, row: row))
                } catch {
                    switch error {
                    case .problem(let reason):
                        if let row { batch.failedKeys.append(row.key) }
                        batch.problems.append(
                            PageProblem(
                                route: route.name, place: page.place(in: route), reason: reason))
                    case .build(let error): throw error
                    }
                }
            }
        }
        try take(batch, route)
    }
}

/// Makes a page of a row.
typealias RowDecoder = @Sendable (borrowing RowReader) throws(RowError) -> PreparedPage

/// A page to finish, with the key and digest of its row.
private typealias PageTask = (
    row: (key: String, digest: RowDigest)?, page: Result<PreparedPage, RowError>
)

extension IdentifiedRow<PreparedPage> {
    fileprivate var task: PageTask { ((key, digest), value) }
}

extension PreparedPage {
    /// The row or the path that a message names.
    func place(in route: Route) -> String {
        rowKey.isEmpty ? path : "\(route.viewName), row \(rowKey)"
    }
}
