// The signals that a long-running command answers, as an asynchronous sequence.
//
// From `trap` on, they no longer end the process by themselves: the command does, once everything
// it started has stopped.

package import UnixSignals

/// Asks to stop (SIGINT, SIGTERM) or to load the newest release (SIGHUP).
package enum Signals {
    /// Does some work, which is cancelled by a signal that asks to stop.
    ///
    /// - Throws: what the work throws, `.interrupted` if a signal came first.
    package static func untilStopped(
        _ work: @escaping @Sendable @concurrent () async throws -> Void
    ) async throws {
        let signals = await trap()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await signal in signals where signal != .sighup {
                    throw CommandFailure(.interrupted, "stopped by a signal")
                }
                try await Task.sleep(for: .seconds(86_400 * 365))
            }
            group.addTask(operation: work)
            try await group.next()
            group.cancelAll()
        }
    }

    /// Begins to listen; each signal is delivered once per arrival.
    package static func trap() async -> UnixSignalsSequence {
        await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
    }
}
