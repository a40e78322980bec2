// Work of a test that another one of its threads waits for.
//
// Tests block the threads that tasks run on, and there are no more of those than cores: a task that
// has to end what blocks one may come only behind all other tests, and then too late.

import Foundation

/// Starts work on a thread of its own, at once: it waits for no task to get its turn.
///
/// - Parameter work: what may block as long as it wants.
/// - Returns: a task whose value is what the work returned or threw.
package func onOwnThread<T: Sendable>(
    _ work: @escaping @Sendable () throws -> T
) -> Task<T, any Error> {
    let (results, result) = AsyncStream.makeStream(of: Result<T, any Error>.self)
    Thread.detachNewThread {
        result.yield(Result { try work() })
        result.finish()
    }
    return Task {
        for await result in results { return try result.get() }
        throw CancellationError()
    }
}
