// A server under load while its Redis is killed, stopped, emptied, slow, cut off or broken.
//
// The claim is always the same: no request fails, what is shown is one of the pages that were ever
// right, and after the fault the page becomes the right one again.

import ContentEncoding
import Fragments
import Foundation
import Redis
import Synchronization
import TestSupport
import Testing

@testable import SiteServing

/// One client that asks for a page again and again, on a thread of its own.
private final class Load: Sendable {
    private let isOver = Mutex(false)
    private let faults = Mutex<[String]>([])
    private let requestCount = Mutex(0)
    private let done = DispatchSemaphore(value: 0)

    /// Begins; every body must be one of `pages`.
    init(_ address: ListenAddress, _ pages: [[UInt8]]) {
        Thread.detachNewThread { [self] in
            defer { done.signal() }
            guard let socket = try? TestSocket(address) else { return note("no connection") }
            while !isOver.withLock({ $0 }) {
                socket.send("GET /look/ HTTP/1.1\r\nHost: a\r\n\r\n")
                guard let answer = socket.nextAnswer() else { return note("no answer") }
                if answer.status != 200 { note("status \(answer.status)") }
                if !pages.contains(answer.body) { note("a page that was never right") }
                requestCount.withLock { $0 += 1 }
                // Hundreds of requests a second, and the cores for others.
                usleep(2_000)
            }
        }
    }

    private func note(_ fault: String) { faults.withLock { $0.append(fault) } }

    /// Ends; the faults seen.
    func end() async -> [String] {
        isOver.withLock { $0 = true }
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in
                done.wait()
                continuation.resume()
            }
        }
        #expect(requestCount.withLock { $0 } > 0)
        return faults.withLock { $0 }
    }
}

@Suite("Faults of Redis", .serialized) struct FaultTests {
    private let fixture: ReleaseFixture
    private let redis: RedisProcess
    private let one = Array("f:one".utf8)

    init() throws {
        fixture = try ReleaseFixture()
        redis = try RedisProcess()
    }

    private func set(_ html: String) throws {
        var connection = try RedisConnection.open(try RedisURL(redis.url))
        try connection.set(one, to: Array(html.utf8))
    }

    private func run(_ commands: RedisCommand...) throws {
        var connection = try RedisConnection.open(try RedisURL(redis.url))
        for command in commands { _ = try connection.run(command) }
    }

    private func page(_ html: String?) -> [UInt8] { fixture.page(fixture.look, [html, nil]) }

    /// Waits until the page is this one.
    private func wait(for page: [UInt8], _ address: ListenAddress) async throws {
        let socket = try TestSocket(address)
        for _ in 0..<24_000 {
            socket.send("GET /look/ HTTP/1.1\r\nHost: a\r\n\r\n")
            if socket.nextAnswer()?.body == page { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("the page never became right")
    }

    /// Runs a fault under load; the page is `old` before it and must become `new` after it.
    private func underLoad(
        url: String? = nil, _ fault: (ListenAddress, Told) async throws -> Void
    ) async throws {
        let told = Told()
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0),
            redis: try RedisURL(url ?? redis.url))
        options.onEvent = { told.take($0) }
        // On a busy machine a test may sleep for long while its clients go on.
        options.limits.requestsPerConnectionMax = .max
        options.limits.idleTime = .seconds(3_600)
        let server = Server(options)
        let address = try await server.start()
        try set("old")
        try await wait(for: page("old"), address)
        let loads = (0..<2).map { _ in
            Load(address, [page("old"), page("new"), page(nil)])
        }
        try await fault(address, told)
        try set("new")
        try await wait(for: page("new"), address)
        for load in loads { #expect(await load.end() == []) }
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `killed and started empty`() async throws {
        try await underLoad { address, told in
            redis.end()
            try await told.wait(for: "fragmentsUnavailable")
            try await wait(for: page("old"), address)
            try redis.restart()
            try await wait(for: page(nil), address)
        }
    }

    @Test func `stopped for longer than a heartbeat`() async throws {
        try await underLoad { address, told in
            redis.pause()
            try await told.wait(for: "fragmentsUnavailable")
            try await wait(for: page("old"), address)
            redis.resume()
            try await told.wait(for: "fragmentsAvailable", count: 2)
        }
    }

    @Test func `emptied`() async throws {
        try await underLoad { address, _ in
            try run(RedisCommand("FLUSHALL"))
            try await wait(for: page(nil), address)
        }
    }

    @Test func `a value of another type`() async throws {
        try await underLoad { address, _ in
            try run(RedisCommand("DEL", "f:one"), RedisCommand("LPUSH", "f:one", "x"))
            try await wait(for: page(nil), address)
        }
    }

    @Test func `a damaged record`() async throws {
        try await underLoad { address, told in
            var record = try FragmentRecord(Array("new".utf8), runs: .none).encoded
            record[record.count - 1] ^= 1
            try run(RedisCommand("SET", bytes: [one, record]))
            try await told.wait(for: "fragmentRefused")
            try await wait(for: page(nil), address)
        }
    }

    @Test func `a key that ends`() async throws {
        try await underLoad { address, _ in
            try run(RedisCommand("PEXPIRE", "f:one", "100"))
            try await wait(for: page(nil), address)
        }
    }

    @Test func `answers that come after the deadline`() async throws {
        let proxy = try LaggingProxy(to: redis.socket)
        try await underLoad(url: proxy.url) { address, _ in
            proxy.set(lag: .milliseconds(100))
            try set("new")
            try await wait(for: page("new"), address)
            try set("old")
            try await wait(for: page("old"), address)
            proxy.set(lag: .zero)
        }
    }

    @Test func `a network that swallows everything`() async throws {
        let proxy = try LaggingProxy(to: redis.socket)
        try await underLoad(url: proxy.url) { address, told in
            proxy.set(isCut: true)
            try set("new")
            try await told.wait(for: "fragmentsUnavailable")
            try await wait(for: page("old"), address)
            proxy.set(isCut: false)
            try await told.wait(for: "fragmentsAvailable", count: 2)
        }
    }

    @Test func `a server that refuses to tell of changes`() async throws {
        try run(
            RedisCommand(
                "ACL", "SETUSER", "reader", "on", ">secret", "~f:*", "+mget", "+ping", "+auth"))
        try await underLoad(url: "unix:reader:secret@\(redis.socket)") { _, told in
            try await told.wait(for: "fragmentChangesUntold")
        }
    }
}
