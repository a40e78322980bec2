// Addresses, the codec with its limits, and the blocking connection to a real server.

import TestSupport
import Testing

@testable import Redis

@Suite("Redis address") struct RedisURLTests {
    @Test(arguments: [
        ("redis://host", RedisURL(endpoint: .tcp(host: "host", port: 6379))),
        ("redis://host:1234/5", RedisURL(endpoint: .tcp(host: "host", port: 1234), database: 5)),
        ("REDIS://[::1]:1/", RedisURL(endpoint: .tcp(host: "::1", port: 1))),
        (
            "redis://:p%40ss@host",
            RedisURL(endpoint: .tcp(host: "host", port: 6379), password: "p@ss")
        ),
        (
            "redis://user:a:b@host/2",
            RedisURL(
                endpoint: .tcp(host: "host", port: 6379), user: "user", password: "a:b",
                database: 2)
        ),
        ("unix:/run/r.sock", RedisURL(endpoint: .unix(path: "/run/r.sock"))),
        ("unix:///run/r.sock?db=3", RedisURL(endpoint: .unix(path: "/run/r.sock"), database: 3)),
        (
            "redis+unix://:pw@/run/r%20s",
            RedisURL(endpoint: .unix(path: "/run/r s"), password: "pw")
        ),
    ])
    func `an address is read`(text: String, url: RedisURL) throws {
        #expect(try RedisURL(text) == url)
    }

    @Test(arguments: [
        "", "host:6379", "http://host", "redis:host", "redis://", "redis://host:0",
        "redis://host:65536", "redis://host:+1", "redis://host:", "redis://host/x",
        "redis://host/-1", "redis://[::1", "redis://user@host", "redis://host?db=1",
        "redis://:%zz@host", "redis://:%00@host", "unix:", "unix:relative", "unix:/a?x=1",
        "redis://ho st", "unix:/" + String(repeating: "a", count: 107),
        "redis://" + String(repeating: "h", count: RedisLimits.urlBytesMax),
    ])
    func `a broken address says which part`(text: String) {
        do {
            _ = try RedisURL(text)
            Issue.record("accepted")
        } catch {
            guard case .badURL = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test func `TLS is refused clearly and no password is shown`() throws {
        #expect(throws: RedisError.encryptionUnsupported) { try RedisURL("rediss://host") }
        let url = try RedisURL("redis://user:secret@host:1/2")
        #expect(url.description == "host:1")
        #expect(
            url.handshake == [RedisCommand("AUTH", "user", "secret"), RedisCommand("SELECT", "2")])
    }
}

@Suite("Redis codec") struct RedisCodecTests {
    private func replies(_ text: String, pieces: Int) throws(RedisError) -> [RedisReply] {
        var reader = RedisReplyReader()
        var replies: [RedisReply] = []
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let end = min(start + pieces, bytes.count)
            try reader.feed(Array(bytes[start..<end]).span)
            while let reply = try reader.next() { replies.append(reply) }
            start = end
        }
        return replies
    }

