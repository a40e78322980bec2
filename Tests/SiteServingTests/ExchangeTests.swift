// The table of exchanges through the state machine, whole and byte by byte, and over a socket.

import NIOCore
import Testing

@testable import SiteServing

/// Compares answers with what must come; what is left of the bytes must be nothing.
func check(_ exchange: Exchange, _ bytes: [UInt8]) {
    var rest = bytes[...]
    for expected in exchange.answers {
        guard let answer = TestAnswer(&rest, isHead: expected.isHead) else {
            Issue.record("\(exchange.name): an answer is missing")
            return
        }
        #expect(answer.status == expected.status, "\(exchange.name)")
        for (name, value) in expected.fields {
            #expect(answer.fields[name] == value, "\(exchange.name): \(name)")
        }
        if let body = expected.body {
            #expect(String(decoding: answer.body, as: UTF8.self) == body, "\(exchange.name)")
        }
    }
    #expect(rest.isEmpty, "\(exchange.name): more answers than requests")
}

@Suite("Exchanges") struct ExchangeTests {
    let fixture: ReleaseFixture

    init() throws { fixture = try ReleaseFixture() }

    @Test(arguments: Exchange.all)
    func `an exchange without a socket, whole`(exchange: Exchange) throws {
        var dialogue = try Dialogue(fixture)
        let result = converse(&dialogue, exchange.text)
        check(exchange, result.bytes)
        #expect(result.isClosed == exchange.closes, "\(exchange.name)")
    }

    @Test(arguments: Exchange.all.filter { $0.text.utf8.count < 1_000 })
    func `an exchange without a socket, byte by byte`(exchange: Exchange) throws {
        var dialogue = try Dialogue(fixture)
        var bytes: [UInt8] = []
        for character in exchange.text.unicodeScalars {
            let result = converse(&dialogue, String(character))
            bytes += result.bytes
            if result.isClosed {
                #expect(exchange.closes, "\(exchange.name)")
                break
            }
        }
        check(exchange, bytes)
    }

    @Test func `the pieces of a file are the file's`() throws {
        let whole = try answer(fixture, "GET /", "Accept-Encoding: gzip\r\n")
        let tag = try #require(whole.fields["etag"])
        let fields = "Accept-Encoding: gzip\r\nIf-Range: \(tag)\r\nRange: bytes=0-9, 20-29,-5\r\n"
        let parts = try answer(fixture, "GET /", fields)
        #expect(parts.status == 206)
        #expect(parts.fields["etag"] == tag)
        #expect(parts.fields["content-encoding"] == "gzip")
        let type = try #require(parts.fields["content-type"])
        let prefix = "multipart/byteranges; boundary="
        #expect(type.hasPrefix(prefix))
        let boundary = type.dropFirst(prefix.count)
        let total = whole.body.count
        var expected: [UInt8] = []
        for range in [0..<10, 20..<30, (total - 5)..<total] {
            expected += Array(
                """
                \r\n--\(boundary)\r
                Content-Type: text/html; charset=utf-8\r
                Content-Range: bytes \(range.lowerBound)-\(range.upperBound - 1)/\(total)\r
                \r\n
                """.utf8)
            expected += whole.body[range]
        }
        #expect(parts.body == expected + Array("\r\n--\(boundary)--\r\n".utf8))
    }

    @Test func `a matching tag continues a download, another begins anew`() throws {
        let style = "GET /assets/site.0123abcd.css"
        let tag = try #require(answer(fixture, style).fields["etag"])
        let range = "Range: bytes=5-\r\nIf-Range: "
        #expect(try answer(fixture, style, range + tag + "\r\n").status == 206)
        #expect(try answer(fixture, style, range + "W/" + tag + "\r\n").status == 200)
        #expect(try answer(fixture, style, range + tag + ", \"x\"\r\n").status == 200)
    }

    @Test func `every exchange over a socket`() async throws {
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.limits.idleTime = .seconds(60)
        let server = Server(options)
        let address = try await server.start()
        for exchange in Exchange.all {
            let socket = try TestSocket(address)
            socket.send(exchange.text)
            let bytes = socket.read { bytes in
                var rest = bytes[...]
                for expected in exchange.answers
                where TestAnswer(&rest, isHead: expected.isHead) == nil {
                    return nil as [UInt8]?
                }
                return bytes
            }
            check(exchange, bytes ?? [])
            if exchange.closes { #expect(socket.isClosed(), "\(exchange.name)") }
        }
        await server.shutdown(grace: .seconds(1))
    }
}
