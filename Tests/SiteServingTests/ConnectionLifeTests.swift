// How long connections live, in every version: as long as they are used, and no longer.
//
// Each limit has a client that outlives it by being active, and one that does not. Limits are short
// here, and clients are active for several times as long; nothing is asserted about how long that
// took.

import Foundation
import Testing

@testable import SiteServing

/// Limits of a moment, and a release whose home page has about 110 KB.
struct ShortLived {
    let fixture: ReleaseFixture
    let certificate: TestCertificate
    let options: ServerOptions

    init(change: (inout ServingLimits) -> Void = { _ in }) throws {
        fixture = try ReleaseFixture(homeLength: 20)
        certificate = try TestCertificate()
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.limits.sweepInterval = .milliseconds(20)
        options.limits.idleTime = .milliseconds(600)
        options.limits.headTime = .milliseconds(600)
        options.limits.writeTime = .milliseconds(600)
        options.limits.requestsPerConnectionMax = .max
        change(&options.limits)
        self.options = options
    }

    /// A server: with TLS unless `version` is `plain`.
    func server(_ version: String) -> Server {
        var options = options
        if version != "plain" { options.certificate = certificate.files }
        return Server(options)
    }

    /// How many seconds a client has to be active to have outlived every limit.
    var seconds: String { "1.5" }
}

@Suite("Lives of connections", .serialized) struct ConnectionLifeTests {
    static let versions = ["plain", "tls", "h2"]

    @Test(arguments: versions)
    func `a connection in use outlives silence, heads, handshake and preface`(version: String)
        async throws
    {
        let site = try ShortLived()
        let server = site.server(version)
        let address = try await server.start()
        let script = """
            version, seconds = sys.argv[2], float(sys.argv[3])
            end, count = time.time() + seconds, 0
            client = HTTP2() if version == "h2" else open_one(version)
            while time.time() < end:
                if version == "h2": good = is_ok(client.answer(client.get("/plain"))[0])
                else:
                    client.sendall(request("/plain"))
                    good = read_answer(client)[0] is not None
                if not good: sys.exit(print("ended after", count, "answers"))
                count += 1
                time.sleep(0.02)
            print("alive")
            """
        #expect(try await ClientScript.run(script, address, [version, site.seconds]) == "alive\n")
        await server.shutdown(grace: .seconds(1))
    }

