// Work of a test that another one of its threads waits for.
//
// Tests block the threads that tasks run on, and there are no more of those than cores: a task that
// has to end what blocks one may come only behind all other tests, and then too late.

import Foundation

/// Starts work on a thread of its own.
///
/// - Parameter work: what may block as long as it wants.
/// - Returns: a task whose value is what the work returned or threw.
package func onOwnThread<T: Sendable>(
    _ work: @escaping @Sendable () throws -> T
) -> Task<T, any Error> {
    Task {
        try await withCheckedThrowingContinuation { waiting in
            Thread.detachNewThread { waiting.resume(with: Result { try work() }) }
        }
    }
}
