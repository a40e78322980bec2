// Keeps incremental views up to date: polls the queue, steps, and goes on after a lost connection.
//
// A poll reads an almost always empty table (0.03 ms); 20 ms between polls is what a change waits
// on average for ten of them. Steps block their thread, so the loop has one of its own.

import MaterializedViews
import Postgres
import Synchronization
import UnixSignals

/// Follows the queue of one database.
final class ChangeFollower: Sendable {
    /// How long the queue is left alone when it was empty, in milliseconds.
    static let pollMilliseconds = 20
    /// The longest pause between two attempts to connect, in milliseconds.
    static let reconnectMillisecondsMax = 2_000
    /// How long old events may lie about before they are dropped.
    static let pruneInterval = Duration.seconds(3_600)

    private let url: String
    private let isStopping = Atomic(false)
    /// What could not be kept up to date when it was last looked at.
    private let failures = Mutex<(told: Set<ViewFailure>, count: Int)>(([], 0))
    /// Ends the step that is under way.
    private let interrupter = Mutex<Interrupter?>(nil)

    init(url: String) { self.url = url }

    /// Follows until a signal asks to stop; a step that has begun is taken back, and what it took
    /// from the queue stays there.
    ///
    /// - Throws: what makes following senseless: views that are not installed, a refused login; at
    ///   the end a failure with status 65 if something cannot be kept up to date.
    func run(until signals: UnixSignalsSequence) async throws {
        let watching = Task { [self] in
            for await signal in signals where signal != .sighup {
                isStopping.store(true, ordering: .relaxed)
                while interrupter.withLock({ $0 })?.interrupt() == false, !Task.isCancelled {
                    try? await Task.sleep(for: .milliseconds(Self.pollMilliseconds))
                }
                break
            }
        }
        defer { watching.cancel() }
        Terminal.note("following changes; Ctrl-C stops")
        var pause = Self.pollMilliseconds
        var hasConnected = false
        var sources = SourceWatch()
        while !isStopping.load(ordering: .relaxed) {
            do {
                let connection = try Connection(to: url)
                hasConnected = true
                pause = Self.pollMilliseconds
                interrupter.withLock { $0 = connection.interrupter }
                defer { interrupter.withLock { $0 = nil } }
                try await follow(connection, &sources)
            } catch PostgresError.unreachable where hasConnected {
                // A server that restarts; what is queued waits for us.
            }
            try? await Task.sleep(for: .milliseconds(pause))
            pause = min(pause * 2, Self.reconnectMillisecondsMax)
        }
        if !sources.outdated.isEmpty { throw ViewError.disagreement(sources.outdated) }
        if let failure = DatabaseWork.failing(failures.withLock { $0.count }) { throw failure }
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
        var nextPrune = ContinuousClock.now
        var hasTold = false
        var nextLook = ContinuousClock.now
        while !isStopping.load(ordering: .relaxed) {
            do throws(ViewError) {
                if !hasTold {
                    try tellFailures(on: connection)
                    hasTold = true
                }
                if ContinuousClock.now >= nextPrune {
                    try ChangeQueue.prune(on: connection)
                    nextPrune = .now + Self.pruneInterval
                }
                if ContinuousClock.now >= nextLook {
                    for line in try sources.look(on: connection) ?? [] {
                        Terminal.note(line.description)
                    }
                    nextLook = .now + SourceWatch.interval
                }
                if try ChangeQueue.isWaiting(on: connection) {
                    let reports = try ChangeQueue.step(on: connection)
                    for report in reports where report.changed > 0 {
                        Terminal.line("\(report.view) \(Display.number(report.changed)) changed")
                    }
                    // What is queued and belongs to no view stays: it is not waited for.
                    if !reports.isEmpty {
                        hasTold = false
                        continue
                    }
                }
            } catch {
                if isStopping.load(ordering: .relaxed) { return }
                guard connection.isBroken else { throw error }
                Terminal.note("the connection to the database is lost; trying again")
                return
            }
            try? await Task.sleep(for: .milliseconds(Self.pollMilliseconds))
        }
    }
}
