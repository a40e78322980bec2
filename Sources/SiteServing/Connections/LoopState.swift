// What one event loop owns: its release, its fragments, its connections and their deadlines.
//
// Nothing here is shared between threads. Deadlines are looked at four times a second for all
// connections together, because a timer for each request would cost more than the request.

import AccessRecords
import Fragments
import NIOCore
import NIOPosix
import ReleaseFormat

/// The state of one event loop of the server.
final class LoopState {
    let loop: any EventLoop
    let options: ServerOptions
    let responder: Responder
    private(set) var release: ServedRelease
    var isDraining = false
    let fragments: FragmentStore
    let blobs: Blobs
    let loader: PieceLoader
    let turns: TurnQueue
    let budget: WaitingBudget
    let counters = LoopCounters()
    private var commonFields: CommonFields
    private var connections: [ObjectIdentifier: HTTPHandler] = [:]
    private var multiplexed: [ObjectIdentifier: HTTP2Connection] = [:]
    private var sweeper: RepeatedTask?
    /// Where answers are noted; nil for nowhere.
    let journal: AccessJournal?
    /// The counts of client addresses; nil if nothing is limited by them.
    let addresses: AddressLimits?
    private var idle: [EventLoopPromise<Void>] = []

    init(
        loop: any EventLoop, options: ServerOptions, release: ServedRelease,
        addresses: AddressLimits?, readers: NIOThreadPool, spool: ServerSpool?
    ) {
        blobs = release.blobs
        loader = PieceLoader(loop: loop, blobs: release.blobs, threads: readers)
        turns = TurnQueue(loop)
        budget = WaitingBudget(bytesMax: options.limits.waitingMemoryMax)
        self.addresses = addresses
        journal = options.journal(spool)
        self.loop = loop
        self.options = options
        self.release = release
        commonFields = CommonFields(adding: options.strictTransportLine)
        responder = Responder(
            hosts: options.hosts, gate: options.gate,
            takesReports: options.takesReports, isMeasuring: spool != nil,
            tellsTiming: options.tellsTiming,
            assembled: AssembledPages(bytesMax: options.limits.assembledMemoryMax),
            onEvent: options.onEvent)
        fragments = FragmentStore(
            loop: loop, url: options.redis, limits: options.limits, counters: counters,
            onEvent: options.onEvent)
    }

    /// Closes those that hold most for longest, once too much waits for clients or for the rest of
    /// their requests.
    private func relieve() {
        for handler in connections.values { handler.measure() }
        guard budget.isExceeded else { return }
        let now = NIODeadline.now()
        var clients: [ObjectIdentifier: Shedding] = [:]
        for handler in connections.values
        where handler.waiting.count > 0 || handler.receivedBytes > 0 {
            let parent = handler.parent
            let id = parent.map { ObjectIdentifier($0) } ?? ObjectIdentifier(handler)
            clients[id, default: Shedding(parent: parent)].add(handler, now)
        }
        for client in clients.values.sorted(by: { $0.weight > $1.weight }) {
            guard budget.bytes > budget.bytesLeft else { return }
            counters.connectionsShed += 1
            client.parent?.close()
            for handler in client.handlers { handler.shed() }
        }
    }

