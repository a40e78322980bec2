// A cache with a budget that forgets what was used longest ago.
//
// The order is a linked list inside one array, so a hit moves numbers and allocates nothing. The
// cost of a value is the caller's to say; a value dearer than the budget is not kept at all.
//
// Public, although no other package sees it: the compiler specialises `@inlinable` code of another
// module only then. As `package`, each request paid for generic metadata (docs/decisions).

/// Values by key, up to a total cost.
public struct LRUCache<Key: Hashable, Value> {
    @usableFromInline struct Node {
        @usableFromInline var key: Key
        @usableFromInline var value: Value
        @usableFromInline var cost: Int
        @usableFromInline var newer: Int
        @usableFromInline var older: Int

        @inlinable init(key: Key, value: Value, cost: Int) {
            (self.key, self.value, self.cost) = (key, value, cost)
            (newer, older) = (-1, -1)
        }
    }

    @usableFromInline var nodes: [Node] = []
    @usableFromInline var places: [Key: Int] = [:]
    @usableFromInline var newest = -1
    @usableFromInline var oldest = -1
    @usableFromInline var held = 0
    /// The most that it may cost.
    public let costMax: Int

    /// Holds nothing yet.
    @inlinable public init(costMax: Int) { self.costMax = costMax }

    /// What is held costs this much.
    @inlinable public var cost: Int { held }

    /// How many values are held.
    @inlinable public var count: Int { places.count }

    /// The value, which becomes the newest.
    @inlinable public mutating func value(_ key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        if place != newest {
            unlink(place)
            link(place)
        }
        return nodes[place].value
    }

    /// Keeps a value, replacing one of the same key, and forgets the oldest beyond the budget.
    @inlinable public mutating func insert(_ value: Value, for key: Key, cost: Int) {
        remove(key)
        guard cost <= costMax else { return }
        while held + cost > costMax, oldest >= 0 { remove(nodes[oldest].key) }
        nodes.append(Node(key: key, value: value, cost: cost))
        places[key] = nodes.count - 1
        held += cost
        link(nodes.count - 1)
    }

    /// Forgets one value.
    @inlinable public mutating func remove(_ key: Key) {
        guard let place = places.removeValue(forKey: key) else { return }
        held -= nodes[place].cost
        unlink(place)
        let last = nodes.count - 1
        if place != last {
            move(from: last, to: place)
        }
        nodes.removeLast()
    }

    @inlinable mutating func move(from: Int, to place: Int) {
        let node = nodes[from]
        nodes[place] = node
        places[node.key] = place
        if node.newer >= 0 { nodes[node.newer].older = place } else { newest = place }
        if node.older >= 0 { nodes[node.older].newer = place } else { oldest = place }
    }

    @inlinable mutating func unlink(_ place: Int) {
        let (newer, older) = (nodes[place].newer, nodes[place].older)
        if newer >= 0 { nodes[newer].older = older } else { newest = older }
        if older >= 0 { nodes[older].newer = newer } else { oldest = newer }
    }

    @inlinable mutating func link(_ place: Int) {
        nodes[place].newer = -1
        nodes[place].older = newest
        if newest >= 0 { nodes[newest].newer = place } else { oldest = place }
        newest = place
    }
}

extension LRUCache.Node: Sendable where Key: Sendable, Value: Sendable {}
extension LRUCache: Sendable where Key: Sendable, Value: Sendable {}
