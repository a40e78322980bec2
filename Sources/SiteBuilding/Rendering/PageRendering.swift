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
    let take: @Sendable (FinishedBatch, Route) throws -> Void

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
    func run(_ reading: inout RowReading) async throws -> Int {
        let count = workerCount
        guard count > 1 else {
            try await work(Worker(number: 0, count: 1), &reading)
            return 0
        }
        let database = options.database
        do {
            let (snapshot, preview) = (try reading.exported(), reading.preview)
            return try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1..<count {
                    group.addTask {
                        var other = try RowReading(
                            database, joining: snapshot, preview: preview)
                        try await work(Worker(number: number, count: count), &other)
                        return other.queries
                    }
                }
                try await work(Worker(number: 0, count: count), &reading)
                var queries = 0
                while let sent = try await group.next() { queries += sent }
                return queries
            }
        } catch is CancellationError {
            throw BuildError.interrupted
        }
    }

    /// As many as there are jobs, but none that would have nothing to do.
    private var workerCount: Int {
        guard let rows = plan.renderedCount else { return options.jobs }
        return max(1, min(options.jobs, rows / BuildLimits.pagesPerBatch))
    }

    private func work(
        _ worker: Worker, _ reading: inout RowReading
    ) async throws {
        for (place, route) in routes.enumerated() {
            switch (route.source, plan) {
            case (.single(let outputs), .everything):
                let isMine = place % worker.count == worker.number
                guard isMine, (options.shard ?? .whole).number == 0 else { continue }
                try await finish([(nil, .success(outputs))], of: route)
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
    ) async throws {
        let shard = options.shard ?? .whole
        try reading.open(
            schema,
            part: RowPart(
                shard.number + shard.count * worker.number, of: shard.count * worker.count))
        while true {
            let rows = try reading.next(
                BuildLimits.pagesPerBatch, of: schema, for: route.name, decode: decode)
            if rows.isEmpty { break }
            try await finish(rows.map(\.task), of: route)
        }
        try reading.close()
    }

    private func some(
        _ planned: PlannedRows, _ schema: ViewSchema, _ decode: RowDecoder, of route: Route,
        _ worker: Worker, _ reading: inout RowReading
    ) async throws {
        let size = BuildLimits.pagesPerBatch
        let step = worker.count * size
        for start in stride(from: worker.number * size, to: planned.count, by: step) {
            let chunk = try planned.rows(start..<min(start + size, planned.count)).map(\.key)
            let rows = try reading.rows(of: schema, keys: chunk, for: route.name, decode: decode)
            try await finish(rows.map(\.task), of: route)
        }
    }

    private func finish(
        _ rows: [RowTask], of route: Route
    ) async throws {
        if Task.isCancelled { throw BuildError.interrupted }
        var batch = FinishedBatch()
        for (row, outputs) in rows {
            let problem: PageProblem?
            switch outputs {
            case .failure(let found): problem = found
            case .success(let outputs):
                problem = try await finish(outputs, of: route, row, into: &batch)
            }
            guard let problem else { continue }
            batch.problems.append(problem)
            if let row { batch.failedKeys.append(row.key) }
        }
        try take(batch, route)
    }

    /// Finishes the outputs of a row, all or none.
    ///
    /// - Returns: what is wrong with one of them.
    private func finish(
        _ row: RowOutputs, of route: Route, _ identity: (key: String, digest: RowDigest)?,
        into batch: inout FinishedBatch
    ) async throws -> PageProblem? {
        var place = row.place(in: route)
        var pages: [FinishedPage] = []
        if identity == nil, let problem = CrashLog.obstacle(to: route.work(on: nil)) {
            return problem
        }
        do throws(PageFailure) {
            try OutputRules.check(count: row.outputs.count)
            for output in row.outputs {
                if place.isEmpty { place = output.path }
                pages.append(try await finisher.finish(output, of: route, row: identity))
            }
        } catch {
            switch error {
            case .problem(let reason):
                return PageProblem(route: route.name, place: place, reason: reason)
            case .build(let error): throw error
            }
        }
        batch.pages += pages
        CrashLog.succeeded(route.name)
        return nil
    }
}

/// Makes the outputs of a row.
typealias RowDecoder = @Sendable (borrowing RowReader) throws(RowError) -> RowOutputs

/// Outputs to finish, with the key and digest of their row.
private typealias RowTask = (
    row: (key: String, digest: RowDigest)?, outputs: Result<RowOutputs, PageProblem>
)

extension IdentifiedRow<RowOutputs> {
    fileprivate var task: RowTask { ((key, digest), value) }
}

extension RowOutputs {
    /// The row that a message names; empty without one.
    fileprivate func place(in route: Route) -> String {
        rowKey.isEmpty ? "" : "\(route.viewName), row \(rowKey)"
    }
}
