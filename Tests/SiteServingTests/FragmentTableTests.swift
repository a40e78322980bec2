// What the local table shows at which time, with a clock that the test moves.

import Fragments
import NIOCore
import Testing

@testable import SiteServing

@Suite("Fragment table") struct FragmentTableTests {
    private let key: FragmentKey
    private let own: FragmentKey
    private var table: FragmentTable

    init() throws {
        key = try FragmentKey(shared: "one")
        own = try #require(try FragmentKey(perVisitor: "bag", cookieValue: Array("abc".utf8)))
        table = FragmentTable(
            sharedBytesMax: 100_000, privateBytesMax: 2_000, times: FragmentTimes())
        table.set(.told, at(0))
    }

    private func at(_ seconds: Double) -> NIODeadline {
        .uptimeNanoseconds(1_000_000_000_000 + UInt64(seconds * 1e9))
    }

    private func met(_ html: String?, expiry: UInt64 = 0) -> JudgedValue {
        JudgedValue(
            ready: html.flatMap { ReadyFragment(Array($0.utf8)) }, isRefused: false,
            expiry: expiry)
    }

    /// The verdict in words: what is done, how the slot is filled, and whether with a fragment.
    private mutating func look(
        _ key: FragmentKey, _ seconds: Double, wall: UInt64 = 1_000
    ) -> String {
        func text(_ slot: FilledSlot) -> String {
            "\(slot.outcome) \(slot.ready == nil ? "fallback" : "fragment")"
        }
        return switch table.look(key, at(seconds), wall: wall) {
        case .show(let slot): text(slot)
        case .showAndAsk(let slot): "ask, " + text(slot)
        case .wait(let slot): "wait, else " + text(slot)
        }
    }

    @Test mutating func `a known fragment is shown, then asked for again, then waited for`() {
        #expect(report { look(key, 0) } == "wait, else late fallback")
        table.learn(key, met("a"), isDirty: false, at(0))
        #expect(report { look(key, 0) } == "hit fragment")
        #expect(report { look(key, 9.9) } == "hit fragment")
        #expect(report { look(key, 10.5) } == "ask, stale fragment")
        #expect(report { look(key, 11.5) } == "wait, else kept fragment")
    }

