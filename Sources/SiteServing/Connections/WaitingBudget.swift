import NIOCore

/// The bytes that wait for the clients of one event loop, and those of requests that are not whole.
final class WaitingBudget {
    let bytesMax: Int
    private(set) var bytes = 0
    /// Who holds shared bytes: how many, by identity.
    private var holders: [ObjectIdentifier: Int] = [:]
    /// Called when there are too many; not again until there are not.
    var whenExceeded: (() -> Void)?
    private var isTold = false

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// What is to be left when too many were waiting.
    var bytesLeft: Int { bytesMax / 4 * 3 }

    /// Whether who holds something gets nothing new.
    var isTight: Bool { bytes > bytesLeft }

    /// Whether somebody has to go.
    var isExceeded: Bool { bytes > bytesMax }

    func add(_ count: Int) {
        bytes += count
        if !isExceeded {
            isTold = false
        } else if !isTold {
            isTold = true
            whenExceeded?()
        }
    }

    func hold(_ shared: SharedBytes) {
        let count = holders[ObjectIdentifier(shared), default: 0] + 1
        holders[ObjectIdentifier(shared)] = count
        if count == 1 { add(shared.count) }
    }

    func release(_ shared: SharedBytes) {
        let count = (holders[ObjectIdentifier(shared)] ?? 1) - 1
        holders[ObjectIdentifier(shared)] = count > 0 ? count : nil
        if count == 0 { add(-shared.count) }
    }
}
