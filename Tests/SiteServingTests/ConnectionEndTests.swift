// How connections end: behind the answers that are under way, with a word to the client.

import AccessRecords
import Foundation
import Fragments
import Redis
import Synchronization
import TestSupport
import Testing

@testable import SiteServing

@Suite("Ends of connections", .serialized) struct ConnectionEndTests {
    /// Waits until a script has made a file.
    private func wait(for path: String) async throws {
        for _ in 0..<24_000 {
            if FileManager.default.fileExists(atPath: path) { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("the client never began")
    }

    @Test(arguments: ConnectionLifeTests.versions)
    func `answers under way are whole when the server stops`(version: String) async throws {
        let site = try ShortLived { limits in
            limits.writeTime = .seconds(20)
            limits.idleTime = .seconds(20)
        }
        let server = site.server(version)
        let address = try await server.start()
        let script = """
            version, size, mark = sys.argv[2], int(sys.argv[3]), sys.argv[4]
            if version == "h2":
                client, begun = HTTP2(setting(4, 1024)), False
                stream = client.get("/")
                def slowly(count):
                    open(mark, "w").close()
                    time.sleep(0.01)
                    client.window(0, count); client.window(stream, count)
                block, body = client.answer(stream, slowly)
                while client.read(): pass
                print(is_ok(block) and len(body) == size, client.goaways)
            else:
                client = open_one(version, 4096)
                client.sendall(request())
                time.sleep(0.05)
                open(mark, "w").close()
                data = read_all(client, 0.005, 2048)
                print(data.endswith(b"</body>") and len(data) > size, [])
            """
        let mark = site.fixture.output + "/begun"
        let client = ClientScript.start(
            script, address, [version, "\(site.fixture.home.count)", mark])
        try await wait(for: mark)
        await server.shutdown(grace: .seconds(20))
        let goAways = version == "h2" ? "[(2147483647, 0), (1, 0)]" : "[]"
        #expect(try await client.value == "True \(goAways)\n")
    }

    @Test func `a client that never answers the ping is told the last stream all the same`()
        async throws
    {
        let site = try ShortLived { $0.goAwayTime = .milliseconds(100) }
        let server = site.server("h2")
        let address = try await server.start()
        let script = """
            client = HTTP2()
            client.acknowledges = False
            client.answer(client.get("/plain"))
            client.answer(client.get("/plain"))
            while client.read(): pass
            print(client.goaways)
            """
        #expect(try await ClientScript.run(script, address) == "[(2147483647, 0), (3, 0)]\n")
        await server.shutdown(grace: .seconds(1))
    }

    @Test(arguments: [1, 3, 40])
    func `so many requests of one connection are answered, and the last is named`(count: Int)
        async throws
    {
        let site = try ShortLived {
            $0.requestsPerConnectionMax = count
            $0.idleTime = .seconds(20)
        }
        let server = site.server("h2")
        let address = try await server.start()
        let script = """
            count = int(sys.argv[2])
            client = HTTP2()
            client.send(b"".join(
                frame(1, 5, 2 * index + 1, client.fields("/assets/site.0123abcd.css"))
                for index in range(2 * count + 5)))
            whole = 0
            while True:
                next = client.read()
                if next is None: break
                if next[0] == 0 and next[1] & 1: whole += 1
            print(whole, client.goaways)
            """
        let text = try await ClientScript.run(script, address, ["\(count)"])
        #expect(text == "\(count) [(\(2 * count - 1), 0)]\n")
        await server.shutdown(grace: .seconds(1))
    }

    @Test(arguments: ["another host", "a line end in a value", "a wrong length"])
    func `a stream that is refused ends alone, and is counted`(fault: String) async throws {
        let site = try ShortLived { limits in
            limits.idleTime = .seconds(20)
            limits.writeTime = .seconds(20)
        }
        var options = site.options
        options.certificate = site.certificate.files
        let socket = site.fixture.output + "/operations"
        options.operations = .unix(path: socket)
        let server = Server(options)
        let address = try await server.start()
        let script = """
            fault = sys.argv[2]
            client = HTTP2(setting(4, 1024))
            slow = client.get("/")
            if fault == "another host":
                bad = client.get("/", more=b"\\x00" + text("host") + text("b"))
            elif fault == "a line end in a value":
                bad = client.get("/", more=b"\\x00" + text("x") + text("a\\r\\nb: c"))
            else:
                bad = client.get("/", "POST", b"\\x0f\\x0d" + text("5"), ends=False)
                client.send(frame(0, 1, bad, b"seven!!"))
            def slowly(count):
                client.window(0, count); client.window(slow, count)
            block, body = client.answer(slow, slowly)
            print(is_ok(block) and len(body) == int(sys.argv[3]))
            print(is_ok(client.answer(client.get("/plain"))[0]))
            """
        let size = "\(site.fixture.home.count)"
        #expect(try await ClientScript.run(script, address, [fault, size]) == "True\nTrue\n")
        let metrics = try run(
            "curl", ["-s", "--unix-socket", socket, "http://a/-/metrics"])
        let text = String(decoding: metrics, as: UTF8.self)
        #expect(text.split(separator: "\n").contains("sitegen_streams_refused_total 1"))
        await server.shutdown(grace: .seconds(1))
    }

    @Test(arguments: [("said twice", 5), ("malformed", 1)])
    func `a stream's reset says what was wrong`(fault: String, reason: Int) async throws {
        let site = try ShortLived { $0.idleTime = .seconds(20) }
        let server = site.server("h2")
        let address = try await server.start()
        let script = """
            client = HTTP2()
            more = b"\\x00" + text("X") + text("upper") if "malformed" in sys.argv[2] else b""
            head = frame(1, 5, 1, client.fields("/", more=more))
            client.send(head * (2 if "twice" in sys.argv[2] else 1))
            while True:
                kind, flags, stream, body = client.read()
                if kind == 3: break
            print(int.from_bytes(body, "big"))
            client.next = 3
            print(is_ok(client.answer(client.get("/plain"))[0]))
            """
        #expect(try await ClientScript.run(script, address, [fault]) == "\(reason)\nTrue\n")
        await server.shutdown(grace: .seconds(1))
    }

    /// What a client does behind its last request.
    static let halves = [
        "plain shutdown", "tls say_end", "tls shutdown", "h2 say_end", "h2 shutdown",
    ]

    @Test(arguments: halves)
    func `a client that sends nothing more gets its answers`(half: String) async throws {
        let site = try ShortLived { limits in
            limits.idleTime = .seconds(20)
            limits.writeTime = .seconds(20)
            limits.fragmentTime = .seconds(20)
        }
        let redis = try RedisProcess()
        let proxy = try LaggingProxy(to: redis.socket)
        proxy.set(lag: .milliseconds(100))
        var options = site.options
        options.redis = try RedisURL(proxy.url)
        let words = half.split(separator: " ").map(String.init)
        if words[0] != "plain" { options.certificate = site.certificate.files }
        let server = Server(options)
        let address = try await server.start()
        // A page that waits for Redis, and far more than the system buffers, taken slowly.
        let script = """
            version, end, size = sys.argv[2], sys.argv[3], int(sys.argv[4])
            def finish(client):
                if version == "plain": client.shutdown(socket.SHUT_WR)
                else: getattr(client, end)()
            if version == "h2":
                client = HTTP2(setting(4, 1 << 24), 1 << 24)
                page, whole = client.get("/look/"), client.get("/")
                finish(client.tls)
                bodies = {page: b"", whole: b""}
                while True:
                    next = client.read()
                    if next is None: break
                    if next[0] == 0: bodies[next[2]] += next[3]
                print(bodies[page].endswith(b"</body>"), len(bodies[whole]) == size)
            else:
                client = open_one(version, 4096)
                client.sendall(request("/look/"))
                finish(client)
                page = read_all(client)
                client = open_one(version, 4096)
                client.sendall(request() * 50)
                finish(client)
                data = read_all(client)
                print(page.endswith(b"</body>"), data.count(b"</body>") == 50)
            """
        let text = try await ClientScript.run(
            script, address, words + ["\(site.fixture.home.count)"])
        #expect(text == "True True\n")
        await server.shutdown(grace: .seconds(1))
    }

    @Test(arguments: ["/-/health", "/-/ready", "/-/metrics", "/none"])
    func `a probe that sends nothing more gets its answer`(path: String) async throws {
        var options = try ShortLived().options
        let fixture = try ReleaseFixture()
        options.output = fixture.output
        options.operations = .unix(path: fixture.output + "/operations")
        let server = Server(options)
        let address = try await server.start()
        let script = """
            probe = socket.socket(socket.AF_UNIX)
            probe.connect(sys.argv[2] + "/operations")
            probe.sendall(request(sys.argv[3]))
            probe.shutdown(socket.SHUT_WR)
            print(read_answer(probe)[0] is not None)
            half = socket.socket(socket.AF_UNIX)
            half.connect(sys.argv[2] + "/operations")
            half.sendall(b"GET /-/hea")
            half.shutdown(socket.SHUT_WR)
            print(len(read_all(half)))
            """
        #expect(try await ClientScript.run(script, address, [fixture.output, path]) == "True\n0\n")
        await server.shutdown(grace: .seconds(1))
    }

    @Test(arguments: ["plain", "tls"])
    func `nothing is answered to a client that has gone`(version: String) async throws {
        let site = try ShortLived { $0.idleTime = .seconds(20) }
        var options = site.options
        if version == "tls" { options.certificate = site.certificate.files }
        let lines = Mutex<[UInt8]>([])
        options.accessLog = .combined
        options.onLogLines = { bytes in lines.withLock { $0 += bytes } }
        let server = Server(options)
        let address = try await server.start()
        // SO_LINGER of no time: the connection is reset, not ended.
        let script = """
            client = open_one(sys.argv[2], 4096)
            client.sendall(request() * 400)
            client.recv(1)
            raw = client if sys.argv[2] == "plain" else client.raw
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raw.close()
            """
        _ = try await ClientScript.run(script, address, [version])
        await server.shutdown(grace: .seconds(20))
        let count = lines.withLock { $0.count { $0 == UInt8(ascii: "\n") } }
        #expect((1..<400).contains(count))
    }
}
