// Two connections to Redis: one asks for fragments, the other hears which of them changed.
//
// Redis tells of changes on a connection that has subscribed, and RESP2 allows such a connection
// nothing else; hence two. They live and die together: what one of them missed the other cannot
// know. A server that refuses to tell (an old one, a proxy, a user without the right) is used all
// the same, and what it gave is then asked for again after a second.

import Fragments
import Groundwork
import NIOCore
import Redis

/// The connections of one event loop to Redis.
final class FragmentClient {
    /// What became known.
    enum Change {
        /// Redis answers; whether it tells of changes.
        case connected(isTold: Bool)
        /// It does not answer any more.
        case lost
        /// These keys changed.
        case invalid([[UInt8]])
        /// Every key may have changed.
        case allInvalid
    }

    private let loop: any EventLoop
    private let url: RedisURL
    private let onEvent: @Sendable (ServerEvent) -> Void
    /// Hears of each change; set before `start`.
    var onChange: ((Change) -> Void)?
    private var data: RedisLink?
    private var told: RedisLink?
    private var isOpen = false
    private var isStopped = false
    /// Counts attempts, so that what an earlier one began does nothing to a later one.
    private var attempt = 0
    private var pauses = Pauses(from: .milliseconds(100), to: .milliseconds(1_500))
    private var timer: Scheduled<Void>?
    private var firstAttempt: EventLoopPromise<Void>?
    private var unansweredBeats = (data: 0, told: 0)
    private var isAvailabilityTold: Bool?

    /// How long connecting, logging in and the first PING may take together.
    static let attemptTime = TimeAmount.seconds(1)
    /// How often Redis is asked whether it is there.
    static let beat = TimeAmount.seconds(1)
    /// Unanswered questions after which it is not.
    static let unansweredBeatsMax = 2
    /// The channel that Redis names changed keys on (redis.io, client-side caching).
    static let invalidations = "__redis__:invalidate"

    init(
        loop: any EventLoop, url: RedisURL, onEvent: @escaping @Sendable (ServerEvent) -> Void
    ) {
        self.loop = loop
        self.url = url
        self.onEvent = onEvent
    }

