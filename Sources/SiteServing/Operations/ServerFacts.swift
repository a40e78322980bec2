// What is true of a whole server at a moment, read and written from any thread.
//
// Only what changes seldom is here; what is counted for each request is in `LoopCounters`.

import NIOCore
import ReleaseFormat
import Synchronization

/// The few facts that event loops share.
final class ServerFacts: Sendable {
    private struct Refusals {
        var untold = 0
        var told: NIODeadline?
    }

    private let refusals = Mutex(Refusals())
    private let current = Mutex<(id: ReleaseID?, withdrawals: Withdrawals)>((nil, Withdrawals()))
    /// How often another release was taken.
    let switches = Atomic(0)
    /// How often one could not be.
    let releasesRefused = Atomic(0)
    /// Connections that were one too many.
    let connectionsRefused = Atomic(0)
    /// Whether the server stops.
    let isDraining = Atomic(false)

    /// The release that is served; nil before the first.
    var release: ReleaseID? { current.withLock { $0.id } }

    /// What was taken down when that was loaded.
    var withdrawals: Withdrawals { current.withLock { $0.withdrawals } }

    /// Counts a refused connection; how many are to be told of now, nil most of the time.
    func countRefusal(_ now: NIODeadline) -> Int? {
        connectionsRefused.add(1, ordering: .relaxed)
        return refusals.withLock { refusals in
            refusals.untold += 1
            if let told = refusals.told, now - told < .seconds(1) { return nil }
            defer { refusals.untold = 0 }
            refusals.told = now
            return refusals.untold
        }
    }

    func set(release: ReleaseID, withdrawals: Withdrawals) {
        let isSwitch = current.withLock { current in
            defer { current = (release, withdrawals) }
            return current.id != nil && current.id != release
        }
        if isSwitch { switches.add(1, ordering: .relaxed) }
    }
}
