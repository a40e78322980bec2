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
    public internal(set) var uses = 0
    /// The bytes it wrote itself.
    public internal(set) var bytes = 0
    /// The clock's units that it took itself.
    public internal(set) var time: UInt64 = 0
}
