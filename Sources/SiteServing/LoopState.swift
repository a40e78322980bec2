// What one event loop owns: its release, its fragments, its connections and their deadlines.
//
// Nothing here is shared between threads. Deadlines are looked at four times a second for all
// connections together, because a timer for each request would cost more than the request.

import Fragments
import NIOCore
import ReleaseFormat

/// The state of one event loop of the server.
final class LoopState {
    let loop: any EventLoop
    let options: ServerOptions
    let responder: Responder
    var release: ServedRelease
    var isDraining = false
    let client: FragmentClient?
    private var date = DateLine()
    private var fragments: FragmentCache
    private var connections: [ObjectIdentifier: HTTPHandler] = [:]
    private var tabs: [ObjectIdentifier: HTTPHandler] = [:]
    private var sweeper: RepeatedTask?
    private var idle: [EventLoopPromise<Void>] = []

    init(loop: any EventLoop, options: ServerOptions, release: ServedRelease) {
        self.loop = loop
        self.options = options
        self.release = release
        responder = Responder(
            hosts: options.hosts, development: options.development, onEvent: options.onEvent)
        fragments = FragmentCache(
            bytesMax: options.limits.fragmentMemoryMax, onEvent: options.onEvent)
        client = options.redis.map {
            FragmentClient(
                loop: loop, url: $0, limits: options.limits, onEvent: options.onEvent)
        }
    }

    /// Starts the sweeper and connects to Redis; succeeds when the first attempt ended.
    func start() -> EventLoopFuture<Void> {
        let state = NIOLoopBound(self, eventLoop: loop)
        let interval = options.limits.sweepInterval.amount
        sweeper = loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            state.value.sweep()
        }
        return client?.start() ?? loop.makeSucceededVoidFuture()
    }

    /// Ends what `start` began.
    func stop() {
        sweeper?.cancel()
        client?.stop()
    }

    /// The value of Date now.
    func dateNow() -> [UInt8] { date.now() }

    /// Checked and prepared fragments for the values of the keys.
    func ready(_ values: FragmentValues?, for keys: [FragmentKey?]) -> [ReadyFragment?] {
        guard let values else { return [] }
        var index = 0
        return keys.map { key in
            guard let key else { return nil }
            defer { index += 1 }
            guard index < values.count, let value = values[index] else { return nil }
            return fragments.ready(value, for: key)
        }
    }

    func add(_ handler: HTTPHandler) { connections[ObjectIdentifier(handler)] = handler }

    func remove(_ handler: HTTPHandler) {
        connections[ObjectIdentifier(handler)] = nil
        tabs[ObjectIdentifier(handler)] = nil
        finishIfIdle()
    }

    /// Adds an open tab; false if there are too many.
    func addTab(_ handler: HTTPHandler) -> Bool {
        guard tabs.count < options.limits.developmentTabsMax else { return false }
        tabs[ObjectIdentifier(handler)] = handler
        return true
    }

    /// Sends an event to the open tabs of this loop.
    func broadcast(_ message: [UInt8]) {
        for tab in Array(tabs.values) { tab.send(message) }
    }

    /// Lets every connection end after the answer it is writing.
    func drain() -> EventLoopFuture<Void> {
        isDraining = true
        let promise = loop.makePromise(of: Void.self)
        idle.append(promise)
        for handler in Array(connections.values) { handler.drain() }
        finishIfIdle()
        return promise.futureResult
    }

    /// Closes every connection now.
    func closeAll() {
        for handler in Array(connections.values) { handler.close() }
    }

    private func finishIfIdle() {
        guard isDraining, connections.isEmpty else { return }
        for promise in idle { promise.succeed() }
        idle = []
    }

    private func sweep() {
        let now = NIODeadline.now()
        for handler in Array(connections.values) { handler.sweep(now) }
    }
}
