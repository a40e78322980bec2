// What one event loop knows of fragments: the normal source of a page's slots.
//
// Redis tells of every change (`FragmentClient`), so a fragment that is here is as good as there.
// Who may still be shown is decided by age and by what is known of Redis; nothing here waits,
// asks, or reads a clock. A visitor's own fragments have a budget apart, so that invented cookies
// never push out what everybody sees, and are never shown once they may have changed.

import AccessRecords
import ContentEncoding
import Fragments
import Groundwork
import NIOCore

/// What a slot of one answer shows.
struct FilledSlot: Sendable {
    /// nil is the fallback.
    let ready: ReadyFragment?
    let outcome: SlotOutcome
    /// When the fragment ends, in milliseconds since 1970; 0 for never.
    var expiry: UInt64 = 0

    static let anonymous = FilledSlot(ready: nil, outcome: .anonymous)
}

/// How long what is known may be shown.
struct FragmentTimes: Sendable {
    /// A fragment is asked for again after this, whether or not it changed.
    package var fresh = Duration.seconds(10)
    /// The same for a visitor's own.
    var freshPrivate = Duration.seconds(5)
    /// The same for one that Redis does not have.
    package var absent = Duration.seconds(1)
    /// The same if Redis refuses to tell of changes.
    var untold = Duration.seconds(1)
    /// How long one that has changed is shown while the new one is on its way.
    var revalidating = Duration.seconds(1)
    /// How long one counts as unchanged while Redis is away.
    var blind = Duration.seconds(5)
    /// How long the last one known is shown while Redis is away; never a visitor's own.
    package var kept = Duration.seconds(86_400)

    /// The defaults.
    package init() {}
}

/// The fragments that one event loop knows.
struct FragmentTable {
    /// What is known of Redis.
    enum Link {
        /// It answers and tells of changes.
        case told
        /// It answers but does not tell.
        case untold
        /// It does not answer.
        case away
    }

    /// What is to be done for one slot.
    enum Verdict {
        /// Show this.
        case show(FilledSlot)
        /// Show this, and ask Redis behind the visitor's back.
        case showAndAsk(FilledSlot)
        /// Wait for Redis; if it does not answer in time, show this.
        case wait(FilledSlot)
    }

    private final class Known {
        let key: FragmentKey
        var ready: ReadyFragment?
        var isRefused = false
        var expiry: UInt64 = 0
        var checked: NIODeadline
        var epoch: Int
        var staleSince: NIODeadline?
        var isUsed = false

        init(_ key: FragmentKey, _ checked: NIODeadline, epoch: Int) {
            self.key = key
            self.checked = checked
            self.epoch = epoch
        }
    }

    private struct Amounts {
        let fresh, freshPrivate, absent, untold, revalidating, blind, kept: TimeAmount

        init(_ times: FragmentTimes) {
            fresh = times.fresh.amount
            freshPrivate = times.freshPrivate.amount
            absent = times.absent.amount
            untold = times.untold.amount
            revalidating = times.revalidating.amount
            blind = times.blind.amount
            kept = times.kept.amount
        }
    }

    private var shared: LRUCache<FragmentKey, Known>
    private var visitors: LRUCache<FragmentKey, Known>
    private let times: Amounts
    private var epoch = 0
    private var epochBegan = NIODeadline.uptimeNanoseconds(0)
    private(set) var link = Link.away

    /// An empty table; the budgets count bytes of HTML and their compressed forms.
    init(sharedBytesMax: Int, privateBytesMax: Int, times: FragmentTimes) {
        shared = LRUCache(costMax: sharedBytesMax)
        visitors = LRUCache(costMax: privateBytesMax)
        self.times = Amounts(times)
    }

    /// How many fragments are known, and their cost.
    var sizes: (shared: Int, visitors: Int, bytes: Int) {
        (shared.count, visitors.count, shared.cost + visitors.cost)
    }

    // MARK: Looking

