// The server of `sitegen watch` over real sockets: what it lets in, and how streams begin and end.
//
// Clients block, so each has a thread of its own: answers are made by tasks.

import Synchronization
import TestSupport
import Testing

@testable import SiteServing

@Suite("Development server") struct DevelopmentServerTests {
    /// Starts a server, does something with its address, and stops it.
    private func serving(
        _ answer: @escaping DevelopmentServer.Answerer,
        _ body: @escaping @Sendable (ListenAddress) throws -> Void, then: () async -> Void = {}
    ) async throws {
        let server = DevelopmentServer(
            address: .tcp(host: "127.0.0.1", port: 0), hosts: .loopback(), answer: answer)
        let address = try await server.start()
        try await onOwnThread { try body(address) }.value
        await then()
        await server.stop()
    }

    @Test func `a request is told in parts, and its answer is not kept`() async throws {
        let asked = Mutex<[DevelopmentRequest]>([])
        try await serving({ request in
            asked.withLock { $0.append(request) }
            return .whole(status: 200, fields: [("content-type", "text/plain")], body: [0x61])
        }) { address in
            let client = try TestSocket(address)
            client.send(
                "GET /a%20b?x=1+2&y=%2F&x=3&z HTTP/1.1\r\nHost: localhost\r\n"
                    + "Cookie: bag=1; other=a=b; bag=2\r\nUser-Agent: Test\r\n\r\n")
            let answer = try #require(client.nextAnswer())
            #expect(answer.status == 200 && answer.body == [0x61])
            #expect(answer.fields["cache-control"] == "no-store")
            client.send("POST /b HTTP/1.1\r\nHost: [::1]\r\nContent-Length: 0\r\n\r\n")
            #expect(client.nextAnswer()?.status == 200, "the connection lives on")
        }
        let requests = asked.withLock { $0 }
        let first = try #require(requests.first)
        #expect(first.path == "/a b" && first.method == .get && first.agent == "Test")
        #expect(first.query == ["x": "3", "y": "/", "z": ""])
        #expect(first.cookies == ["bag": "1", "other": "a=b"])
        #expect(requests.last?.method == .post)
    }