    @Test(arguments: [1, 2, 3, 1_000])
    func `replies are read however they are cut`(pieces: Int) throws {
        let text =
            "+OK\r\n-ERR no way\r\n:-12\r\n$3\r\na\r\n\r\n$-1\r\n*2\r\n$1\r\nx\r\n*-1\r\n*0\r\n"
        #expect(
            try replies(text, pieces: pieces) == [
                .status("OK"), .error(code: "ERR", line: "ERR no way"), .integer(-12),
                .bytes([0x61, 0x0D, 0x0A]), .null, .array([.bytes([0x78]), .null]), .array([]),
            ])
    }

    @Test(arguments: ["%1\r\n", "HTTP/1.1 400 Bad\r\n", "*100000\r\n", "*2147483647\r\n", "$x\r\n"])
    func `what is no RESP2 or too large fails, and stays failed`(text: String) {
        var reader = RedisReplyReader()
        #expect(throws: RedisError.self) {
            try reader.feed(Array(text.utf8).span)
            _ = try reader.next()
        }
        #expect(throws: RedisError.self) { try reader.feed([0x2B].span) }
        #expect(throws: RedisError.self) { _ = try reader.next() }
    }

    @Test(arguments: [1, 2, 3, 7, 1_000])
    func `a string that is too long is cut short, and what follows it is whole`(pieces: Int) throws
    {
        let text =
            "*4\r\n$2\r\nab\r\n$9\r\n12\r\n$5\r\n6\r\n$4\r\nabcd\r\n$-1\r\n+a\rb$9\r\n$0\r\n\r\n"
        var reader = RedisReplyReader(stringBytesMax: 4)
        var replies: [RedisReply] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            try reader.feed(Array(bytes[start..<min(start + pieces, bytes.count)]).span)
            while let reply = try reader.next() { replies.append(reply) }
        }
        let values = ["ab", "12\r\n", "abcd"].map { RedisReply.bytes(Array($0.utf8)) }
        #expect(replies == [.array(values + [.null]), .status("a\rb$9"), .bytes([])])
    }

    @Test func `a string of any length fills no memory`() throws {
        var reader = RedisReplyReader()
        let piece = [UInt8](repeating: 0x61, count: 1 << 20)
        try reader.feed(Array("$\(64 << 20)\r\n".utf8).span)
        for _ in 0..<64 {
            try reader.feed(piece.span)
            _ = try reader.next()
        }
        try reader.feed(Array("\r\n".utf8).span)
        guard case .bytes(let bytes) = try reader.next() else {
            Issue.record("no string")
            return
        }
        #expect(bytes.count == RedisLimits.bulkBytesMax)
    }

    @Test func `nesting and buffering have limits`() {
        #expect(throws: RedisError.tooLarge(limit: "nestingMax")) {
            try replies("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n", pieces: 100)
        }
        var reader = RedisReplyReader()
        let string = Array("$1000000\r\n\(String(repeating: "a", count: 1_000_000))\r\n".utf8)
        #expect(throws: RedisError.tooLarge(limit: "bufferedBytesMax")) {
            for _ in 0..<32 { try reader.feed(string.span) }
        }
    }

    /// Feeds what never ends until it is refused; how many bytes that took.
    private func endless(
        _ start: String, _ next: String, limit: Int = 100_000_000
    ) -> (error: RedisError?, bytes: Int) {
        var reader = RedisReplyReader(stringBytesMax: 200_000)
        var count = 0
        do throws(RedisError) {
            try reader.feed(Array(start.utf8).span)
            let piece = Array(String(repeating: next, count: max(1, 16_384 / next.utf8.count)).utf8)
            while count < limit {
                try reader.feed(piece.span)
                while try reader.next() != nil {}
                count += piece.count
            }
        } catch {
            return (error, count)
        }
        return (nil, count)
    }

    @Test(arguments: [
        // Arrays in arrays, each within the limit of one array.
        ("*65536\r\n", "*65536\r\n:1\r\n", "elementsMax"),
        ("*65000\r\n", "*2\r\n:1\r\n:1\r\n", "elementsMax"),
        ("*3\r\n$7\r\nmessage\r\n$1\r\nx\r\n*65536\r\n", "*2\r\n+a\r\n+b\r\n", "elementsMax"),
        ("*2\r\n*60000\r\n", "*0\r\n*-1\r\n$-1\r\n", nil),
        ("", "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n", "nestingMax"),
        // Strings that are each short enough.
        ("*60000\r\n", "$1000\r\n\(String(repeating: "a", count: 1_000))\r\n", "replyBytesMax"),
        ("*60000\r\n", "+\(String(repeating: "a", count: 8_000))\r\n", "replyBytesMax"),
        // Lines that never end.
        ("+", "a", "lineBytesMax"), ("-ERR ", "\r", "lineBytesMax"), (":", "1", "lineBytesMax"),
        ("$", "0", "lineBytesMax"), ("*2\r\n*", "1", "lineBytesMax"), ("", "x", "lineBytesMax"),
        ("+", "a\n", "lineBytesMax"),
    ])
    func `a whole reply has one bound, however it is made`(
        start: String, next: String, limit: String?
    ) {
        let (error, bytes) = endless(start, next, limit: limit == nil ? 400_000 : 100_000_000)
        #expect(error == limit.map { .tooLarge(limit: $0) })
        #expect(bytes < RedisLimits.replyBytesMax + (1 << 20))
    }

    @Test(arguments: [
        "$+1\r\n", "$ 1\r\n", "*1 \r\n", "$0x1\r\n", "$-2\r\n", "*--1\r\n", "$\r\n",
        "*99999999999\r\n",
    ])
    func `a length that could be read in two ways is refused`(text: String) {
        var reader = RedisReplyReader()
        #expect(throws: RedisError.self) {
            try reader.feed(Array(text.utf8).span)
            _ = try reader.next()
        }
    }

    @Test func `bounds count for each reply anew`() throws {
        var reader = RedisReplyReader()
        let reply = "*2\r\n*3\r\n:1\r\n$-1\r\n*0\r\n$3\r\nabc\r\n"
        let bytes = Array(String(repeating: reply, count: 1_000).utf8)
        var count = 0
        for _ in 0..<40 {
            try reader.feed(bytes.span)
            while try reader.next() != nil { count += 1 }
        }
        #expect(count == 40_000)
    }

    @Test func `arguments are sent with their lengths`() throws {
        #expect(
            try RedisCommand("SET", bytes: [[], Array("a\r\nb".utf8)]).encoded()
                == Array("*3\r\n$3\r\nSET\r\n$0\r\n\r\n$4\r\na\r\nb\r\n".utf8))
        let many = RedisCommand("MGET", bytes: Array(repeating: [0x61], count: 5_000))
        #expect(throws: RedisError.tooLarge(limit: "argumentsMax")) { try many.encoded() }
    }
}

