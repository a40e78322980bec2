// Values from Redis to what the splicer takes: proven once, refused by name, never compressed.

import ContentEncoding
import Foundation
import Fragments
import Redis
import Synchronization
import TestSupport
import Testing

@testable import SiteServing

private let html = Array(
    ("<ul>" + String(repeating: "<li class=\"look\">", count: 12) + "</ul>").utf8)

/// A clock that is set by hand, and the events that a cache told.
private final class Surroundings: Sendable {
    private let time = Mutex<UInt64>(1_000)
    private let told = Mutex<[FragmentRefusal]>([])

    var refusals: [FragmentRefusal] { told.withLock { $0 } }

    func set(_ now: UInt64) { time.withLock { $0 = now } }

    func cache(bytesMax: Int = 1 << 20) -> PreparedFragments {
        PreparedFragments(bytesMax: bytesMax, now: { self.time.withLock { $0 } }) { event in
            guard case .fragmentRefused(name: "look", let reason) = event else { return }
            self.told.withLock { $0.append(reason) }
        }
    }
}

extension PreparedFragments {
    fileprivate mutating func ready(_ value: [UInt8], for key: FragmentKey) -> ReadyFragment? {
        meet(value, for: key).ready
    }
}

private func record(_ html: [UInt8] = html, expiry: UInt64 = 0) throws -> [UInt8] {
    try FragmentRecord(html, runs: FragmentRuns(compressing: html), expiry: expiry).encoded
}

@Suite("Fragment fills") struct FragmentFillsTests {
    private let surroundings = Surroundings()
    private let key: FragmentKey

    init() throws { key = try FragmentKey(shared: "look", key: "secret") }

    @Test func `a record is taken with its runs, a plain string raw`() throws {
        var cache = surroundings.cache()
        let raw = cache.ready(html, for: key)
        let plain = try #require(raw)
        #expect(try plain.prepared == PreparedFragment(html))
        let compressed = try cache.ready(record(), for: key)
        let ready = try #require(compressed)
        #expect(try ready.prepared == PreparedFragment(compressing: html))
        #expect(ready.version == plain.version, "the tag is that of the content")
        #expect(surroundings.refusals.isEmpty)
    }

