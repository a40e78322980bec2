// A cache with a budget that forgets what was used longest ago.
//
// The order is a linked list inside one array, so a hit moves numbers and allocates nothing. The
// cost of a value is the caller's to say; a value dearer than the budget is not kept at all.

/// Values by key, up to a total cost.
struct LRUCache<Key: Hashable, Value> {
    fileprivate struct Node {
        var key: Key
        var value: Value
        var cost: Int
        var newer: Int
        var older: Int
    }

    private var nodes: [Node] = []
    private var places: [Key: Int] = [:]
    private var newest = -1
    private var oldest = -1
    private(set) var cost = 0
    let costMax: Int

    init(costMax: Int) { self.costMax = costMax }

    var count: Int { places.count }

    /// The value, which becomes the newest.
    mutating func value(_ key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        if place != newest {
            unlink(place)
            link(place)
        }
        return nodes[place].value
    }

    /// Keeps a value, replacing one of the same key, and forgets the oldest beyond the budget.
    mutating func insert(_ value: Value, for key: Key, cost: Int) {
        remove(key)
        guard cost <= costMax else { return }
        while self.cost + cost > costMax, oldest >= 0 { remove(nodes[oldest].key) }
        nodes.append(Node(key: key, value: value, cost: cost, newer: -1, older: -1))
        places[key] = nodes.count - 1
        self.cost += cost
        link(nodes.count - 1)
    }

    /// Forgets one value.
    mutating func remove(_ key: Key) {
        guard let place = places.removeValue(forKey: key) else { return }
        cost -= nodes[place].cost
        unlink(place)
        let last = nodes.count - 1
        if place != last {
            move(from: last, to: place)
        }
        nodes.removeLast()
    }

    private mutating func move(from: Int, to place: Int) {
        let node = nodes[from]
        nodes[place] = node
        places[node.key] = place
        if node.newer >= 0 { nodes[node.newer].older = place } else { newest = place }
        if node.older >= 0 { nodes[node.older].newer = place } else { oldest = place }
    }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (nodes[place].newer, nodes[place].older)
        if newer >= 0 { nodes[newer].older = older } else { newest = older }
        if older >= 0 { nodes[older].newer = newer } else { oldest = newer }
    }

    private mutating func link(_ place: Int) {
        nodes[place].newer = -1
        nodes[place].older = newest
        if newest >= 0 { nodes[newest].newer = place } else { oldest = place }
        newest = place
    }
}

extension LRUCache.Node: Sendable where Key: Sendable, Value: Sendable {}
extension LRUCache: Sendable where Key: Sendable, Value: Sendable {}
