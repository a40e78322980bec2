// Work that blocks its thread, such as a query that takes minutes, away from the threads on which
// signals are heard and progress is shown: a machine with one core has only one of those.
//
// SIGINT and SIGTERM cancel what the connection runs on the server; the command then ends with
// status 130, and nothing goes on without it.

import Glibc
package import Postgres
import Synchronization
import UnixSignals

/// Runs work on a connection so that signals stop it.
package enum BlockingWork {
    /// How often the server is asked again to stop, in milliseconds.
    private static let repeatMilliseconds = 100

    /// Connects and works, on a thread of its own.
    ///
    /// - Throws: what `work` threw; status 130 if a signal stopped it.
    package static func connected(
        to database: DatabaseAddress, _ work: @escaping (borrowing Connection) throws -> Void
    ) async throws {
        let signals = await Signals.trap()
        let stop = Stop()
        let watch = Task {
            for await _ in signals {
                Terminal.note("stopping")
                while !Task.isCancelled, !stop.request() {
                    try? await Task.sleep(for: .milliseconds(repeatMilliseconds))
                }
            }
        }
        defer { watch.cancel() }
        let body = Handover {
            let connection = try Connection(to: database)
            stop.begin(connection.interrupter)
            defer { stop.begin(nil) }
            try work(connection)
        }
        do {
            try await withCheckedThrowingContinuation { continuation in
                thread { continuation.resume(with: Result { try body.value() }) }
            }
        } catch {
            throw stop.isRequested ? CommandFailure(stopped: error) : error
        }
    }

    /// Whether a signal has come, and what it stops.
    private final class Stop: Sendable {
        private let state = Mutex<(isRequested: Bool, interrupter: Interrupter?)>((false, nil))

        var isRequested: Bool { state.withLock { $0.isRequested } }

        func begin(_ interrupter: Interrupter?) { state.withLock { $0.interrupter = interrupter } }

        /// Asks to stop; whether that was noticed.
        func request() -> Bool {
            let interrupter = state.withLock { state in
                state.isRequested = true
                return state.interrupter
            }
            return interrupter?.interrupt() ?? false
        }
    }

    /// Runs a closure on a new thread.
    package static func thread(_ body: @escaping @Sendable () -> Void) {
        var id = pthread_t()
        let context = unsafe Unmanaged.passRetained(Handover(body)).toOpaque()
        let code = unsafe pthread_create(
            &id, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Handover<@Sendable () -> Void>>.fromOpaque(context)
                    .takeRetainedValue().value()
                return nil
            }, context)
        guard code == 0 else {
            // No thread can be had: better here than not at all.
            unsafe Unmanaged<Handover<@Sendable () -> Void>>.fromOpaque(context)
                .takeRetainedValue().value()
            return
        }
        pthread_detach(id)
    }
}

/// A value that goes to another thread.
private final class Handover<Value>: @unchecked Sendable {
    // Proof of @unchecked: whoever hands the value over awaits the end of the thread and does not
    // touch it before.
    let value: Value

    init(_ value: Value) { self.value = value }
}

extension CommandFailure {
    /// The failure of a command that a signal stopped.
    fileprivate init(stopped error: any Error) {
        let failure = CommandFailure(error)
        self.init(
            .interrupted,
            failure.status == .interrupted ? failure.message : "Stopped: \(failure.message)")
    }
}