    /// What to do for a slot; `wall` is the time in milliseconds since 1970.
    mutating func look(_ key: FragmentKey, _ now: NIODeadline, wall: UInt64) -> Verdict {
        let found = key.isPrivate ? visitors.value(key) : shared.value(key)
        guard let known = found else {
            let none = FilledSlot(ready: nil, outcome: .late)
            return link == .away ? .show(none) : .wait(none)
        }
        known.isUsed = true
        if known.expiry != 0, known.expiry <= wall { end(known) }
        let age = now - known.checked
        if known.staleSince == nil, known.epoch == epoch, age < freshness(of: known) {
            return .show(filled(known, .hit))
        }
        if link == .away {
            if known.staleSince == nil, age < times.blind { return .show(filled(known, .hit)) }
            return .show(kept(known, age))
        }
        if !key.isPrivate, now - staleTime(of: known) < times.revalidating {
            return .showAndAsk(filled(known, .stale))
        }
        return .wait(kept(known, age))
    }

    private func freshness(of known: Known) -> TimeAmount {
        switch link {
        case .away: .nanoseconds(0)
        case .untold: times.untold
        case .told:
            known.ready == nil
                ? times.absent : known.key.isPrivate ? times.freshPrivate : times.fresh
        }
    }

    private func staleTime(of known: Known) -> NIODeadline {
        if let since = known.staleSince { return since }
        return known.epoch == epoch ? known.checked + freshness(of: known) : epochBegan
    }

    private func filled(_ known: Known, _ outcome: SlotOutcome) -> FilledSlot {
        guard let ready = known.ready else {
            return FilledSlot(ready: nil, outcome: known.isRefused ? .refused : .absent)
        }
        return FilledSlot(ready: ready, outcome: outcome, expiry: known.expiry)
    }

    /// The last one known, or the fallback.
    private func kept(_ known: Known, _ age: TimeAmount) -> FilledSlot {
        guard !known.key.isPrivate, age < times.kept, let ready = known.ready else {
            return FilledSlot(ready: nil, outcome: .late)
        }
        return FilledSlot(ready: ready, outcome: .kept, expiry: known.expiry)
    }

    /// A fragment is over: nobody shows it again, and Redis may have another.
    private func end(_ known: Known) {
        known.ready = nil
        known.expiry = 0
        known.checked = .uptimeNanoseconds(0)
    }

    // MARK: Learning

    /// Takes what Redis answered.
    ///
    /// `isDirty` says that it changed between question and answer, so it is only the last known.
    mutating func learn(
        _ key: FragmentKey, _ met: JudgedValue, isDirty: Bool, _ now: NIODeadline
    ) {
        let cost = (met.ready?.prepared.storedBytes ?? 0) + key.bytes.count + 192
        let known = Known(key, now, epoch: epoch)
        known.ready = met.ready
        known.isRefused = met.isRefused
        known.expiry = met.expiry
        known.staleSince = isDirty ? now : nil
        if key.isPrivate {
            if isDirty {
                visitors.remove(key)
            } else {
                visitors.insert(known, for: key, cost: cost)
            }
        } else {
            shared.insert(known, for: key, cost: cost)
        }
    }

    /// Marks a fragment as changed.
    ///
    /// - Returns: whether it was shown since it was learnt, so that asking now will serve somebody.
    mutating func invalidate(_ key: FragmentKey, _ now: NIODeadline) -> Bool {
        if key.isPrivate {
            visitors.remove(key)
            return false
        }
        guard let known = shared.value(key) else { return false }
        if known.staleSince == nil { known.staleSince = now }
        defer { known.isUsed = false }
        return known.isUsed
    }

    /// Everything may have changed: Redis was emptied, or was away.
    mutating func invalidateAll(_ now: NIODeadline) {
        epoch += 1
        epochBegan = now
    }

    /// Notes what is known of Redis; everything known before it came back must be asked for again.
    mutating func set(_ link: Link, _ now: NIODeadline) {
        if link != .away, self.link == .away { invalidateAll(now) }
        self.link = link
    }
}
