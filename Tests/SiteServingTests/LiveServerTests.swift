// The whole server on a loopback socket, with a real Redis that is stopped and killed.

import ContentEncoding
import Foundation
import Fragments
import Redis
import ReleaseFormat
import Synchronization
import TestSupport
import Testing

@testable import SiteServing

/// What a server told, for tests that wait for it.
final class Told: Sendable {
    private let texts = Mutex<[String]>([])

    func take(_ event: ServerEvent) { texts.withLock { $0.append("\(event)") } }

    func contains(_ text: String) -> Bool {
        texts.withLock { $0.contains { $0.hasPrefix(text) } }
    }

    func count(of text: String) -> Int { texts.withLock { $0.count { $0.hasPrefix(text) } } }

    /// Waits for an event, at most 2 minutes.
    func wait(for text: String, count: Int = 1) async throws {
        for _ in 0..<24_000 {
            if texts.withLock({ $0.count { $0.hasPrefix(text) } }) >= count { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("never told: \(text)")
    }
}

/// Runs a program found on the PATH and gives back what it wrote.
func run(_ program: String, _ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
    let (output, status) = try TestSupport.run("/usr/bin/env", [program] + arguments, input: input)
    #expect(status == 0, "\(program)")
    return output
}

/// Fetches with curl; `coding` nil asks for none and the bytes stay as they are.
private func fetch(
    _ address: ListenAddress, _ path: String, _ arguments: [String] = []
) throws -> [UInt8] {
    try run("curl", ["-s", "--max-time", "120"] + arguments + ["http://\(address)\(path)"])
}

@Suite("Live server", .serialized) struct LiveServerTests {
    private func start(
        _ fixture: ReleaseFixture, redis: String? = nil, _ told: Told = Told(),
        change: (inout ServerOptions) -> Void = { _ in }
    ) async throws -> (Server, ListenAddress) {
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0),
            redis: try redis.map { try RedisURL($0) })
        options.onEvent = { told.take($0) }
        // A debug build on a busy machine is no measure of the deadline in production.
        options.limits.fragmentTime = .milliseconds(100)
        change(&options)
        let server = Server(options)
        return (server, try await server.start())
    }

    @Test func `every decoder agrees, with slots filled, empty, full and without Redis`()
        async throws
    {
        let fixture = try ReleaseFixture()
        let redis = try RedisProcess()
        let (server, address) = try await start(fixture, redis: redis.url)
        var connection = try RedisConnection.open(try RedisURL(redis.url))
        let full = String(repeating: "é", count: 118)
        for fills in [["<i>one</i>", "<b>two</b>"], ["", ""], [full, full], [nil, nil]] {
            for (name, fill) in zip(["f:one", "f:two"], fills) {
                let key = Array(name.utf8)
                if let fill {
                    try connection.set(key, to: Array(fill.utf8))
                } else {
                    _ = try connection.run(RedisCommand("DEL", bytes: [key]))
                }
            }
            try await wait(for: fixture.page(fixture.look, fills), at: address)
            try compare(fixture, address, fills)
        }
        redis.end()
        try compare(fixture, address, [nil, nil])
        await server.shutdown(grace: .seconds(1))
    }