    @Test mutating func `a changed fragment is shown for a moment, then waited for`() {
        table.learn(key, met("a"), isDirty: false, at(0))
        #expect(
            report { table.invalidate(key, at(1)) } == false,
            "nobody has seen it: nothing to hurry for")
        #expect(report { look(key, 1) } == "ask, stale fragment")
        #expect(report { table.invalidate(key, at(1.5)) }, "somebody saw it")
        #expect(report { look(key, 1.9) } == "ask, stale fragment")
        #expect(
            report { look(key, 2.1) } == "wait, else kept fragment", "counted from the first change"
        )
        table.learn(key, met("b"), isDirty: false, at(2.2))
        #expect(report { look(key, 2.3) } == "hit fragment")
    }

    @Test mutating func `what changed between question and answer is only the last known`() {
        table.learn(key, met("a"), isDirty: true, at(0))
        #expect(report { look(key, 0.1) } == "ask, stale fragment")
        #expect(report { look(key, 1.1) } == "wait, else kept fragment")
        table.learn(own, met("mine"), isDirty: true, at(0))
        #expect(report { look(own, 0.1) } == "wait, else late fallback")
    }

    @Test mutating func `what Redis does not have is remembered for a second`() {
        table.learn(key, met(nil), isDirty: false, at(0))
        #expect(report { look(key, 0.9) } == "absent fallback")
        #expect(report { look(key, 1.1) } == "ask, absent fallback")
        #expect(report { look(key, 2.1) } == "wait, else late fallback")
        let refused = JudgedValue(ready: nil, isRefused: true, expiry: 0)
        table.learn(key, refused, isDirty: false, at(3))
        #expect(report { look(key, 3) } == "refused fallback")
    }

    @Test mutating func `a fragment that ended is never shown again`() {
        table.learn(key, met("a", expiry: 5_000), isDirty: false, at(0))
        #expect(report { look(key, 1, wall: 4_999) } == "hit fragment")
        #expect(report { look(key, 2, wall: 5_000) } == "wait, else late fallback")
        table.set(.away, at(3))
        #expect(report { look(key, 3, wall: 5_001) } == "late fallback")
    }

    @Test mutating func `without Redis what is known goes on, a visitor's own for a moment only`() {
        table.learn(key, met("a"), isDirty: false, at(0))
        table.learn(own, met("mine"), isDirty: false, at(0))
        table.set(.away, at(1))
        #expect(report { look(key, 4.9) } == "hit fragment")
        #expect(report { look(own, 4.9) } == "hit fragment")
        #expect(report { look(key, 5.1) } == "kept fragment")
        #expect(report { look(own, 5.1) } == "late fallback")
        #expect(report { look(key, 86_401) } == "late fallback")
        let other = try? FragmentKey(shared: "other")
        if let other {
            #expect(report { look(other, 2) } == "late fallback", "nobody waits for nothing")
        }
    }

    @Test mutating func `a change that was told before Redis went is not forgotten`() {
        table.learn(key, met("a"), isDirty: false, at(0))
        _ = table.invalidate(key, at(1))
        table.set(.away, at(1.1))
        #expect(report { look(key, 1.2) } == "kept fragment")
    }

    @Test mutating func `when Redis is back everything is asked for again`() {
        table.learn(key, met("a"), isDirty: false, at(0))
        table.learn(own, met("mine"), isDirty: false, at(0))
        table.set(.away, at(1))
        table.set(.told, at(2))
        #expect(report { look(key, 2.5) } == "ask, stale fragment")
        #expect(report { look(own, 2.5) } == "wait, else late fallback")
        #expect(report { look(key, 3.5) } == "wait, else kept fragment")
    }

    @Test mutating func `an emptied Redis makes everything doubtful`() {
        table.learn(key, met("a"), isDirty: false, at(0))
        table.learn(own, met("mine"), isDirty: false, at(0))
        table.invalidateAll(at(1))
        #expect(report { look(key, 1.5) } == "ask, stale fragment")
        #expect(report { look(own, 1.5) } == "wait, else late fallback")
    }

    @Test mutating func `a Redis that does not tell is asked every second`() {
        table.set(.away, at(0))
        table.set(.untold, at(1))
        table.learn(key, met("a"), isDirty: false, at(1))
        #expect(report { look(key, 1.9) } == "hit fragment")
        #expect(report { look(key, 2.1) } == "ask, stale fragment")
        #expect(report { look(key, 3.1) } == "wait, else kept fragment")
    }

    @Test mutating func `a visitor's own fragment is dropped when it changes`() {
        table.learn(own, met("mine"), isDirty: false, at(0))
        #expect(report { look(own, 4.9) } == "hit fragment")
        #expect(report { look(own, 5.1) } == "wait, else late fallback", "no moment of grace")
        table.learn(own, met("mine"), isDirty: false, at(6))
        #expect(report { table.invalidate(own, at(6.1)) } == false)
        #expect(table.sizes.visitors == 0)
    }

    @Test mutating func `invented visitors push out each other and nobody else`() throws {
        table.learn(key, met("a"), isDirty: false, at(0))
        for number in 0..<1_000 {
            let value = Array("visitor-\(number)".utf8)
            let key = try #require(try FragmentKey(perVisitor: "bag", cookieValue: value))
            table.learn(key, met("x"), isDirty: false, at(0))
        }
        #expect(table.sizes.visitors < 20)
        #expect(report { look(key, 1) } == "hit fragment")
    }

    @Test(arguments: [
        ("f:one", false), ("f:one:k", false), ("f:bag:3:abc", true), ("f:one:3x:abc", false),
        ("f:one::abc", false),
    ])
    func `a key from Redis is the key that was asked for`(text: String, isPrivate: Bool) throws {
        let key = try #require(FragmentKey(Array(text.utf8)))
        #expect(key.isPrivate == isPrivate)
        #expect(FragmentKey(Array("g:one".utf8)) == nil)
        #expect(FragmentKey(Array("f:".utf8)) == nil)
        #expect(try FragmentKey(Array("f:one:k".utf8)) == FragmentKey(shared: "one", key: "k"))
    }
}
