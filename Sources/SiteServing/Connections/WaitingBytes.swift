// What is written and waits to be taken by clients, of one event loop, against one budget.
//
// Bytes that many clients are sent count once, since they are there once. Within the budget nobody
// notices it. From three quarters on, who holds something gets nothing new; beyond it, those are
// closed that take least for what they hold, until three quarters are left. So a client that takes
// its answers is never held up by those that do not.

import NIOCore

/// What waits for one client: a connection of HTTP/1.1, or a stream of HTTP/2.
///
/// What was written counts until it is known to be taken, so it is never too little.
final class WaitingBytes {
    private struct Piece {
        let count: Int
        let owner: SharedBytes?
        let since: NIODeadline
    }

    private let budget: WaitingBudget
    /// Heads and short bodies, at most, and since when some of them wait.
    private var shortBytes = 0
    private var shortSince = NIODeadline.distantFuture
    /// Pieces of long bodies, in the order in which they were written.
    private var pieces = CircularBuffer<Piece>()
    private var pieceBytes = 0

    init(_ budget: WaitingBudget) { self.budget = budget }

    /// All of it, shared or not.
    var count: Int { shortBytes + pieceBytes }

    /// Since when the oldest of it waits.
    var since: NIODeadline { min(shortSince, pieces.first?.since ?? .distantFuture) }

    /// Counts bytes that were written.
    func add(_ count: Int) {
        if shortBytes == 0 { shortSince = .now() }
        shortBytes += count
        budget.add(count)
    }

    /// Counts a piece of a body that was written, and whose it is.
    func add(_ count: Int, of owner: SharedBytes?) {
        pieces.append(Piece(count: count, owner: owner, since: .now()))
        pieceBytes += count
        if let owner { budget.hold(owner) } else { budget.add(count) }
    }

    /// Learns how many bytes are still waiting.
    func left(_ waiting: Int) {
        guard waiting < count else { return }
        while let first = pieces.first, count - first.count >= waiting {
            pieces.removeFirst()
            pieceBytes -= first.count
            if let owner = first.owner { budget.release(owner) } else { budget.add(-first.count) }
        }
        let short = min(shortBytes, waiting)
        guard short < shortBytes else { return }
        // Who takes a byte now and then does not take its answers.
        if short <= shortBytes / 2 { shortSince = short == 0 ? .distantFuture : .now() }
        budget.add(short - shortBytes)
        shortBytes = short
    }
}