    /// Starts the sweeper and connects to Redis; succeeds when the first attempt ended.
    func start() -> EventLoopFuture<Void> {
        let state = NIOLoopBound(self, eventLoop: loop)
        budget.whenExceeded = { [loop] in loop.execute { state.value.relieve() } }
        let interval = options.limits.sweepInterval.amount
        sweeper = loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            state.value.sweep()
        }
        journal?.recorder?.serve(release)
        sweepJournal()
        return fragments.start()
    }

    /// Answers from another release.
    func serve(_ release: ServedRelease) {
        self.release = release
        journal?.recorder?.serve(release)
    }

    /// Ends what `start` began.
    func stop() {
        budget.whenExceeded = nil
        sweeper?.cancel()
        journal?.handOver()
        journal?.recorder?.writer.closeSegment()
        fragments.stop()
    }

    /// The lines that every answer begins with now.
    func common() -> FieldLines { commonFields.now() }

    func add(_ handler: HTTPHandler) { connections[ObjectIdentifier(handler)] = handler }

    func remove(_ handler: HTTPHandler) {
        connections[ObjectIdentifier(handler)] = nil
        finishIfIdle()
    }

    func add(_ connection: HTTP2Connection) {
        multiplexed[ObjectIdentifier(connection)] = connection
    }

    func remove(_ connection: HTTP2Connection) {
        multiplexed[ObjectIdentifier(connection)] = nil
        finishIfIdle()
    }

    /// Lets every connection end after the answer it is writing.
    func drain() -> EventLoopFuture<Void> {
        isDraining = true
        let promise = loop.makePromise(of: Void.self)
        idle.append(promise)
        for handler in Array(connections.values) { handler.drain() }
        for connection in Array(multiplexed.values) { connection.drain() }
        finishIfIdle()
        return promise.futureResult
    }

    /// Closes every connection now.
    func closeAll() {
        for handler in Array(connections.values) { handler.close() }
        for connection in Array(multiplexed.values) { connection.close() }
    }

    /// Waits no longer for connections that were closed and have not ended.
    func abandon() {
        connections = [:]
        multiplexed = [:]
        finishIfIdle()
    }

    private func finishIfIdle() {
        guard isDraining, connections.isEmpty, multiplexed.isEmpty else { return }
        for promise in idle { promise.succeed() }
        idle = []
    }

    // MARK: Counts

    /// What is known and counted at this moment.
    func snapshot() -> LoopSnapshot {
        var snapshot = LoopSnapshot(counters)
        snapshot.openConnections =
            connections.values.count { !$0.isStream } + multiplexed.count
        snapshot.sharedFragments = fragments.sizes.shared
        snapshot.privateFragments = fragments.sizes.visitors
        snapshot.fragmentBytes = fragments.sizes.bytes
        snapshot.assembledBytes = responder.assembled.cost
        snapshot.waitingBytes = budget.bytes
        snapshot.redisLinks = fragments.isAvailable == true ? 1 : 0
        snapshot.toldLinks = fragments.isTold ? 1 : 0
        if let recorder = journal?.recorder {
            let writer = recorder.writer
            snapshot.unheardBeacons = recorder.unheard.beacons
            snapshot.unheardReports = recorder.unheard.reports
            snapshot.lostBeacons = writer.lostPosts.beacons
            snapshot.lostReports = writer.lostPosts.reports
            snapshot.spoolRecords = writer.recordCount
            snapshot.spoolBytes = writer.byteCount
            snapshot.spoolLost = writer.lost
            snapshot.spoolsInTrouble = writer.trouble == nil ? 0 : 1
        }
        return snapshot
    }

    private func sweepJournal() {
        journal?.handOver()
        if let event = journal?.recorder?.sweep() { options.onEvent(event) }
    }

    private func sweep() {
        sweepJournal()
        let now = NIODeadline.now()
        // Connections first: one that takes nothing at all ends as a whole.
        for connection in Array(multiplexed.values) { connection.sweep(now) }
        for handler in Array(connections.values) { handler.sweep(now) }
        if budget.isExceeded { relieve() }
    }
}

/// One client that may have to go.
private struct Shedding {
    let parent: HTTP2Connection?
    private(set) var handlers: [HTTPHandler] = []
    /// Bytes times the seconds for which they have waited.
    private(set) var weight = 0.0

    init(parent: HTTP2Connection?) { self.parent = parent }

    mutating func add(_ handler: HTTPHandler, _ now: NIODeadline) {
        handlers.append(handler)
        for (bytes, since) in [
            (handler.waiting.count, handler.waiting.since),
            (handler.receivedBytes, handler.receivedSince),
        ] where bytes > 0 {
            weight += Double(bytes) * max(Double((now - since).nanoseconds) / 1e9, 0)
        }
    }
}