    /// Begins to connect; the future succeeds when the first attempt ended, well or not.
    func start() -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        firstAttempt = promise
        connect()
        return promise.futureResult
    }

    /// Closes both connections for good.
    func stop() {
        isStopped = true
        timer?.cancel()
        close()
        endFirstAttempt()
    }

    /// Asks for the values of keys, at most `RedisLimits.argumentsMax` less one.
    ///
    /// - Returns: false if there is no connection; `reply` is then never called, nor after a loss.
    func fetch(_ keys: [FragmentKey], _ reply: @escaping ([[UInt8]?]?) -> Void) -> Bool {
        guard isOpen, let data else { return false }
        let attempt = attempt
        data.send(RedisCommand("MGET", bytes: keys.map(\.bytes))) { [unowned self] answer in
            guard attempt == self.attempt else { return }
            guard let values = answer.values, values.count == keys.count else {
                // LOADING, NOPERM and the like: an answer, but none to go on with.
                reply(nil)
                return lose()
            }
            reply(values)
        }
        return true
    }

    // MARK: Connecting

    private func connect() {
        guard !isStopped else { return }
        attempt += 1
        let number = attempt
        let client = NIOLoopBound(self, eventLoop: loop)
        timer = loop.scheduleTask(in: Self.attemptTime) { client.value.lose() }
        let data = RedisLink.open(url, on: loop, within: Self.attemptTime)
        let told = RedisLink.open(url, on: loop, within: Self.attemptTime)
        data.and(told).hop(to: loop).whenComplete { result in
            let client = client.value
            guard number == client.attempt, !client.isStopped else {
                for link in [data, told] {
                    link.whenSuccess { $0.value.close() }
                }
                return
            }
            switch result {
            case .success((let data, let told)): client.logIn(data.value, told.value)
            case .failure:
                for link in [data, told] {
                    link.whenSuccess { $0.value.close() }
                }
                client.lose()
            }
        }
    }

    private func logIn(_ data: RedisLink, _ told: RedisLink) {
        self.data = data
        self.told = told
        data.onEnd = { [unowned self] in lose() }
        told.onEnd = { [unowned self] in lose() }
        for command in url.handshake {
            data.send(command) { [unowned self] in requireStatus($0) }
            told.send(command) { [unowned self] in requireStatus($0) }
        }
        told.send(RedisCommand("CLIENT", "ID")) { [unowned self] reply in
            guard case .integer(let id) = reply else { return refuseToTell() }
            track(id)
        }
    }

    /// Has the connection told of every key that fragments may have, by itself to itself.
    private func track(_ id: Int) {
        guard let told else { return }
        told.send(
            RedisCommand(
                "CLIENT", "TRACKING", "ON", "REDIRECT", "\(id)", "BCAST", "PREFIX",
                FragmentKey.prefix)
        ) { [unowned self] reply in
            guard case .status = reply else { return refuseToTell() }
            subscribe()
        }
    }

    private func subscribe() {
        told?.send(RedisCommand("SUBSCRIBE", Self.invalidations)) { [unowned self] reply in
            guard case .array = reply else { return refuseToTell() }
            told?.onPush = { [unowned self] in hear($0) }
            ready(isTold: true)
        }
    }

    private func refuseToTell() {
        told?.close()
        told = nil
        ready(isTold: false)
    }

    /// The last question before pages may ask: only now is every change sure to be told.
    private func ready(isTold: Bool) {
        data?.send(RedisCommand("PING")) { [unowned self] reply in
            guard case .status = reply else { return lose() }
            timer?.cancel()
            isOpen = true
            pauses.reset()
            unansweredBeats = (0, 0)
            planBeat()
            tell(isAvailable: true)
            if !isTold { onEvent(.fragmentChangesUntold) }
            onChange?(.connected(isTold: isTold))
            endFirstAttempt()
        }
    }

    private func requireStatus(_ reply: RedisReply) {
        if case .status = reply { return }
        lose()
    }

    private func endFirstAttempt() {
        firstAttempt?.succeed()
        firstAttempt = nil
    }

    // MARK: Living

    private func hear(_ reply: RedisReply) {
        guard case .array(let parts) = reply, parts.count == 3,
            case .bytes(let kind) = parts[0], kind == Array("message".utf8)
        else {
            // The answer to PING on a connection that has subscribed.
            unansweredBeats.told = 0
            return
        }
        switch parts[2] {
        case .array(let keys):
            onChange?(
                .invalid(
                    keys.compactMap { key in
                        if case .bytes(let bytes) = key { bytes } else { nil }
                    }))
        default: onChange?(.allInvalid)
        }
    }

    private func planBeat() {
        let client = NIOLoopBound(self, eventLoop: loop)
        let number = attempt
        timer = loop.scheduleTask(in: Self.beat) {
            if client.value.attempt == number { client.value.askForLife() }
        }
    }

    private func askForLife() {
        guard isOpen, let data else { return }
        guard max(unansweredBeats.data, unansweredBeats.told) < Self.unansweredBeatsMax else {
            return lose()
        }
        unansweredBeats.data += 1
        data.send(RedisCommand("PING")) { [unowned self] _ in unansweredBeats.data = 0 }
        if let told {
            unansweredBeats.told += 1
            told.send(RedisCommand("PING"), nil)
        }
        planBeat()
    }

    // MARK: Ending

    private func lose() {
        let wasOpen = isOpen
        timer?.cancel()
        close()
        attempt += 1
        guard !isStopped else { return }
        if wasOpen { onChange?(.lost) }
        let pause = TimeAmount(pauses.take(random: .random(in: 0..<1)))
        tell(isAvailable: false, retry: pause)
        endFirstAttempt()
        let client = NIOLoopBound(self, eventLoop: loop)
        timer = loop.scheduleTask(in: pause) { client.value.connect() }
    }

    private func close() {
        isOpen = false
        data?.close()
        told?.close()
        data = nil
        told = nil
    }

    private func tell(isAvailable: Bool, retry: TimeAmount = .zero) {
        guard isAvailabilityTold != isAvailable else { return }
        isAvailabilityTold = isAvailable
        onEvent(
            isAvailable
                ? .fragmentsAvailable
                : .fragmentsUnavailable(retry: .nanoseconds(retry.nanoseconds)))
    }
}
