// What a server tells about itself, whom it refuses, and how it takes new releases and stops.

import Foundation
import NIOCore
import ReleaseFormat
import Synchronization
import Testing

@testable import SiteServing

private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

@Suite("Operations", .serialized) struct OperationsTests {
    private let fixture: ReleaseFixture

    init() throws { fixture = try ReleaseFixture() }

    private func start(
        change: (inout ServerOptions) -> Void = { _ in }
    ) async throws -> (Server, ListenAddress) {
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0))
        change(&options)
        let server = Server(options)
        return (server, try await server.start())
    }

    private func curl(_ socket: String, _ path: String) throws -> String {
        String(
            decoding: try run(
                "curl",
                ["-s", "-i", "--max-time", "120", "--unix-socket", socket, "http://a\(path)"]),
            as: UTF8.self)
    }

    @Test func `health, readiness and metrics are on their own listener`() async throws {
        let socket = fixture.output + "/operations"
        let (server, address) = try await start { $0.operations = .unix(path: socket) }
        let client = try TestSocket(address)
        for text in [get, get, "GET /none HTTP/1.1\r\nHost: a\r\n\r\n"] {
            client.send(text)
            _ = client.nextAnswer()
        }
        #expect(try curl(socket, "/-/health").hasSuffix("\r\n\r\nok\n"))
        #expect(try curl(socket, "/-/ready").hasPrefix("HTTP/1.1 200 "))
        #expect(try curl(socket, "/").hasPrefix("HTTP/1.1 404 "))
        let metrics = try curl(socket, "/-/metrics")
        let release = try ReleaseReader.currentID(fixture.output)
        for line in [
            "sitegen_responses_total{code=\"200\"} 2", "sitegen_responses_total{code=\"404\"} 1",
            "sitegen_connections 1", "sitegen_redis_up 0",
            "sitegen_slots_total{outcome=\"hit\"} 0", "sitegen_release_info{id=\"\(release)\"} 1",
            "sitegen_response_body_bytes_total \(2 * fixture.home.count + 17)",
        ] {
            #expect(metrics.contains("\n\(line)\n"), "\(line)")
        }
        let body = try #require(metrics.split(separator: "\r\n\r\n").last)
        for line in body.split(separator: "\n") {
            let pattern = #/(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"\})? [0-9]+)/#
            #expect(line.wholeMatch(of: pattern) != nil, "\(line)")
        }
        client.send("GET /-/metrics HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(client.nextAnswer()?.status == 404, "not where visitors are")
        await server.shutdown(grace: .seconds(1))
    }

    @Test(arguments: ["", "GET /-/health HT", "GET /-/health HTTP/1.1\r\nHost: a\r\nX: ", "\r\n"])
    func `whoever connects to operations and does not ask keeps nobody out`(said: String)
        async throws
    {
        let socket = fixture.output + "/operations"
        let (server, _) = try await start { options in
            options.operations = .unix(path: socket)
            options.limits.operationsConnectionsMax = 4
        }
        let script = """
            import socket, sys
            def connect(text):
                client = socket.socket(socket.AF_UNIX)
                client.settimeout(20)
                client.connect(sys.argv[1])
                client.sendall(text.encode())
                return client
            silent = [connect(sys.argv[2]) for _ in range(12)]
            for _ in range(5):
                asks = connect("GET /-/health HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
                print(asks.recv(12).decode())
            try:
                silent[0].recv(1)
            except ConnectionResetError:
                pass  # what it had said was never read
            print("the oldest is closed", end="")
            """
        let text = try run("python3", ["-c", script, socket, said])
        #expect(
            String(decoding: text, as: UTF8.self)
                == String(repeating: "HTTP/1.1 200\n", count: 5) + "the oldest is closed")
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `refused connections are told of at most once a second, and all are counted`() {
        let facts = ServerFacts()
        let start = NIODeadline.uptimeNanoseconds(5)
        #expect(facts.countRefusal(start) == 1)
        for _ in 0..<9 { #expect(facts.countRefusal(start + .milliseconds(999)) == nil) }
        #expect(facts.countRefusal(start + .seconds(1)) == 10)
        #expect(facts.countRefusal(start + .milliseconds(1_500)) == nil)
        #expect(facts.connectionsRefused.load(ordering: .relaxed) == 12)
    }

    @Test func `an IPv4 address counts as itself on a socket of IPv6, others as their network`()
        throws
    {
        func client(_ text: String) throws -> ClientAddress? {
            ClientAddress(try SocketAddress(ipAddress: text, port: 1))
        }
        #expect(try client("::ffff:192.0.2.1") == client("192.0.2.1"))
        #expect(try client("::ffff:192.0.2.1") != client("::ffff:192.0.2.2"))
        #expect(try client("2001:db8::1") == client("2001:db8::2"))
        #expect(try client("2001:db8::1") != client("2001:db8:0:1::1"))
        #expect(try client("::1") != client("0.0.0.1"))
    }

    @Test func `one client address gets so many connections and requests`() async throws {
        let (server, address) = try await start { options in
            options.limits.connectionsPerAddressMax = 2
            options.limits.requestsPerAddressRate = 0.001
            options.limits.requestsPerAddressBurst = 3
        }
        let first = try TestSocket(address)
        let second = try TestSocket(address)
        second.send(get)
        #expect(second.nextAnswer()?.status == 200)
        let third = try TestSocket(address)
        #expect(third.readToEnd().hasPrefix("HTTP/1.1 429 "))
        first.send(get + get + get + get)
        let statuses = (0..<3).map { _ in first.nextAnswer()?.status }
        #expect(statuses == [200, 200, 429])
        #expect(first.isClosed())
        let again = try TestSocket(address)
        again.send(get)
        #expect(again.nextAnswer()?.status == 429, "a new connection is the same client")
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `a client that takes nothing is closed, one that takes slowly is not`() async throws
    {
        let (server, address) = try await start { options in
            options.limits.writeTime = .seconds(1)
            options.limits.writeBytesMin = 1
            options.limits.sweepInterval = .milliseconds(50)
            options.limits.requestsPerConnectionMax = 1_000_000
        }
        let stuck = try TestSocket(address)
        // Far more than what kernel buffers take.
        for _ in 0..<400 { stuck.send(String(repeating: get, count: 32)) }
        let good = try TestSocket(address)
        good.send(get)
        #expect(good.nextAnswer()?.status == 200)
        let slow = try TestSocket(address)
        slow.send(String(repeating: get, count: 400))
        var count = 0
        while count < 400, slow.nextAnswer() != nil {
            count += 1
            // On this thread: a task would go on only when another test lets it.
            if count % 100 == 0 { usleep(100_000) }
        }
        #expect(count == 400)
        #expect(stuck.isClosed())
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `reports of violations are counted, bounded and never repeated`() async throws {
        let told = Told()
        let socket = fixture.output + "/operations"
        let (server, address) = try await start { options in
            options.takesReports = true
            options.operations = .unix(path: socket)
            options.onEvent = { told.take($0) }
        }
        func post(_ body: String, _ fields: String = "") throws -> Int? {
            let client = try TestSocket(address)
            client.send(
                "POST /-/csp HTTP/1.1\r\nHost: a\r\n\(fields)"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n"
            )
            client.send(body)
            return client.nextAnswer()?.status
        }
        let old =
            "{\"csp-report\":{\"effective-directive\":\"script-src-elem\",\"blocked-uri\":\"x\"}}"
        #expect(try post(old) == 204)
        #expect(try post("[{\"body\":{\"effectiveDirective\" : \"img-src\"}}]") == 204)
        #expect(try post("{\"effective-directive\":\"evil\\nline\"}") == 204)
        #expect(try post("") == 204)
        let many = String(repeating: "\"effective-directive\":\"font-src\",", count: 400)
        for body in [
            "{\"csp-report\":{\(many)\"x\":1}}",
            "[\(String(repeating: "{\"effectiveDirective\":\"font-src\"},", count: 300))]",
            "{\"effective-directive\":\"font-src\",\"effectiveDirective\":\"font-src\"}",
            "\(many){\"effective-directive\":\"media-src\"}",
        ] {
            #expect(try post(body) == 204)
        }
        #expect(try post(old, "Content-Encoding: gzip\r\n") == 411)
        let long = try TestSocket(address)
        long.send("POST /-/csp HTTP/1.1\r\nHost: a\r\nContent-Length: 16385\r\n\r\n")
        #expect(long.nextAnswer()?.status == 413)
        let chunked = try TestSocket(address)
        chunked.send("POST /-/csp HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(chunked.nextAnswer()?.status == 411)
        let page = try TestSocket(address)
        page.send(get)
        let answer = page.nextAnswer()
        #expect(answer?.fields["reporting-endpoints"] == "csp=\"/-/csp\"")
        #expect(
            answer?.fields["content-security-policy"]?.hasSuffix(
                "; report-uri /-/csp; report-to csp") == true)
        #expect(answer?.fields["etag"]?.hasSuffix("-identity+r\"") == true)
        let metrics = try curl(socket, "/-/metrics")
        for name in ["script-src-elem", "img-src"] {
            #expect(metrics.contains("sitegen_csp_reports_total{directive=\"\(name)\"} 1\n"))
        }
        #expect(metrics.contains("sitegen_csp_reports_total{directive=\"other\"} 2\n"))
        #expect(metrics.contains("sitegen_csp_reports_total{directive=\"font-src\"} 4\n"))
        #expect(metrics.contains("sitegen_csp_reports_total{directive=\"media-src\"} 1\n"))
        try await told.wait(for: "policyViolated(directive: \"img-src\")")
        #expect(!told.contains("policyViolated(directive: \"evil"))
        await server.shutdown(grace: .seconds(1))
    }
}