@Suite("Redis connection") struct RedisConnectionTests {
    @Test func `values come back as they were set`() throws {
        let server = try RedisProcess()
        var connection = try RedisConnection.open(try RedisURL(server.url))
        try connection.ping()
        let value = [UInt8](0...255)
        try connection.set([0x61], to: value)
        try connection.set([0x62], to: [], expiry: 100)
        #expect(try connection.values(of: [[0x61], [0x63], [0x62]]) == [value, nil, []])
        guard case .integer(let left) = try connection.run(RedisCommand("TTL", "b")) else {
            Issue.record("no TTL")
            return
        }
        #expect((90...100).contains(left))
    }

    @Test func `an error reply leaves the connection usable, and its place in a pipeline`() throws {
        let server = try RedisProcess()
        var connection = try RedisConnection.open(try RedisURL(server.url + "?db=3"))
        #expect(throws: RedisError.refused(code: "ERR")) { try connection.run(RedisCommand("NO")) }
        let replies = try connection.pipeline([
            RedisCommand("SET", "a", "1"), RedisCommand("LPUSH", "a", "x"),
            RedisCommand("GET", "a"),
        ])
        #expect(replies[0] == .status("OK"))
        guard case .error(code: "WRONGTYPE", _) = replies[1] else {
            Issue.record("\(replies[1])")
            return
        }
        #expect(replies[2] == .bytes([0x31]))
    }

    @Test func `logging in works, and failing to is refused`() throws {
        let server = try RedisProcess(arguments: ["--requirepass", "secret"])
        let path = RedisURL.Endpoint.unix(path: server.socket)
        var connection = try RedisConnection.open(RedisURL(endpoint: path, password: "secret"))
        try connection.ping()
        do {
            _ = try RedisConnection.open(RedisURL(endpoint: path, password: "wrong"))
            Issue.record("opened")
        } catch {
            #expect(error == .refused(code: "WRONGPASS"))
        }
    }

    @Test func `a silent server is a timeout, which poisons the connection`() throws {
        let server = try RedisProcess()
        var connection = try RedisConnection.open(
            try RedisURL(server.url), timeout: .milliseconds(50))
        server.pause()
        #expect(throws: RedisError.timedOut) { try connection.ping() }
        server.resume()
        #expect(throws: RedisError.poisoned) { try connection.ping() }
    }

    @Test func `a killed server is a disconnection, and no signal kills this process`() throws {
        let server = try RedisProcess()
        var connection = try RedisConnection.open(try RedisURL(server.url))
        server.end()
        do {
            for _ in 0..<2 { try connection.ping() }
            Issue.record("answered")
        } catch {
            guard case .disconnected = error else {
                Issue.record("\(error)")
                return
            }
        }
        do {
            _ = try RedisConnection.open(try RedisURL(server.url))
            Issue.record("opened")
        } catch {
            guard case .unreachable = error else {
                Issue.record("\(error)")
                return
            }
        }
    }
}
