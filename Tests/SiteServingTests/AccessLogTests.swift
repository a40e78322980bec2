// What a line of the access log says, whatever was asked, and what no line holds.

import AccessRecords
import Foundation
import NIOCore
import Synchronization
import Testing

@testable import SiteServing

@Suite("Access log", .serialized) struct AccessLogTests {
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

    @Test(arguments: AccessLogFormat.allCases)
    func `a line for each answer, with nothing private in it`(format: AccessLogFormat) async throws
    {
        let lines = Mutex<[UInt8]>([])
        let (server, address) = try await start { options in
            options.accessLog = format
            options.onLogLines = { bytes in lines.withLock { $0 += bytes } }
        }
        let client = try TestSocket(address)
        client.send(
            "GET /bag/?secret=1 HTTP/1.1\r\nHost: a\r\nCookie: sid=geheim\r\n"
                + "User-Agent: a \"quoted\" \\ agent\r\nReferer: http://b/x?secret=2\r\n\r\n")
        #expect(client.nextAnswer()?.status == 200)
        client.send("GET /caf%C3%A9%22 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(client.nextAnswer()?.status == 404)
        await server.shutdown(grace: .seconds(1))
        let text = lines.withLock { String(decoding: $0, as: UTF8.self) }
        #expect(text.split(separator: "\n").count == 2)
        #expect(!text.contains("secret") && !text.contains("geheim"))
        switch format {
        case .json:
            for line in text.split(separator: "\n") {
                let object =
                    try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                #expect(object?["client"] as? String == "127.0.0.0")
            }
            #expect(text.contains("\"slots\":[{\"name\":\"bag\",\"outcome\":\"late\"}]"))
            #expect(text.contains("\"agent\":\"a \\\"quoted\\\" \\\\ agent\""))
            #expect(text.contains("\"method\":\"GET\",\"path\":\"/caf%C3%A9%22\""))
            #expect(text.contains(",\"version\":\"HTTP/1.1\",\"status\":404,"))
        case .combined:
            #expect(text.contains("\"GET /bag/ HTTP/1.1\" 200 "))
            #expect(text.contains(" \"http://b/x\" \"a \\\"quoted\\\" \\\\ agent\" bag=late\n"))
            #expect(text.contains("\"GET /caf%C3%A9%22 HTTP/1.1\" 404 17 \"-\" \"-\"\n"))
        }
    }

    @Test(arguments: [
        (LoggedAddress.none, "-"), (.network, "127.0.0.0"), (.full, "127.0.0.1"),
    ])
    func `a line has as much of the address as is asked for`(
        address: LoggedAddress, text: String
    ) async throws {
        let lines = LoggedLines()
        let (server, listening) = try await start { options in
            options.accessLog = .json
            options.loggedAddress = address
            options.onLogLines = { lines.add($0) }
        }
        let client = try TestSocket(listening)
        client.send("GET /look/ HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n")
        #expect(client.nextAnswer()?.status == 200)
        await server.shutdown(grace: .seconds(1))
        #expect(try lines.objects().map { $0["client"] as? String } == [text])
    }

    @Test(arguments: [("127.0.0.0/8", "203.0.113.9"), ("10.0.0.0/8", "127.0.0.1")])
    func `a proxy names its client if it is trusted`(network: String, text: String) async throws {
        let lines = LoggedLines()
        let (server, listening) = try await start { options in
            options.accessLog = .json
            options.loggedAddress = .full
            options.clients.field = .xForwardedFor
            options.clients.trusted = [IPNetwork(text: network)].compactMap { $0 }
            options.onLogLines = { lines.add($0) }
        }
        let client = try TestSocket(listening)
        client.send(
            "GET /look/ HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.7, 203.0.113.9\r\n\r\n")
        #expect(client.nextAnswer()?.status == 200)
        await server.shutdown(grace: .seconds(1))
        #expect(try lines.objects().map { $0["client"] as? String } == [text])
    }

    @Test(arguments: [
        ("DELETE /about/?secret HTTP/1.1\r\nHost: a\r\n\r\n", "DELETE", "/about/", "HTTP/1.1", 405),
        ("BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n", "BREW", "/pot", "HTTP/1.1", 501),
        ("GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/a/../b", "HTTP/1.1", 400),
        ("GET /x HTTP/3.7\r\n\r\n", "GET", "/x", "HTTP/3.7", 505),
        ("GET /two words HTTP/1.1\r\n\r\n", "GET", "/two", "words", 400),
        ("\u{1}\u{2}\r\n\r\n", "\u{1}\u{2}", "", "", 400),
        ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS", "*", "HTTP/1.1", 405),
        (
            "GET http://u:geheim@a/x?y HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "http://a/x",
            "HTTP/1.1", 400
        ),
        ("CONNECT u:geheim@a:1 HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT", "a:1", "HTTP/1.1", 405),
        (
            "POST /-/csp HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "POST", "/-/csp",
            "HTTP/1.1", 204
        ),
        ("HEAD / HTTP/1.0\r\n\r\n", "HEAD", "/", "HTTP/1.0", 200),
    ])
    func `what was asked is logged as it was sent, also when it is refused`(
        text: String, method: String, path: String, version: String, status: Int
    ) throws {
        var dialogue = try Dialogue(fixture, takesReports: true)
        dialogue.connection.receive(ByteBuffer(string: text))
        var output = ResponseOutput(copiedBodyBytesMax: 1 << 20)
        _ = dialogue.connection.step(
            dialogue.release, isDraining: false, common: FieldLines([]), into: &output)
        let lines = try dialogue.logged()
        #expect(lines.count == 1)
        let object = try #require(lines.first)
        #expect(object["status"] as? Int == status)
        #expect(object["method"] as? String == method)
        #expect(object["path"] as? String == path)
        #expect(object["version"] as? String == version)
    }

    @Test(arguments: [
        ("Expect: 100-continue\r\nContent-Length: 2\r\n", "", "HTTP/1.1 100 Continue\r\n\r\n"),
        ("Expect: 100-Continue\r\nContent-Length: 2\r\n", "{", "HTTP/1.1 100 Continue\r\n\r\n"),
        ("Expect: 100-continue\r\nContent-Length: 2\r\n", "{}", "HTTP/1.1 204 "),
        ("Expect: 100-continue\r\nContent-Length: 0\r\n", "", "HTTP/1.1 204 "),
        ("Expect: 100-continue\r\nContent-Length: 16385\r\n", "", "HTTP/1.1 413 "),
        ("Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n", "", "HTTP/1.1 411 "),
        ("Expect: x\r\nContent-Length: 2\r\n", "", "HTTP/1.1 417 "),
        ("Content-Length: 2\r\n", "", ""),
    ])
    func `who waits for a word before sending a report gets one`(
        fields: String, body: String, begins: String
    ) throws {
        var dialogue = try Dialogue(fixture, takesReports: true)
        let head = "POST /-/csp HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
        let text = String(decoding: converse(&dialogue, head + body).bytes, as: UTF8.self)
        #expect(begins.isEmpty ? text.isEmpty : text.hasPrefix(begins))
        guard text.hasPrefix("HTTP/1.1 100 ") else { return }
        let rest = converse(&dialogue, String("{}".dropFirst(body.utf8.count))).bytes
        #expect(rest.starts(with: "HTTP/1.1 204 ".utf8))
    }

    @Test(arguments: [
        "\u{85}", "\u{9B}31m", "\u{7F}", "\u{2028}", "\u{2029}", "\u{202E}txt", "\u{200F}",
        "\u{2066}", "\u{61C}", "\u{FEFF}", "\u{E0041}", "\u{AD}", "\u{FFF9}", "\u{E000}",
        "\u{1B}[0m",
    ])
    func `no character that is not to be seen stands in a line`(text: String) throws {
        for format in AccessLogFormat.allCases {
            var lines = AccessLogWriter(format)
            let sent = SentLine(Array("GET /é\(text) HTTP/1.1".utf8).span)
            var answer = LoggedAnswer(
                client: Array("-".utf8), method: sent.method, path: sent.path,
                version: sent.version, status: 404, bytes: 0)
            answer.agent = Array("é\(text)".utf8)[...]
            lines.add(answer, now: 0)
            let bytes = lines.take()
            let line = String(decoding: bytes, as: UTF8.self)
            #expect(!line.unicodeScalars.contains { text.unicodeScalars.first == $0 })
            guard format == .json else { continue }
            let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
            #expect(object?["agent"] as? String == "é\(text)", "nothing is lost")
        }
    }
}
