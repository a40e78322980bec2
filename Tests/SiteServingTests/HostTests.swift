// Whom a server of this machine alone answers: its own names, and no pages of other sites.

import Testing

@testable import SiteServing

@Suite("Hosts", .serialized) struct HostTests {
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

    @Test(arguments: [
        ("localhost:4000", "", 200), ("127.0.0.1", "", 200), ("[::1]:4000", "", 200),
        ("tunnel.example:443", "", 200), ("evil.example:4000", "", 421),
        ("localhost.evil.example", "", 421), ("127.0.0.1.nip.io:4000", "", 421),
        ("127.0.0.1:1.evil", "", 400), ("0.0.0.0:4000", "", 421),
        ("localhost", "Origin: http://localhost:4000\r\n", 200),
        ("localhost", "Origin: https://tunnel.example\r\n", 200),
        ("localhost", "Origin: http://evil.example\r\n", 403),
        ("localhost", "Origin: null\r\n", 403),
        ("localhost", "Origin: http://localhost.evil.example\r\n", 403),
    ])
    func `a server of this machine answers to its own names, and to no other site's pages`(
        host: String, fields: String, status: Int
    ) throws {
        let own = ServedHosts.loopback(and: ["Tunnel.example"])
        for path in ["/", "/none"] {
            let answer = try answer(
                fixture, "GET \(path)", fields, host: host, hosts: own)
            #expect(answer.status == (path == "/none" && status == 200 ? 404 : status))
            guard status > 400 else { continue }
            #expect(answer.body.count { $0 == 0x0A } == 1, "one line says why")
            #expect(answer.fields["connection"] == "close")
        }
    }

    @Test func `operations on loopback answer to this machine's names, and to those given`()
        async throws
    {
        let told = Told()
        let (server, _) = try await start { options in
            options.operations = .tcp(host: "127.0.0.1", port: 0)
            options.operationsHosts = ["Probe.example"]
            options.onEvent = { told.take($0) }
        }
        let address = try #require(server.operationsAddress)
        func status(_ host: String, _ fields: String = "") throws -> Int? {
            let client = try TestSocket(address)
            client.send("GET /-/metrics HTTP/1.1\r\nHost: \(host)\r\n\(fields)\r\n")
            return client.nextAnswer()?.status
        }
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:9", "probe.example"] {
            #expect(try status(host) == 200, "\(host)")
        }
        for host in [
            "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:9", "127.0.0.2",
            "[::2]", "xlocalhost",
        ] {
            #expect(try status(host) == 421, "\(host)")
        }
        #expect(try status("localhost", "Origin: http://evil.example\r\n") == 403)
        await server.shutdown(grace: .seconds(1))
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1", true), ("127.9.8.7", "127.9.8.7:1", true),
        ("::1", "[::1]", true),
        ("localhost", "localhost", true), ("127.0.0.1", "evil.example", false),
        ("::1", "evil.example", false), ("0.0.0.0", "pod.example", true), ("::", "x:80", true),
    ])
    func `a listener that others reach answers to any name`(
        listen: String, host: String, isServed: Bool
    ) {
        var head = RequestHead(method: .get, path: [0x2F])
        head.values.set(.host, Array(host.utf8).span)
        let hosts = ServedHosts.operations(on: .tcp(host: listen, port: 1), and: [])
        #expect((hosts.refusal(of: head) == nil) == isServed)
        let socket = ServedHosts.operations(on: .unix(path: "/x"), and: [])
        #expect(socket.refusal(of: head) == nil)
    }
}
