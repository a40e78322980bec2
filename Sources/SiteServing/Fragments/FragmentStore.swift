// Gives pages their fragments: from the table at once, else from Redis within a deadline.
//
// A fragment that several pages miss is asked for once, and all misses of one turn of the event
// loop travel as one MGET. An answer that comes too late for its page still serves the next one.
// While Redis keeps pages waiting in vain nobody waits at all (`CircuitBreaker`).

import AccessRecords
import Fragments
import Glibc
import NIOCore
import Redis

/// The fragments of one event loop.
final class FragmentStore {
    typealias Waiter = ([FilledSlot]) -> Void

    private struct Flight {
        var pages: [Int] = []
        var isDirty = false
    }

    private struct Page {
        var slots: [FilledSlot]
        /// For each slot the key it waits for.
        var awaited: [FragmentKey?]
        var left: Int
        let deadline: NIODeadline
        let waiter: Waiter
    }

    private let loop: any EventLoop
    private let limits: ServingLimits
    private let client: FragmentClient?
    private let counters: LoopCounters
    private var table: FragmentTable
    private var met: PreparedFragments
    private var breaker = CircuitBreaker()
    private var flights: [FragmentKey: Flight] = [:]
    /// The pages that wait, by number; numbers rise, so the first is the one that waits longest.
    private var pages: [Int: Page] = [:]
    private var nextPage = 0
    private var oldestPage = 0
    private var wanted: [FragmentKey] = []
    private var isFlushPlanned = false
    private var isExpiryPlanned = false

    init(
        loop: any EventLoop, url: RedisURL?, limits: ServingLimits, counters: LoopCounters,
        onEvent: @escaping @Sendable (ServerEvent) -> Void
    ) {
        self.loop = loop
        self.limits = limits
        self.counters = counters
        table = FragmentTable(
            sharedBytesMax: limits.fragmentMemoryMax,
            privateBytesMax: limits.privateFragmentMemoryMax, times: limits.fragmentTimes)
        met = PreparedFragments(bytesMax: limits.fragmentMemoryMax / 4, onEvent: onEvent)
        client = url.map { FragmentClient(loop: loop, url: $0, onEvent: onEvent) }
    }

    /// Begins to connect; the future succeeds when the first attempt ended, well or not.
    func start() -> EventLoopFuture<Void> {
        guard let client else { return loop.makeSucceededVoidFuture() }
        client.onChange = { [unowned self] in changed($0) }
        return client.start()
    }

    /// Closes the connection; whoever waits goes on without.
    func stop() {
        client?.stop()
        abandon()
    }

    /// Whether Redis answers; nil if there is none.
    var isAvailable: Bool? { client == nil ? nil : table.link != .away }

    /// Whether Redis tells of changes.
    var isTold: Bool { table.link == .told }

    /// How many fragments are known, and their cost in bytes.
    var sizes: (shared: Int, visitors: Int, bytes: Int) { table.sizes }

    /// What the slots of a page show, in the order of the keys; a nil key is the fallback.
    ///
    /// - Returns: nil if the page must wait; `waiter` is then called once, on the event loop.
    func slots(for keys: [FragmentKey?], _ waiter: @escaping Waiter) -> [FilledSlot]? {
        let now = NIODeadline.now()
        let wall = PreparedFragments.clock()
        var slots: [FilledSlot] = []
        slots.reserveCapacity(keys.count)
        var awaited: [FragmentKey?] = []
        let mayWait = breaker.isClosed && pages.count < limits.fragmentWaitersMax
        for (index, key) in keys.enumerated() {
            guard let key else {
                slots.append(.anonymous)
                continue
            }
            switch table.look(key, now, wall: wall) {
            case .show(let slot): slots.append(slot)
            case .showAndAsk(let slot):
                slots.append(slot)
                want(key)
            case .wait(let slot):
                let isNew = flights[key] == nil
                guard want(key), mayWait else {
                    slots.append(slot)
                    continue
                }
                if awaited.isEmpty { awaited = [FragmentKey?](repeating: nil, count: keys.count) }
                awaited[index] = key
                slots.append(
                    FilledSlot(
                        ready: slot.ready, outcome: isNew ? .miss : .collapsed,
                        expiry: slot.expiry))
            }
        }
        guard !awaited.isEmpty else {
            counters.count(slots)
            return slots
        }
        wait(
            Page(
                slots: slots, awaited: awaited, left: awaited.count { $0 != nil },
                deadline: now + limits.fragmentTime.amount, waiter: waiter))
        return nil
    }

    private func wait(_ page: Page) {
        for key in page.awaited {
            if let key { flights[key]?.pages.append(nextPage) }
        }
        pages[nextPage] = page
        nextPage += 1
        planExpiry()
    }

    // MARK: Asking

