// The table of exchanges through TLS, by curl: as HTTP/1.1 and as HTTP/2, and new certificates.

import Foundation
import Testing

@testable import SiteServing

/// A certificate for 127.0.0.1 that lasts a day, in a folder that is removed with the object.
final class TestCertificate {
    let folder = NSTemporaryDirectory() + "sitegen-tls-\(UUID().uuidString.prefix(8))"
    var files: CertificateFiles {
        CertificateFiles(chain: folder + "/certificate.pem", key: folder + "/key.pem")
    }

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try renew("first.test")
    }

    func renew(_ name: String) throws {
        _ = try run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "1", "-subj", "/CN=\(name)", "-keyout", files.key, "-out",
                files.chain,
            ])
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}

@Suite("Exchanges through TLS", .serialized) struct SecureExchangeTests {
    private let fixture: ReleaseFixture
    private let certificate: TestCertificate

    init() throws {
        fixture = try ReleaseFixture()
        certificate = try TestCertificate()
    }

    private func start(
        _ change: (inout ServerOptions) -> Void = { _ in }
    ) async throws -> (Server, ListenAddress) {
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.certificate = certificate.files
        change(&options)
        let server = Server(options)
        return (server, try await server.start())
    }

    /// The arguments with which curl sends the one request of an exchange.
    private func arguments(_ exchange: Exchange) -> [String] {
        let lines = exchange.text.components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        var arguments = ["--request-target", words[1]]
        arguments += words[0] == "HEAD" ? ["-I"] : ["-X", words[0]]
        for line in lines.dropFirst() where !line.isEmpty {
            // curl leaves a field without a value out unless it ends in a semicolon.
            arguments += ["-H", line.hasSuffix(":") ? line.dropLast() + ";" : line]
        }
        return arguments
    }

    @Test(arguments: ["--http1.1", "--http2"])
    func `plain exchanges are the same through TLS`(version: String) async throws {
        let (server, address) = try await start()
        for exchange in Exchange.all where exchange.isPlain && !exchange.closes {
            let bytes = try run(
                "curl",
                ["-sk", "-i", "--raw", "--max-time", "120", version] + arguments(exchange)
                    + ["https://\(address)/"])
            let status = version == "--http2" ? "HTTP/2 " : "HTTP/1.1 "
            #expect(bytes.starts(with: status.utf8), "\(exchange.name)")
            check(exchange, bytes)
        }
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `a page with slots is the same in every version`() async throws {
        let (server, address) = try await start()
        let plain = try run("curl", ["-sk", "--http1.1", "https://\(address)/look/"])
        #expect(plain == fixture.page(fixture.look, [nil, nil]))
        for coding in ["gzip", "br", "identity"] {
            let one = ["-sk", "-H", "Accept-Encoding: \(coding)", "https://\(address)/look/"]
            #expect(try run("curl", ["--http2"] + one) == run("curl", ["--http1.1"] + one))
        }
        await server.shutdown(grace: .seconds(1))
    }

    @Test(arguments: [63_072_000, 0, nil])
    func `every answer says once how long to keep to TLS`(seconds: Int?) async throws {
        let (server, address) = try await start { $0.strictTransportSeconds = seconds }
        for version in ["--http1.1", "--http2"] {
            for path in ["/", "/look/", ReleaseFixture.style, "/old", "/nothing"] {
                let head = try run("curl", ["-skI", version, "https://\(address)\(path)"])
                let lines = String(decoding: head, as: UTF8.self).lowercased()
                    .split(separator: "\r\n")
                    .filter { $0.hasPrefix("strict-transport-security:") }
                let expected = seconds.map { ["strict-transport-security: max-age=\($0)"] } ?? []
                #expect(lines.map(String.init) == expected, "\(version) \(path)")
            }
        }
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `a new certificate is for new connections, a broken one for nobody`() async throws {
        let (server, address) = try await start()
        func name() throws -> String {
            let script = """
                import socket, ssl, sys
                context = ssl._create_unverified_context()
                raw = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
                print(len(ssl.DER_cert_to_PEM_cert(
                    context.wrap_socket(raw).getpeercert(True))), end=" ")
                """
            guard case .tcp(_, let port) = address else { return "" }
            return String(
                decoding: try run("python3", ["-c", script, "\(port)"]), as: UTF8.self)
        }
        let first = try name()
        try certificate.renew("a-much-longer-name-than-the-first-one-had.test")
        #expect(try name() == first, "not before it is asked for")
        try server.reloadCertificate()
        let second = try name()
        #expect(second != first)
        try "nonsense".write(toFile: certificate.files.key, atomically: false, encoding: .utf8)
        #expect(throws: ServingError.self) { try server.reloadCertificate() }
        #expect(try name() == second)
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `a stream whose request does not end is closed, and the server goes on`()
        async throws
    {
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.certificate = certificate.files
        options.limits.headTime = .seconds(2)
        options.limits.sweepInterval = .milliseconds(50)
        let server = Server(options)
        let address = try await server.start()
        guard case .tcp(_, let port) = address else { return }
        // POST / of the authority `a`, without END_STREAM; then reads until the stream's reset.
        let script = """
            import socket, ssl, struct, sys
            context = ssl._create_unverified_context()
            context.set_alpn_protocols(["h2"])
            raw = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20)
            client = context.wrap_socket(raw)
            def frame(kind, flags, stream, body=b""):
                length = struct.pack(">I", len(body))[1:]
                return length + struct.pack(">BBI", kind, flags, stream) + body
            client.sendall(b"PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n" + frame(4, 0, 0)
                + frame(1, 4, 1, b"\\x83\\x87\\x84\\x41\\x01a"))
            def take(count):
                bytes = b""
                while len(bytes) < count:
                    more = client.recv(count - len(bytes))
                    if not more: sys.exit("closed")
                    bytes += more
                return bytes
            while True:
                head = take(9)
                take(int.from_bytes(head[:3], "big"))
                if head[3] == 3:
                    print("reset", end="")
                    break
            """
        let text = try run("python3", ["-c", script, "\(port)"])
        #expect(String(decoding: text, as: UTF8.self) == "reset")
        let page = try run("curl", ["-sk", "--max-time", "120", "https://\(address)/"])
        #expect(page == fixture.home)
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `a client that does not finish the handshake is closed`() async throws {
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.certificate = certificate.files
        options.limits.headTime = .milliseconds(200)
        let server = Server(options)
        let address = try await server.start()
        let silent = try TestSocket(address)
        #expect(silent.isClosed())
        let plain = try TestSocket(address)
        plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(plain.isClosed())
        await server.shutdown(grace: .seconds(1))
    }
}
