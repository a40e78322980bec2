// The signals that a long-running command answers, as an asynchronous sequence.
//
// From `trap` on, they no longer end the process by themselves: the command does, once everything
// it started has stopped. SIGHUP comes when the terminal is closed: it asks to stop like the others
// where it has no meaning of its own, and where it was not ignored from the start, as `nohup` has
// it.

import Glibc
package import UnixSignals

/// What asks a command to stop, or a server to load what is new.
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
                for await _ in signals {
                    throw CommandFailure(.interrupted, "stopped by a signal")
                }
                try await Task.sleep(for: .seconds(86_400 * 365))
            }
            group.addTask(operation: work)
            try await group.next()
            group.cancelAll()
        }
    }

    /// Begins to listen to what asks to stop; each signal is delivered once per arrival.
    package static func trap() async -> UnixSignalsSequence {
        let all: [UnixSignal] = [.sigint, .sigterm, .sighup]
        return await UnixSignalsSequence(trapping: hangUpIsIgnored ? all.dropLast() : all)
    }

    /// Begins to listen to what asks to stop, and to SIGHUP, which asks a server for what is new.
    package static func trapReloading() async -> UnixSignalsSequence {
        await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
    }

    /// Whether whoever started this process has it live on without its terminal.
    private static var hangUpIsIgnored: Bool {
        var action = sigaction()
        guard unsafe sigaction(SIGHUP, nil, &action) == 0 else { return false }
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