    @Test(arguments: versions)
    func `an answer that is taken slowly comes whole`(version: String) async throws {
        let site = try ShortLived()
        let server = site.server(version)
        let address = try await server.start()
        // HTTP/2 by windows of 2 KiB; HTTP/1.1 by answers of far more than the system buffers.
        let script = """
            version, seconds, size = sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
            pause = seconds / 48
            if version == "h2":
                client = HTTP2(setting(4, 2048))
                stream = client.get("/")
                def slowly(count):
                    time.sleep(pause * count / (size / 48))
                    client.window(0, count); client.window(stream, count)
                block, body = client.answer(stream, slowly)
                print(is_ok(block), len(body) == size)
            else:
                client, count = open_one(version, 4096), 100
                client.sendall(request() * count)
                whole, left = 0, b""
                for _ in range(count):
                    head, body, left = read_answer(client, left)
                    if head is None or len(body) != size: break
                    whole += 1
                    time.sleep(seconds / count)
                print(whole == count, len(left) == 0)
            """
        let size = "\(site.fixture.home.count)"
        #expect(
            try await ClientScript.run(script, address, [version, site.seconds, size])
                == "True True\n")
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `a report whose body comes slowly is taken, one that never comes is not`()
        async throws
    {
        let site = try ShortLived { $0.headTime = .seconds(20) }
        var options = site.options
        options.takesReports = true
        options.certificate = site.certificate.files
        let server = Server(options)
        let address = try await server.start()
        // Longer than silence may be: the time of a head is the limit of a report.
        let script = """
            client = open_one("tls")
            body = b'{"effective-directive":"img-src"}'
            length = b"Content-Length: %d\\r\\n\\r\\n" % len(body)
            client.sendall(b"POST /-/csp HTTP/1.1\\r\\nHost: a\\r\\n" + length)
            for byte in body:
                client.sendall(bytes([byte]))
                time.sleep(float(sys.argv[2]) / len(body))
            print(client.recv(12).decode())
            two = HTTP2()
            stream = two.get("/-/csp", "POST", b"\\x0f\\x0d" + text(str(len(body))), ends=False)
            for index, byte in enumerate(body):
                two.send(frame(0, 1 if index + 1 == len(body) else 0, stream, bytes([byte])))
                time.sleep(float(sys.argv[2]) / len(body))
            block, rest = two.answer(stream)
            print(block is not None and block[0] == 0x89)
            """
        #expect(
            try await ClientScript.run(script, address, [site.seconds]) == "HTTP/1.1 204\nTrue\n")
        await server.shutdown(grace: .seconds(1))
    }

    @Test(arguments: ["nothing", "handshake", "preface", "silence", "half a head", "half a frame"])
    func `a client that stops is closed`(after: String) async throws {
        let site = try ShortLived()
        let server = site.server("tls")
        let address = try await server.start()
        let script = """
            after = sys.argv[2]
            if after == "nothing": client = connect()
            elif after == "handshake": client = Secure("h2")
            elif after == "half a head":
                client = Secure()
                client.sendall(b"GET / HTT")
            else:
                client = HTTP2()
                if after == "silence": client.answer(client.get("/plain"))
                if after == "half a frame": client.send(frame(1, 4, 1, client.fields())[:12])
                while client.read(): pass
                client = client.tls
            read_all(client)
            print("closed")
            """
        #expect(try await ClientScript.run(script, address, [after]) == "closed\n")
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `what the client says of itself arrives: settings, answers to pings, its end`()
        async throws
    {
        let site = try ShortLived {
            $0.idleTime = .seconds(20)
            $0.goAwayTime = .seconds(20)
        }
        let server = site.server("h2")
        let address = try await server.start()
        // SETTINGS have arrived if the time of a preface does not end it; a GOAWAY and the end of
        // the input, if it is closed long before silence counts.
        let script = """
            quiet = HTTP2()
            time.sleep(float(sys.argv[2]))
            print(is_ok(quiet.answer(quiet.get("/plain"))[0]))
            quiet.send(frame(7, 0, 0, struct.pack(">II", 0, 0)))
            while quiet.read(): pass
            print(quiet.goaways)
            for end in ("say_end", "shutdown"):
                half = HTTP2()
                half.answer(half.get("/plain"))
                getattr(half.tls, end)()
                while half.read(): pass
                print(half.goaways)
            """
        let text = try await ClientScript.run(script, address, [site.seconds])
        #expect(text == "True\n" + String(repeating: "[(1, 0)]\n", count: 3))
        await server.shutdown(grace: .seconds(1))
    }

    @Test(arguments: ["nothing of it", "only its head", "none of many"])
    func `a client of HTTP/2 that takes no answer is closed`(takes: String) async throws {
        let site = try ShortLived { $0.idleTime = .seconds(60) }
        let server = site.server("h2")
        let address = try await server.start()
        let script = """
            takes = sys.argv[2]
            client = HTTP2(setting(4, 0 if takes != "only its head" else 1))
            streams = [client.get("/") for _ in range(100 if takes == "none of many" else 1)]
            while client.read(): pass
            print("closed")
            """
        #expect(try await ClientScript.run(script, address, [takes]) == "closed\n")
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `one stream that is not taken ends alone`() async throws {
        let site = try ShortLived { $0.idleTime = .seconds(60) }
        let server = site.server("h2")
        let address = try await server.start()
        let script = """
            client, seconds = HTTP2(setting(4, 1)), float(sys.argv[2])
            stuck, end, reset, good = client.get("/"), time.time() + seconds, False, 0
            while time.time() < end or not reset:
                stream, got = client.get("/assets/site.0123abcd.css"), 0
                client.window(stream, 1 << 16)
                while True:
                    next = client.read()
                    if next is None: sys.exit(print("closed"))
                    kind, flags, of, data = next
                    if kind == 3 and of == stuck: reset = True
                    if of == stream and kind == 0: got += len(data)
                    if of == stream and flags & 1: break
                if data: client.window(0, got)
                time.sleep(0.01)
            print("reset, the others whole")
            """
        let text = try await ClientScript.run(script, address, [site.seconds])
        #expect(text == "reset, the others whole\n")
        await server.shutdown(grace: .seconds(1))
    }
}