    @Test func `a plain string takes the runs that a record brought for the same HTML`() throws {
        var cache = surroundings.cache()
        _ = try cache.ready(record(), for: FragmentKey(shared: "look"))
        #expect(
            try cache.ready(html, for: key)?.prepared == PreparedFragment(compressing: html))
    }

    @Test func `a record ends by its own time, and one renewed is shown again`() throws {
        var cache = surroundings.cache()
        let value = try record(expiry: 2_000)
        surroundings.set(1_999)
        #expect(cache.ready(value, for: key) != nil)
        surroundings.set(2_000)
        #expect(cache.ready(value, for: key) == nil)
        #expect(try cache.ready(record(expiry: 3_000), for: key) != nil)
        #expect(surroundings.refusals.isEmpty, "an end is nothing to report")
    }

    @Test func `a damaged record is as if missing, told once, and replaced when it is whole`()
        throws
    {
        var cache = surroundings.cache()
        var damaged = try record()
        damaged[45] ^= 1
        for _ in 0..<3 { #expect(cache.ready(damaged, for: key) == nil) }
        #expect(surroundings.refusals == [.record(.damaged)])
        #expect(try cache.ready(record(), for: key) != nil)
        #expect(cache.ready(damaged, for: key) == nil, "another value was met between")
        #expect(surroundings.refusals == [.record(.damaged), .record(.damaged)])
    }

    @Test func `runs of other HTML are refused, also when the HTML is known`() throws {
        var cache = surroundings.cache()
        #expect(try cache.ready(record(), for: key) != nil)
        let own = try FragmentRuns(compressing: html)
        let other = try FragmentRuns(compressing: html.reversed())
        for runs in [
            FragmentRuns(deflate: other.deflate, brotli: own.brotli),
            FragmentRuns(deflate: own.deflate, brotli: other.brotli),
            FragmentRuns(deflate: own.brotli, brotli: nil),
        ] {
            let value = try FragmentRecord(html, runs: runs).encoded
            #expect(cache.ready(value, for: key) == nil)
        }
        #expect(surroundings.refusals == [.runs, .runs, .runs])
    }

    @Test(arguments: ["<script>", "<!-- open", "a\0b", "\0sgf", "<p onclick=x>"])
    func `HTML that could leave its slot is refused, plain or in a record`(text: String) throws {
        var cache = surroundings.cache()
        let html = Array(text.utf8)
        #expect(cache.ready(html, for: key) == nil)
        #expect(try cache.ready(record(html), for: key) == nil)
        #expect(surroundings.refusals == [.html, .html])
        #expect(!"\(FragmentRefusal.html)".contains("onclick"))
    }

    @Test func `a value beyond every limit is not kept and still told once`() throws {
        var cache = surroundings.cache(bytesMax: 2_000)
        let overlong = [UInt8](repeating: 0x61, count: FragmentLimits.valueBytesMax + 1)
        for _ in 0..<3 { #expect(cache.ready(overlong, for: key) == nil) }
        #expect(cache.ready(FragmentRecord.magic + overlong, for: key) == nil)
        #expect(surroundings.refusals == [.html, .record(.tooLarge)])
        #expect(try cache.ready(record(), for: key) != nil)
    }

    @Test(arguments: UInt64(1)...4)
    func `a changed byte never brings anything but the same fragment`(seed: UInt64) throws {
        var cache = surroundings.cache()
        var random = SeededGenerator(seed: seed)
        let value = try record()
        let expected = try PreparedFragment(html)
        for _ in 0..<500 {
            var changed = value
            changed[Int.random(in: 7..<value.count, using: &random)] ^=
                1 << UInt8.random(in: 0..<8, using: &random)
            guard let ready = cache.ready(changed, for: key) else { continue }
            #expect(ready.prepared.byteCount == expected.byteCount)
            #expect(throws: Never.self) { try PreparedFragment(html, runs: ready.runs) }
        }
    }

    @Test func `a live page carries the runs of a record, and its fallback for a damaged one`()
        async throws
    {
        let fixture = try ReleaseFixture()
        let redis = try RedisProcess()
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0),
            redis: try RedisURL(redis.url))
        options.limits.fragmentTime = .seconds(5)
        let server = Server(options)
        let address = try await server.start()
        var connection = try RedisConnection.open(try RedisURL(redis.url))
        let one = Array("f:one".utf8)
        func fetch(_ arguments: String...) throws -> [UInt8] {
            try curl(["http://\(address)/look/"] + arguments)
        }
        func becomes(_ expected: [UInt8]) async throws -> Bool {
            for _ in 0..<12_000 {
                if try fetch() == expected { return true }
                try await Task.sleep(for: .milliseconds(10))
            }
            return false
        }
        let filled = fixture.page(fixture.look, [String(decoding: html, as: UTF8.self), nil])
        try connection.set(one, to: html)
        #expect(try await becomes(filled))
        let rawCount = try fetch("-H", "Accept-Encoding: gzip").count
        try connection.set(one, to: record())
        for _ in 0..<12_000 {
            guard try fetch("-H", "Accept-Encoding: gzip").count == rawCount else { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try fetch() == filled)
        #expect(try fetch("--compressed") == filled)
        #expect(try fetch("-H", "Accept-Encoding: gzip").count < rawCount - html.count / 2)
        var damaged = try record()
        damaged[damaged.count - 1] ^= 1
        try connection.set(one, to: damaged)
        #expect(try await becomes(fixture.page(fixture.look, [nil, nil])))
        await server.shutdown(grace: .seconds(1))
    }

    private func curl(_ arguments: [String]) throws -> [UInt8] {
        try run("curl", ["-s", "--max-time", "120"] + arguments)
    }
}
