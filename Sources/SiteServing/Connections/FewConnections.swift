// The open connections to a listener that takes few of them: of operations, of development.
//
// Whoever connects and says nothing keeps nobody out: the next takes the place of the oldest.

import NIOCore
import Synchronization

/// The open connections to a listener that takes few of them, the oldest first.
final class FewConnections: Sendable {
    private let open = Mutex<[any Channel]>([])

    /// Closes all of them.
    func closeAll() {
        for channel in open.withLock({ $0 }) { channel.close(promise: nil) }
    }

    /// Counts a connection until it ends; closes the oldest beyond `most`.
    ///
    /// An answer is written as soon as a head is there, so an old connection is a silent one.
    func add(_ channel: any Channel, most: Int) {
        let oldest = open.withLock { open in
            open.append(channel)
            return open.count > max(1, most) ? open.removeFirst() : nil
        }
        oldest?.close(promise: nil)
        channel.closeFuture.whenComplete { [self] _ in
            open.withLock { open in
                open.removeAll { ObjectIdentifier($0) == ObjectIdentifier(channel) }
            }
        }
    }
}