    /// Waits until a page is this one: the server hears of a change a moment after it was made.
    private func wait(
        for page: [UInt8], at address: ListenAddress, _ path: String = "/look/"
    ) async throws {
        for _ in 0..<12_000 {
            if try fetch(address, path) == page { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("the page never came")
    }

    private func compare(
        _ fixture: ReleaseFixture, _ address: ListenAddress, _ fills: [String?]
    ) throws {
        let expected = fixture.page(fixture.look, fills)
        #expect(try fetch(address, "/look/") == expected)
        #expect(try fetch(address, "/look/", ["--compressed"]) == expected)
        let gzip = try fetch(address, "/look/", ["-H", "Accept-Encoding: gzip"])
        #expect(gzip.starts(with: [0x1F, 0x8B]))
        _ = try run("gzip", ["-t"], input: gzip)
        let python =
            "import gzip,sys; sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))"
        #expect(try run("python3", ["-c", python], input: gzip) == expected)
        let node = "process.stdout.write(require('zlib').gunzipSync(require('fs').readFileSync(0)))"
        #expect(try run("node", ["-e", node], input: gzip) == expected)
    }

    @Test func `a Redis that comes late is found`() async throws {
        let fixture = try ReleaseFixture()
        let redis = try RedisProcess()
        let told = Told()
        redis.pause()
        let (server, address) = try await start(fixture, redis: redis.url, told)
        #expect(try fetch(address, "/look/") == fixture.page(fixture.look, [nil, nil]))
        redis.resume()
        var connection = try RedisConnection.open(try RedisURL(redis.url))
        try connection.set(Array("f:two".utf8), to: Array("2".utf8))
        try await told.wait(for: "fragmentsAvailable")
        try await wait(for: fixture.page(fixture.look, [nil, "2"]), at: address)
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `reload serves the new release, and keeps the old one when it is broken`()
        async throws
    {
        let fixture = try ReleaseFixture()
        let (server, address) = try await start(fixture)
        #expect(try fetch(address, "/") == fixture.home)
        let other = try ReleaseFixture(title: "Other")
        try FileManager.default.removeItem(atPath: fixture.output)
        #expect(throws: ServingError.self) { try server.reload() }
        #expect(try fetch(address, "/") == fixture.home, "from memory")
        try FileManager.default.moveItem(atPath: other.output, toPath: fixture.output)
        try server.reload()
        #expect(try fetch(address, "/") == other.home)
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `a Unix socket is served, a stale one replaced, a live one respected`() async throws
    {
        let fixture = try ReleaseFixture()
        let path = fixture.output + "/s"
        for _ in 0..<2 {
            let (server, _) = try await start(fixture) { $0.address = .unix(path: path) }
            #expect(
                try run("curl", ["-s", "--unix-socket", path, "http://a/"]) == fixture.home)
            await #expect(throws: ServingError.socketInUse(path: path)) {
                _ = try await self.start(fixture) { $0.address = .unix(path: path) }
            }
            await server.shutdown(grace: .seconds(1))
        }
        try "file".write(toFile: path, atomically: false, encoding: .utf8)
        await #expect(throws: ServingError.notASocket(path: path)) {
            _ = try await self.start(fixture) { $0.address = .unix(path: path) }
        }
    }

    @Test func `slow heads get 408, silence is closed, too many connections get 503`() async throws
    {
        let fixture = try ReleaseFixture()
        let (server, address) = try await start(fixture) { options in
            options.limits.headTime = .milliseconds(200)
            options.limits.idleTime = .milliseconds(200)
            options.limits.sweepInterval = .milliseconds(50)
            options.limits.connectionsMax = 2
        }
        let slow = try TestSocket(address)
        slow.send("GET / HTTP/1.1\r\nHost: a\r\n")
        #expect(slow.readToEnd().hasPrefix("HTTP/1.1 408 "))
        let silent = try TestSocket(address)
        silent.send("GET /none HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(silent.readToEnd().hasPrefix("HTTP/1.1 404 "))
        let held = try (0..<2).map { _ in try TestSocket(address) }
        held[1].send("GET / HTTP")
        let refused = try TestSocket(address)
        #expect(refused.readToEnd().hasPrefix("HTTP/1.1 503 "))
        await server.shutdown(grace: .milliseconds(100))
    }

    @Test func `a request with a body is answered and the connection closed`() async throws {
        let fixture = try ReleaseFixture()
        let (server, address) = try await start(fixture)
        let socket = try TestSocket(address)
        let body = String(repeating: "x", count: 100_000)
        socket.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + body)
        let text = socket.readToEnd()
        #expect(text.hasPrefix("HTTP/1.1 405 "))
        #expect(text.components(separatedBy: "HTTP/1.1 ").count == 2, "one answer")
        await server.shutdown(grace: .seconds(1))
    }

    @Test(arguments: [
        ("127.0.0.1:80", ListenAddress.tcp(host: "127.0.0.1", port: 80)),
        ("[::1]:0", .tcp(host: "::1", port: 0)), (":8080", .tcp(host: "127.0.0.1", port: 8080)),
        ("localhost:1", .tcp(host: "localhost", port: 1)), ("unix:/a/b", .unix(path: "/a/b")),
    ])
    func `addresses are read and written`(text: String, address: ListenAddress) throws {
        #expect(try ListenAddress(text) == address)
        if !text.hasPrefix(":") { #expect(address.description == text) }
    }

    @Test(arguments: ["", "80", "a", "a:", "a:x", "a:65536", "::1:80", "[::1]", "[a]:1", "unix:"])
    func `broken addresses are refused`(text: String) {
        #expect(throws: ServingError.badAddress(text)) { try ListenAddress(text) }
    }
}
