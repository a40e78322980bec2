// Stopping what a connection does from another thread, for good: a signal ends a command.
//
// A cancel request alone may come between two statements and hit nothing. So the wish is noted
// first: the statement that runs is cancelled, and no other one begins. Both are told as
// `.interrupted`, and whoever catches it has noticed. ROLLBACK goes through; what has to be put in
// order besides says `resume` before.

import Synchronization

/// Stops the work of one connection, from any thread and at any time.
package final class Interrupter: Sendable {
    private let canceller: Canceller?
    private let interruption: Interruption

    init(_ canceller: Canceller?, _ interruption: Interruption) {
        self.canceller = canceller
        self.interruption = interruption
    }

    /// Asks to stop.
    ///
    /// Call it again until it returns true: a statement may have been on its way to the server and
    /// not yet running.
    ///
    /// - Returns: whether the thread of the connection has noticed.
    package func interrupt() -> Bool { interruption.request { _ = canceller?.cancel() } }
}

/// Whether a connection is to stop.
final class Interruption: Sendable {
    /// `resumed`: the work was stopped, and what it left is being put in order.
    private enum State { case none, requested, noticed, resumed }
    private let state = Mutex(State.none)

    /// Notes the wish and cancels; the lock keeps a cancel from meeting a later statement.
    func request(_ cancel: () -> Void) -> Bool {
        state.withLock { state in
            if state == .noticed || state == .resumed { return true }
            state = .requested
            cancel()
            return false
        }
    }

    /// Whether to stop; then it is known to be noticed.
    func isNoticed() -> Bool {
        state.withLock { state in
            if state == .requested { state = .noticed }
            return state == .noticed
        }
    }

    func resume() { state.withLock { state in if state != .none { state = .resumed } } }
}

extension Connection {
    /// What another thread may stop this connection's work with.
    package var interrupter: Interrupter { Interrupter(canceller, session.interruption) }

    /// Lets statements run again after `.interrupted`, to put in order what was left; the wish to
    /// stop has been granted then, and is not granted twice.
    package func resume() { session.interruption.resume() }
}
