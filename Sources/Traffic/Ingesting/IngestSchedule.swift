// When an ingester does what: a state machine of what was done and what time it is, without a clock
// and without a database.
//
// A look is one action. Records come first, once a second or, while more wait than fit into a
// batch, at once; what keeps the schema in order comes between two batches when its time has come,
// and each at once after a start. Dropping old rows and making new partitions take turns, so that
// one that has to wait for a lock does not hold up the other.

/// What an ingester does next.
struct IngestSchedule {
    /// A time of the clock that runs on while a machine sleeps or is set.
    typealias Instant = ContinuousClock.Instant

    /// What can be done.
    enum Action: Equatable, CaseIterable {
        /// Make keys of visitors ahead, and tell them to the servers of the folder.
        case exchangeKeys
        /// Make the partitions of the next days.
        case makeDays
        /// Take in what the segments have.
        case ingest
        /// Prove days that are over.
        case seal
        /// Drop rows and counts whose time is over.
        case expire
        /// Leave the folder and the database alone until then.
        case rest(until: Instant)

        static var allCases: [Action] { [.exchangeKeys, .makeDays, .ingest, .seal, .expire] }
    }

    /// How often each is done.
    static func interval(of action: Action) -> Duration {
        switch action {
        case .ingest: .seconds(1)
        case .exchangeKeys, .expire: .seconds(60)
        case .makeDays, .seal: .seconds(600)
        case .rest: .zero
        }
    }

    private var next: [(action: Action, at: Instant)]

    /// Begins with everything due.
    init(at now: Instant) {
        next = Action.allCases.map { ($0, now) }
    }

    /// The action that is due for the longest, or a rest until one is.
    func next(at now: Instant) -> Action {
        guard let first = next.min(by: { $0.at < $1.at }) else { return .rest(until: now) }
        return first.at <= now ? first.action : .rest(until: first.at)
    }

    /// Notes that an action was done.
    ///
    /// - Parameters:
    ///   - action: what `next` gave.
    ///   - hasMore: whether there is more of it to do now.
    ///   - now: when it was done.
    mutating func did(_ action: Action, hasMore: Bool = false, at now: Instant) {
        guard let place = next.firstIndex(where: { $0.action == action }) else { return }
        next[place].at = hasMore ? now : now + Self.interval(of: action)
    }

    /// Notes that an action could not be done, since somebody held a lock.
    mutating func postpone(_ action: Action, at now: Instant) {
        guard let place = next.firstIndex(where: { $0.action == action }) else { return }
        next[place].at = now + .seconds(60)
    }
}
