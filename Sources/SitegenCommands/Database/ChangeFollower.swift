// Keeps incremental views up to date: polls the queue, steps, and goes on after a lost connection.
//
// A poll reads an almost always empty table (0.03 ms); 20 ms between polls is what a change waits
// on average for ten of them. Steps block their thread, so the loop has one of its own.

import Groundwork
import MaterializedViews
import Postgres
import Synchronization
import UnixSignals

/// Follows the queue of one database.
final class ChangeFollower: Sendable {
    /// How long the queue is left alone when it was empty.
    static let poll = Duration.milliseconds(20)
    /// The longest pause between two attempts to connect.
    static let reconnectMax = Duration.seconds(2)

    private let database: DatabaseAddress
    private let isStopping = Atomic(false)
    /// What could not be kept up to date when it was last looked at.
    private let failures = Mutex<(told: Set<ViewFailure>, count: Int)>(([], 0))
    /// Ends the step that is under way.
    private let interrupter = Mutex<Interrupter?>(nil)

    init(_ database: DatabaseAddress) { self.database = database }

    /// Follows until a signal asks to stop; a step that has begun is taken back, and what it took
    /// from the queue stays there.
    ///
    /// - Throws: what makes following senseless: views that are not installed, a refused login; at
    ///   the end a failure with status 65 if something cannot be kept up to date.
    func run(until signals: UnixSignalsSequence) async throws {
        let watching = Task { [self] in
            for await _ in signals {
                isStopping.store(true, ordering: .relaxed)
                while interrupter.withLock({ $0 })?.interrupt() == false, !Task.isCancelled {
                    try? await Task.sleep(for: Self.poll)
                }
                break
            }
        }
        defer { watching.cancel() }
        Terminal.note("following changes; Ctrl-C stops")
        var pauses = Pauses(from: Self.poll, to: Self.reconnectMax)
        var hasConnected = false
        var sources = SourceWatch()
        while !isStopping.load(ordering: .relaxed) {
            do {
                let connection = try Connection(to: database)
                hasConnected = true
                pauses.reset()
                interrupter.withLock { $0 = connection.interrupter }
                defer { interrupter.withLock { $0 = nil } }
                try await follow(connection, &sources)
            } catch PostgresError.unreachable where hasConnected {
                // A server that restarts; what is queued waits for us.
            }
            try? await Task.sleep(for: pauses.take())
        }
        if !sources.outdated.isEmpty { throw ViewError.disagreement(sources.outdated) }
        if let failure = DatabaseWork.failing(
            failures.withLock { $0.count }, in: database.schema)
        {
            throw failure
        }
    }

    /// Names what cannot be kept up to date, each failure once for as long as it lasts.
    private func tellFailures(on connection: borrowing Connection) throws(ViewError) {
        let now = try ViewInstaller.failures(on: connection)
        let new = failures.withLock { failures in
            let new = now.listed.filter { !failures.told.contains($0) }
            failures = (Set(now.listed), now.count)
            return new
        }
        for failure in new { Terminal.note("\(failure)") }
    }

    /// Follows on one connection until it is lost or the process is to stop.
    private func follow(
        _ connection: borrowing Connection, _ sources: inout SourceWatch
    ) async throws {
        var schedule = RefreshSchedule(at: .now)
        while !isStopping.load(ordering: .relaxed) {
            do throws(ViewError) {
                switch schedule.next(at: .now) {
                case .tellFailures: try tellFailures(on: connection)
                case .prune: try ChangeQueue.prune(on: connection)
                case .lookAtSources:
                    for line in try sources.look(on: connection) ?? [] {
                        Terminal.note(line.description)
                    }
                case .takeIn: if try Self.takeIn(on: connection) { schedule.noteChange() }
                case .rest: try? await Task.sleep(for: Self.poll)
                }
            } catch {
                if isStopping.load(ordering: .relaxed) { return }
                guard connection.isBroken else { throw error }
                Terminal.note("the connection to the database is lost; trying again")
                return
            }
        }
    }

    /// Lets the views take in what is queued; false if no view did.
    ///
    /// What is queued and belongs to no view stays: it is not waited for.
    private static func takeIn(on connection: borrowing Connection) throws(ViewError) -> Bool {
        guard try ChangeQueue.isWaiting(on: connection) else { return false }
        let reports = try ChangeQueue.step(on: connection)
        for report in reports where report.changed > 0 {
            Terminal.line("\(report.view) \(Display.number(report.changed)) changed")
        }
        return !reports.isEmpty
    }
}
