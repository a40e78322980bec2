// What a server with a spool records of requests, and what it never does.

import AccessRecords
import Foundation
import Testing

@testable import SiteServing

@Suite("Recorded answers", .serialized) struct SpoolTests {
    private let fixture: ReleaseFixture
    private let folder: String

    private static let agent =
        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
    private static let navigation = """
        Sec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Site: none\r
        Sec-Fetch-User: ?1\r
        """
    private static let browser = """
        Host: a.example\r\nUser-Agent: \(agent)\r\nAccept-Language: de-CH,de;q=0.5\r\n
        """

    init() throws {
        fixture = try ReleaseFixture()
        folder = fixture.output + "/spool"
    }

    /// Serves, sends heads one after the other, and gives what was recorded.
    private func records(
        of heads: [String], change: (inout ServerOptions) -> Void = { _ in }
    ) async throws -> [AccessRecord] {
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.spool = SpoolOptions(folder: folder)
        change(&options)
        let server = Server(options)
        let address = try await server.start()
        for head in heads {
            let client = try TestSocket(address)
            client.send(head + "\r\n\r\n")
            #expect(client.nextAnswer(isHead: head.hasPrefix("HEAD")) != nil, "\(head)")
        }
        await server.shutdown(grace: .seconds(1))
        return try recorded().compactMap {
            guard case .answer(let answer) = $0 else { return nil }
            return answer
        }
    }

    private func recorded() throws -> [SpooledRecord] {
        try AccessSpoolFolder(folder).segments().flatMap { segment in
            let batch = try SegmentReader(atPath: segment.path).read(behind: 0, max: .max)
            #expect(batch.isOver && batch.damagedFrames == 0)
            return batch.items.map(\.record)
        }
    }

    private static func get(_ path: String, _ fields: String = navigation) -> String {
        "GET \(path) HTTP/1.1\r\n\(browser)\(fields)".trimmingCharacters(in: .newlines)
    }

    @Test func `every answer has a record of its kind`() async throws {
        let heads: [(String, RequestKind, Int, String)] = [
            (Self.get("/look/"), .view, 200, "/look/"),
            (Self.get("/look/?utm_source=X"), .view, 200, "/look/"),
            (Self.get("/none/jane@example.org"), .missing, 404, "/none/*"),
            (Self.get("/gone"), .missing, 410, "/gone"),
            (Self.get("/old"), .redirect, 308, "/old"),
            (Self.get("/look"), .redirect, 308, "/look"),
            (
                Self.get(ReleaseFixture.style, "Sec-Fetch-Dest: style"), .asset, 200,
                ReleaseFixture.style
            ),
            (
                Self.get("/look/", Self.navigation + "\nSec-Purpose: prefetch;prerender"),
                .prefetch,
                200, "/look/"
            ),
            (
                Self.get("/look/", "Sec-Fetch-Dest: empty\r\nSec-Fetch-Site: same-origin"),
                .fetched,
                200, "/look/"
            ),
            ("GET /look/ HTTP/1.1\r\nHost: a\r\nUser-Agent: curl/8.5.0", .robot, 200, "/look/"),
            ("GET /look/ HTTP/1.1\r\nHost: a", .robot, 200, "/look/"),
            (
                Self.get("/look/").replacingOccurrences(of: "GET", with: "HEAD"), .fetched, 200,
                "/look/"
            ),
            (Self.get("/look/").replacingOccurrences(of: "GET", with: "PUT"), .refused, 405, ""),
            ("GET /a/../b HTTP/1.1\r\nHost: a", .refused, 400, ""),
        ]
        let records = try await records(of: heads.map(\.0))
        #expect(records.map(\.kind) == heads.map(\.1))
        #expect(records.map(\.status) == heads.map(\.2))
        #expect(records.map(\.name.path) == heads.map(\.3))
        let view = try #require(records.first)
        #expect(view.name == AccessName(path: "/look/", view: "test", key: ""))
        #expect(view.source == .typed && view.language == "de" && view.visitor != nil)
        #expect(view.agent.family == "Firefox" && view.agent.version == 145)
        #expect(view.slots.map(\.fragment) == ["one", "two"] && view.bytes > 0)
        #expect(records[1].campaign == Campaign(source: "x", medium: "", name: ""))
        // One visitor: robots and what was no request have none.
        #expect(Set(records.compactMap(\.visitor)).count == 1)
        #expect(records[9].visitor == nil && records[10].visitor == nil)
    }

