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