    @Test func `a client says which coding it likes, and a server what may be kept`() async throws {
        let server = DevelopmentServer(
            address: .tcp(host: "127.0.0.1", port: 0), hosts: .loopback(),
            caching: "private, no-store"
        ) { request in .text(200, "\(request.coding)") }
        let address = try await server.start()
        try await onOwnThread {
            for (accepted, coding) in [
                ("gzip, deflate, br", "brotli"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.1", "gzip"),
                ("identity", "identity"), ("*;q=0", "identity"),
            ] {
                let client = try TestSocket(address)
                client.send(
                    "GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: \(accepted)\r\n\r\n")
                let answer = try #require(client.nextAnswer())
                #expect(String(decoding: answer.body, as: UTF8.self) == "\(coding)\n")
                #expect(answer.fields["cache-control"] == "private, no-store")
            }
        }.value
        await server.stop()
    }

    @Test func `a gate lets in who knows the token, by the address and then by a cookie`()
        async throws
    {
        let token = "abcdefghijklmnop"
        let server = DevelopmentServer(
            address: .tcp(host: "127.0.0.1", port: 0), hosts: .loopback(),
            gate: VisitorGate(token: token, kind: .watch)
        ) { _ in .text(200, "secret") }
        let address = try await server.start()
        try await onOwnThread {
            for (line, fields, status) in [
                ("GET /", "", 403), ("POST /-/open", "", 403), ("GET /?token=other", "", 403),
                ("GET /a?token=\(token)", "", 303),
                ("GET /", "Cookie: sitegen-watch=\(token)", 200),
                ("GET /", "Cookie: sitegen-preview=\(token)", 403),
            ] {
                let client = try TestSocket(address)
                let more = fields.isEmpty ? "" : "\(fields)\r\n"
                client.send("\(line) HTTP/1.1\r\nHost: localhost\r\n\(more)\r\n")
                let answer = try #require(client.nextAnswer())
                #expect(answer.status == status, "\(line) \(fields)")
                if status != 200 {
                    #expect(!String(decoding: answer.body, as: UTF8.self).contains("secret"))
                }
            }
        }.value
        await server.stop()
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n\r\n", 403),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n\r\n", 403),
        ("DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        ("X / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501), ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET /\r\n\r\n", 400),
    ])
    func `what is not for this machine's own pages is refused`(
        request: String, status: Int
    ) async throws {
        try await serving({ _ in .text(200, "secret") }) { address in
            let client = try TestSocket(address)
            client.send(request)
            #expect(client.nextAnswer()?.status == status)
        }
    }

    @Test func `a stream tells what happens, and ends with its client`() async throws {
        let (events, tell) = AsyncStream<[UInt8]>.makeStream()
        let (ends, ended) = AsyncStream<Void>.makeStream()
        tell.onTermination = { _ in ended.yield() }
        try await serving({ _ in .events(events) }) { address in
            let client = try TestSocket(address)
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(client.read(until: "content-type: text/event-stream"))
            tell.yield(DevelopmentAnswer.message(event: "one", data: "line 1\nline 2"))
            #expect(client.read(until: "event: one\ndata: line 1\ndata: line 2\n\n"))
        } then: {
            var iterator = ends.makeAsyncIterator()
            await iterator.next()
        }
    }

    @Test func `one connection more than there may be takes the place of the oldest`() async throws
    {
        try await serving({ _ in .text(200, "x") }) { address in
            let oldest = try TestSocket(address)
            oldest.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(oldest.nextAnswer()?.status == 200)
            var others: [TestSocket] = []
            for _ in 0..<DevelopmentLimits.connectionsMax { others.append(try TestSocket(address)) }
            let last = try #require(others.last)
            last.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(last.nextAnswer()?.status == 200)
            #expect(oldest.readToEnd().isEmpty)
        }
    }

    @Test func `a head without an end is not kept`() async throws {
        try await serving({ _ in .text(200, "x") }) { address in
            let client = try TestSocket(address)
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n")
            client.send(String(repeating: "a", count: DevelopmentLimits.inputBytesMax + 1))
            #expect(!client.readToEnd().hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func `a port that is taken is said`() async throws {
        let first = DevelopmentServer(
            address: .tcp(host: "127.0.0.1", port: 0), hosts: .any
        ) { _ in .text(200, "x") }
        let address = try await first.start()
        let second = DevelopmentServer(address: address, hosts: .any) { _ in .text(200, "y") }
        await #expect(throws: ServingError.self) { try await second.start() }
        await first.stop()
    }

    @Test func `an event is one message however many lines it has`() {
        #expect(
            DevelopmentAnswer.message(event: "fail\nure", data: "a\nb")
                == Array("event: failure\ndata: a\ndata: b\n\n".utf8))
    }

    @Test func `what ends no line of a stream cuts no event`() {
        #expect(
            DevelopmentAnswer.message(event: "e", data: "a\u{2028}b\u{85}c\r\nd\re")
                == Array("event: e\ndata: a\u{2028}b\u{85}c\ndata: d\ndata: e\n\n".utf8))
    }

    @Test func `a taken address is told from one that the machine does not have`() async throws {
        let first = DevelopmentServer(
            address: .tcp(host: "127.0.0.1", port: 0), hosts: .any
        ) { _ in .text(200, "x") }
        let taken = try await first.start()
        // An address for documentation (RFC 5737), which is nobody's.
        for (address, isTaken) in [(taken, true), (.tcp(host: "192.0.2.1", port: 0), false)] {
            let other = DevelopmentServer(address: address, hosts: .any) { _ in .text(200, "y") }
            await #expect { try await other.start() } throws: { error in
                (error as? ServingError)?.isTaken == isTaken
            }
        }
        await first.stop()
    }
}