    @Test func `a Referer leads to the page it names`() async throws {
        let inside =
            "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n"
            + "Sec-Fetch-Dest: document\r\nReferer: "
        let records = try await records(of: [
            Self.get("/look/", inside + "http://a.example/tail/?q=1"),
            Self.get("/look/", inside + "https://www.search.example:8443/find?q=secret"),
            Self.get("/look/", inside + "http://a.example/nowhere"),
        ])
        #expect(
            records.map(\.source) == [
                .inside(AccessName(path: "/tail/", view: "test", key: "")),
                .elsewhere(host: "search.example"), .inside(AccessName(path: "/nowhere")),
            ])
    }

    @Test func `who refuses or objects is counted and not told apart`() async throws {
        let records = try await records(of: [
            Self.get("/look/", Self.navigation + "\nSec-GPC: 1"),
            Self.get("/look/", Self.navigation + "\nDNT: 1"),
            Self.get("/look/", Self.navigation + "\nSec-GPC: 0"),
            Self.get("/look/", Self.navigation + "\nCookie: a=b; measure=off"),
        ])
        #expect(records.map(\.kind) == [.view, .view, .view, .view])
        #expect(records.map { $0.visitor == nil } == [true, true, false, true])
        #expect(records.map(\.isObjected) == [false, false, false, true])
        let objected = records[3]
        #expect(objected.name.path.isEmpty && objected.agent == AgentClass())
        #expect(objected.source == AccessSource.none && objected.slots.isEmpty)
    }

    @Test func `objecting is a cookie, and a way back`() async throws {
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.spool = SpoolOptions(folder: folder)
        let server = Server(options)
        let client = try TestSocket(try await server.start())
        func ask(_ path: String, _ fields: String) -> TestAnswer? {
            client.send(Self.get(path, fields) + "\r\n\r\n")
            return client.nextAnswer()
        }
        let off = ask("/-/measure/off", "Referer: http://a.example/tail/")
        #expect(off?.status == 303 && off?.fields["location"] == "/tail/")
        #expect(
            off?.fields["set-cookie"] == "measure=off; Path=/; Max-Age=34128000; SameSite=Lax")
        let on = ask("/-/measure/on", "Referer: http://b.example/tail/")
        #expect(on?.status == 303 && on?.fields["location"] == "/")
        #expect(on?.fields["set-cookie"] == "measure=off; Path=/; Max-Age=0; SameSite=Lax")
        for path in ["//b.example/", "/\\b.example/", "/\u{e9}/", ""] {
            let back = ask("/-/measure/on", "Referer: http://a.example\(path)")
            #expect(back?.fields["location"] == "/", "\(path)")
        }
        let prefetched = ask("/-/measure/off", "Sec-Purpose: prefetch")
        #expect(prefetched?.status == 204 && prefetched?.fields["set-cookie"] == nil)
        await server.shutdown(grace: .seconds(1))
        // Without a spool there is nothing to object to.
        let plain = Server(
            ServerOptions(output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0)))
        let other = try TestSocket(try await plain.start())
        other.send(Self.get("/-/measure/off") + "\r\n\r\n")
        #expect(other.nextAnswer()?.status == 404)
        await plain.shutdown(grace: .seconds(1))
    }

    @Test func `clients behind a trusted proxy are visitors of their own`() async throws {
        func forwarded(_ text: String) -> String {
            Self.get("/look/", Self.navigation + "\nX-Forwarded-For: \(text)")
        }
        let heads = ["203.0.113.1", "203.0.113.2", "9.9.9.9, 203.0.113.1", "203.0.113.1"].map {
            forwarded($0)
        }
        let records = try await records(of: heads) { options in
            options.clients.field = .xForwardedFor
            options.clients.trusted = [IPNetwork(text: "127.0.0.1")].compactMap { $0 }
        }
        let visitors = records.map(\.visitor)
        #expect(
            Set(visitors).count == 2 && visitors[0] == visitors[2] && visitors[0] == visitors[3])
    }

    @Test func `the key of the day is the file's, is offered if there is none, and goes`()
        async throws
    {
        _ = try await records(of: [Self.get("/look/")])
        let spool = AccessSpoolFolder(folder)
        let offered = try #require(try spool.keys()?.keys.first)
        let now = SpoolClock.now().wall
        #expect(offered.isOffered && offered.holds(now))
        #expect(offered.until - offered.from == 86_400_000_000)
        let ended = VisitorKey(from: now - 9, until: now - 1, key: offered.key)
        let current = VisitorKey(from: now - 9, until: now + 3_600_000_000, key: offered.key)
        try spool.write(VisitorKeys([ended, current]))
        _ = try await records(of: [Self.get("/look/")])
        #expect(try spool.keys() == VisitorKeys([current]))
    }

    @Test func `neither addresses nor User-Agents nor queries stand in the folder`() async throws {
        _ = try await records(of: [
            Self.get("/look/?secret=geheim", Self.navigation + "\nCookie: sid=geheim"),
            Self.get("/none?token=geheim", "Referer: https://b.example/geheim?x=geheim"),
        ])
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
            for text in ["127.0.0.1", Self.agent, "Gecko", "geheim"] {
                #expect(bytes.range(of: Data(text.utf8)) == nil, "\(text) in \(name)")
            }
            #expect(bytes.range(of: Data([127, 0, 0, 1])) == nil)
        }
    }

    @Test func `a hang-up closes segments, and another is begun`() async throws {
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.spool = SpoolOptions(folder: folder)
        let server = Server(options)
        let client = try TestSocket(try await server.start())
        for _ in 0..<3 {
            client.send(Self.get("/look/") + "\r\n\r\n")
            #expect(client.nextAnswer()?.status == 200)
            server.closeSegments()
            try await Task.sleep(for: .seconds(1))
        }
        await server.shutdown(grace: .seconds(1))
        #expect(try AccessSpoolFolder(folder).segments().count == 3)
        #expect(try recorded().count == 3)
    }

    @Test func `a spool that cannot be opened keeps the server from starting`() async throws {
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.spool = SpoolOptions(folder: "/proc/none/spool")
        let server = Server(options)
        await #expect(
            throws: ServingError.spool(
                .system(call: "mkdir", file: "/proc/none/spool", code: ENOENT))
        ) { _ = try await server.start() }
    }

    @Test(arguments: [false, true])
    func `a proxy that nobody named is told of, once`(isNamed: Bool) async throws {
        let told = Told()
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.spool = SpoolOptions(folder: folder)
        options.threads = 2
        if isNamed { options.clients.field = .xForwardedFor }
        options.onEvent = { told.take($0) }
        let server = Server(options)
        let address = try await server.start()
        for _ in 0..<2 {
            let client = try TestSocket(address)
            for _ in 0..<AnswerRecorder.judgedAnswers / 100 {
                client.send(String(repeating: Self.get("/none") + "\r\n\r\n", count: 100))
                for _ in 0..<100 { #expect(client.nextAnswer()?.status == 404) }
            }
        }
        if !isNamed { try await told.wait(for: "clientsArePrivate") }
        await server.shutdown(grace: .seconds(1))
        #expect(told.contains("clientsArePrivate") == !isNamed)
    }

    @Test(arguments: [
        ("10.1.2.3", true), ("172.31.0.1", true), ("172.32.0.1", false), ("192.168.1.1", true),
        ("127.0.0.1", true), ("::1", true), ("::ffff:10.0.0.1", true), ("fd00::1", true),
        ("fe80::1", true), ("2001:db8::1", false), ("203.0.113.1", false), ("100.64.0.1", true),
    ])
    func `addresses of networks of one's own are known`(text: String, isPrivate: Bool) {
        #expect(IPAddress(text: Array(text.utf8))?.isPrivate == isPrivate)
    }
}
