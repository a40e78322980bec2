// The cache with a budget, against a plain list.

import Groundwork
import Testing

@Suite("Least recently used") struct LRUCacheTests {
    @Test func `the budget holds and the oldest goes first`() {
        var cache = LRUCache<Int, Int>(costMax: 30)
        for key in 1...3 { cache.insert(key, for: key, cost: 10) }
        #expect(value { cache.value(1) } == 1)
        cache.insert(4, for: 4, cost: 10)
        #expect(value { cache.value(2) } == nil)
        #expect(value { cache.value(1) } == 1)
        cache.insert(9, for: 9, cost: 31)
        #expect(value { cache.value(9) } == nil, "dearer than the budget")
        #expect(cache.count == 3)
    }

    @Test func `it agrees with a plain list under any sequence`() {
        var random = SystemRandomNumberGenerator()
        var cache = LRUCache<Int, Int>(costMax: 10)
        var list: [Int] = []
        for step in 0..<20_000 {
            let key = Int.random(in: 0..<20, using: &random)
            switch step % 3 {
            case 0:
                cache.insert(key, for: key, cost: 1)
                list.removeAll { $0 == key }
                list.append(key)
                if list.count > 10 { list.removeFirst() }
            case 1:
                let isThere = list.contains(key)
                #expect(value { cache.value(key) != nil } == isThere)
                if isThere {
                    list.removeAll { $0 == key }
                    list.append(key)
                }
            default:
                if step % 9 == 2 {
                    cache.remove(key)
                    list.removeAll { $0 == key }
                }
            }
            #expect(cache.count == list.count)
        }
    }
}

/// What a change of a cache gives, so that `#expect` can ask for it.
private func value<Value>(_ change: () -> Value) -> Value { change() }