    /// Has a fragment fetched unless it is on its way; false if nothing can be fetched now.
    @discardableResult private func want(_ key: FragmentKey) -> Bool {
        if flights[key] != nil { return true }
        guard table.link != .away, flights.count < limits.fragmentFlightsMax else { return false }
        flights[key] = Flight()
        wanted.append(key)
        if wanted.count >= limits.fragmentKeysMax { flush() }
        if !isFlushPlanned, !wanted.isEmpty {
            isFlushPlanned = true
            let store = NIOLoopBound(self, eventLoop: loop)
            // After this turn's reads, so that all pages of the turn share one command.
            loop.execute {
                store.value.isFlushPlanned = false
                store.value.flush()
            }
        }
        return true
    }

    private func flush() {
        guard !wanted.isEmpty else { return }
        let keys = wanted
        wanted = []
        let sent = NIODeadline.now()
        counters.fragmentFetches += 1
        let isSent = client?.fetch(keys) { [unowned self] values in
            arrived(keys, values, sent)
        }
        if isSent != true { arrived(keys, nil, sent) }
    }

    private func arrived(_ keys: [FragmentKey], _ values: [[UInt8]?]?, _ sent: NIODeadline) {
        let now = NIODeadline.now()
        if values != nil, now - sent < limits.fragmentTime.amount { _ = breaker.succeeded() }
        for (index, key) in keys.enumerated() {
            guard let flight = flights.removeValue(forKey: key) else { continue }
            var slot: FilledSlot?
            if let values {
                let value = values[index].map { met.meet($0, for: key) } ?? .absent
                table.learn(key, value, isDirty: flight.isDirty, now)
                slot = FilledSlot(
                    ready: value.ready,
                    outcome: value.ready != nil ? .miss : value.isRefused ? .refused : .absent,
                    expiry: value.expiry)
            }
            for page in flight.pages { land(slot, key, on: page) }
        }
    }

    /// Gives a page one of the fragments it waits for; nil if Redis failed.
    private func land(_ slot: FilledSlot?, _ key: FragmentKey, on number: Int) {
        guard var page = pages[number] else { return }
        for (index, awaited) in page.awaited.enumerated() where awaited == key {
            page.awaited[index] = nil
            page.left -= 1
            guard let slot else {
                page.slots[index] = Self.late(page.slots[index])
                continue
            }
            let isShown = slot.ready != nil
            page.slots[index] = FilledSlot(
                ready: slot.ready, outcome: isShown ? page.slots[index].outcome : slot.outcome,
                expiry: slot.expiry)
        }
        guard page.left == 0 else {
            pages[number] = page
            return
        }
        pages[number] = nil
        counters.count(page.slots)
        page.waiter(page.slots)
    }

    private static func late(_ slot: FilledSlot) -> FilledSlot {
        FilledSlot(
            ready: slot.ready, outcome: slot.ready == nil ? .late : .kept, expiry: slot.expiry)
    }

    // MARK: Giving up

    private func planExpiry() {
        guard !isExpiryPlanned, !pages.isEmpty else { return }
        while pages[oldestPage] == nil, oldestPage < nextPage { oldestPage += 1 }
        guard let deadline = pages[oldestPage]?.deadline else { return }
        isExpiryPlanned = true
        let store = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(deadline: deadline) { store.value.expire() }
    }

    private func expire() {
        isExpiryPlanned = false
        let now = NIODeadline.now()
        while oldestPage < nextPage {
            guard let page = pages[oldestPage] else {
                oldestPage += 1
                continue
            }
            if page.deadline > now { break }
            pages[oldestPage] = nil
            if breaker.failed() { planProbe() }
            giveUp(page)
        }
        planExpiry()
    }

    private func giveUp(_ page: Page) {
        var page = page
        for (index, key) in page.awaited.enumerated() where key != nil {
            page.slots[index] = Self.late(page.slots[index])
        }
        counters.count(page.slots)
        page.waiter(page.slots)
    }

    /// Lets pages wait again after a while: the first of them tells whether it was too early.
    private func planProbe() {
        counters.breakerOpenings += 1
        let store = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: breaker.pause(random: .random(in: 0..<1))) {
            store.value.breaker.halfOpen()
        }
    }

    private func abandon() {
        flights = [:]
        wanted = []
        let waiting = pages
        pages = [:]
        for number in waiting.keys.sorted() {
            if let page = waiting[number] { giveUp(page) }
        }
    }

    // MARK: Hearing

    private func changed(_ change: FragmentClient.Change) {
        let now = NIODeadline.now()
        switch change {
        case .connected(let isTold):
            table.set(isTold ? .told : .untold, now)
            _ = breaker.succeeded()
        case .lost:
            table.set(.away, now)
            abandon()
        case .allInvalid:
            table.invalidateAll(now)
            for key in flights.keys { flights[key]?.isDirty = true }
        case .invalid(let keys):
            counters.invalidations += keys.count
            for bytes in keys {
                guard let key = FragmentKey(bytes) else { continue }
                flights[key]?.isDirty = true
                if table.invalidate(key, now) { want(key) }
            }
        }
    }
}
