// What each component costs: how often it is written, how many bytes it writes itself, how long
// that takes. Measured only when the environment brings a clock; pages do not change by it.
//
// Bytes and time of the components inside a component are theirs, not its own, so the sum over all
// components is the page. This module reads no clock: the caller's is asked.

/// What one component cost in one page, without the components inside it.
public struct ComponentCost: Sendable, Hashable {
    /// The type's name with its module.
    public let name: String
    /// How often it was written.
    public fileprivate(set) var uses = 0
    /// The bytes it wrote itself.
    public fileprivate(set) var bytes = 0
    /// The clock's units that it took itself.
    public fileprivate(set) var time: UInt64 = 0
}

/// The costs of a page while it is written.
struct CostSheet {
    private var costs: [ObjectIdentifier: ComponentCost] = [:]
    /// Bytes and time of the components inside the one that is being written.
    private var inner: (bytes: Int, time: UInt64) = (0, 0)

    /// What is found so far, by name.
    var all: [ComponentCost] { costs.values.sorted { $0.name < $1.name } }

    /// Begins a component: what was inside the one around it is put aside.
    mutating func begin() -> (bytes: Int, time: UInt64) {
        defer { inner = (0, 0) }
        return inner
    }

    /// Ends a component that wrote so much in so long, all in all.
    mutating func end(
        _ type: any Component.Type, bytes: Int, time: UInt64, outer: (bytes: Int, time: UInt64)
    ) {
        var cost = costs[ObjectIdentifier(type)] ?? ComponentCost(name: typeName(type))
        cost.uses += 1
        cost.bytes += bytes - inner.bytes
        cost.time += time - min(time, inner.time)
        costs[ObjectIdentifier(type)] = cost
        inner = (outer.bytes + bytes, outer.time + time)
    }
}
