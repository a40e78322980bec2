// Lines of other programs' logs, and what becomes of them.

import AccessRecords
import Testing

@testable import Traffic

@Suite("Lines of logs") struct LogLineTests {
    private func read(_ text: String, _ form: LogForm = .combined) -> LogLine? {
        LogLine(Array(text.utf8)[...], form: form)
    }

    private let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

    private func combined(
        _ request: String, status: Int = 200, referer: String = "-", agent: String? = nil
    ) -> String {
        """
        192.0.2.7 - ann [01/Jan/2000:01:00:00 +0100] "\(request)" \(status) 12 "\(referer)" \
        "\(agent ?? self.agent)"
        """
    }

    @Test func `a combined line is read, its time by its offset`() throws {
        let line = try #require(
            read(combined("GET /a?b=c HTTP/1.1", referer: "https://x.example/")))
        #expect(line.at == 0)
        #expect(line.client == Array("192.0.2.7".utf8))
        #expect(line.target == Array("/a?b=c".utf8))
        #expect(line.status == 200)
        #expect(line.bytes == 12)
        #expect(line.referer == Array("https://x.example/".utf8))
        #expect(line.agent == Array(agent.utf8))
    }

    @Test func `what stands behind it and escaped quotes do no harm`() throws {
        let text = combined("GET /\\\"x HTTP/1.1", agent: "a \\\"b\\\"") + " trending=hit"
        let line = try #require(read(text))
        #expect(line.target == Array("/\"x".utf8))
        #expect(line.agent == Array("a \"b\"".utf8))
    }

    @Test(arguments: [
        "", "hello", "192.0.2.7 - - [yesterday] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
        "192.0.2.7 - - [01/Jan/2000:01:00:00 +0100] \"GET / HTTP/1.1",
        "192.0.2.7 - - [01/Foo/2000:01:00:00 +0100] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
        "192.0.2.7 - - [01/Jan/2000:01:00:00 +0100] \"GET / HTTP/1.1\" 99999 1 \"-\" \"-\"",
        "{\"time\":\"2000-01-01T00:00:00Z\"}",
    ]) func `what is no line is none`(_ text: String) {
        #expect(read(text) == nil)
        #expect(read(text, .json) == nil)
        #expect(read(text, .caddy) == nil)
    }

    @Test(arguments: [LogForm.json, .caddy, .cloudflare, .fastly])
    func `a status that is none makes no line, and a length below 0 is 0`(_ form: LogForm) throws {
        func line(status: Int) -> LogLine? {
            read(
                """
                {"time":"2000-01-01T00:00:00Z","timestamp":"2000-01-01T00:00:00Z","ts":946684800,
                "EdgeStartTimestamp":946684800,"method":"GET","request_method":"GET",
                "ClientRequestMethod":"GET","path":"/","url":"/","ClientRequestURI":"/",
                "request":\(form == .caddy ? #"{"method":"GET","uri":"/"}"# : #""GET""#),
                "status":\(status),"response_status":\(status),"EdgeResponseStatus":\(status),
                "bytes":-5,"size":-5,"response_body_size":-5,"EdgeResponseBytes":-5}
                """, form)
        }
        for status in [0, 99, 600, 100_000, -200] { #expect(line(status: status) == nil) }
        let good = try #require(line(status: 200))
        #expect(good.status == 200 && good.bytes == 0 && good.at == 0)
    }

    @Test func `every prefix of a line is read or refused, without a crash`() {
        let text = combined("GET /a?b=c HTTP/1.1", referer: "https://x.example/")
        for count in 0..<text.utf8.count {
            _ = LogLine(Array(text.utf8.prefix(count))[...], form: .combined)
        }
    }

    private func record(_ text: String, hosts: [String] = []) throws -> AccessRecord {
        var records = LogRecords(hosts: hosts)
        return records.record(try #require(read(text)))
    }

    @Test func `pages, assets, feeds, robots and what is missing are told apart`() throws {
        #expect(try record(combined("GET /looks/x/ HTTP/1.1")).kind == .view)
        #expect(try record(combined("GET /looks/x HTTP/1.1", status: 304)).kind == .view)
        #expect(try record(combined("HEAD /looks/x/ HTTP/1.1")).kind == .fetched)
        #expect(try record(combined("GET /site.css HTTP/1.1")).kind == .asset)
        #expect(try record(combined("GET /feed.xml HTTP/1.1")).kind == .feed)
        #expect(try record(combined("GET /a HTTP/1.1", status: 404)).kind == .missing)
        #expect(try record(combined("GET /a HTTP/1.1", status: 301)).kind == .redirect)
        let robot = try record(combined("GET /a/ HTTP/1.1", agent: "curl/8.0"))
        #expect(robot.kind == .robot)
        #expect(robot.reason == .named)
    }

    @Test func `a source is a host, a page of this site, or nothing`() throws {
        let other = try record(
            combined("GET /a/?utm_source=Mail&x=1 HTTP/1.1", referer: "https://www.b.example/p?q"))
        #expect(other.source == .elsewhere(host: "b.example"))
        #expect(other.campaign == Campaign(source: "mail", medium: "", name: ""))
        #expect(other.name == AccessName(path: "/a/"))
        let own = combined("GET /a/ HTTP/1.1", referer: "https://site.example/p/")
        #expect(try record(own, hosts: ["site.example"]).source != .elsewhere(host: "site.example"))
    }

    @Test func `visitors of one day are told apart, and nobody is followed to the next`() throws {
        var records = LogRecords(hosts: [])
        var first = try #require(read(combined("GET /a/ HTTP/1.1")))
        let one = records.record(first).visitor
        #expect(one != nil)
        #expect(records.record(first).visitor == one)
        first.client = Array("192.0.2.8".utf8)
        #expect(records.record(first).visitor != one)
        first.client = Array("192.0.2.7".utf8)
        first.at += 86_400_000_000
        #expect(records.record(first).visitor != one)
        var others = LogRecords(hosts: [])
        first.at -= 86_400_000_000
        #expect(others.record(first).visitor != one)
    }

    @Test func `a line of CloudFront is read`() throws {
        let fields = [
            "2026-11-30", "12:34:56", "FRA56-P1", "2390", "192.0.2.7", "GET",
            "d1.cloudfront.net", "/looks/x/", "200", "https://www.b.example/p",
            "Mozilla/5.0%20(X11;%20Linux%20x86_64)", "utm_source=mail", "-", "Hit", "id==",
            "site.example", "https", "50", "0.002", "-",
        ]
        let line = try #require(read(fields.joined(separator: "\t") + "\r", .cloudfront))
        #expect(
            line.at
                == read(
                    """
                    {"time":"2026-11-30T12:34:56Z","method":"GET","path":"/","status":200,"bytes":0}
                    """, .json)?.at)
        #expect(line.client == Array("192.0.2.7".utf8))
        #expect(line.method == Array("GET".utf8))
        #expect(line.target == Array("/looks/x/?utm_source=mail".utf8))
        #expect(line.agent == Array("Mozilla/5.0 (X11; Linux x86_64)".utf8))
        #expect(line.host == Array("site.example".utf8))
        #expect([line.status, line.bytes, line.micros] == [200, 2_390, 2_000])
        for (place, text) in [(8, "000"), (0, "soon"), (7, "looks"), (3, "-")] {
            var wrong = fields
            wrong[place] = text
            #expect(read(wrong.joined(separator: "\t"), .cloudfront) == nil, "\(text)")
        }
        #expect(read(fields.prefix(18).joined(separator: "\t"), .cloudfront) == nil)
        #expect(LogLine.isComment(Array("#Version: 1.0".utf8)[...], form: .cloudfront))
        #expect(!LogLine.isComment(Array("#Version: 1.0".utf8)[...], form: .combined))
    }

    @Test(arguments: ["1796042096", "1796042096000000000", "\"2026-11-30T12:34:56Z\""])
    func `a line of Cloudflare is read, its time in each of its forms`(time: String) throws {
        let text = """
            {"ClientIP":"192.0.2.7","ClientRequestHost":"site.example","ClientRequestMethod":"GET",\
            "ClientRequestURI":"/a/?b","ClientRequestUserAgent":"x","EdgeStartTimestamp":\(time),\
            "EdgeResponseStatus":304,"EdgeResponseBytes":12,"RayID":"1"}
            """
        let line = try #require(read(text, .cloudflare))
        #expect(line.at == (1_796_042_096 - 946_684_800) * 1_000_000)
        #expect(line.target == Array("/a/?b".utf8) && line.host == Array("site.example".utf8))
        #expect([line.status, line.bytes] == [304, 12])
        #expect(read(text.replacing(time, with: "-1"), .cloudflare) == nil)
        #expect(read(text.replacing(time, with: "\"soon\""), .cloudflare) == nil)
        #expect(read(text.replacing("304", with: "0"), .cloudflare) == nil)
    }

    @Test func `a line of Fastly is read, its time by its offset`() throws {
        let text = """
            {"timestamp":"2026-11-30T13:34:56+0100","client_ip":"192.0.2.7","host":"site.example",\
            "url":"/a/","request_method":"GET","request_referer":"https://b.example/",\
            "request_user_agent":"x","response_status":200,"response_body_size":9}
            """
        let line = try #require(read(text, .fastly))
        #expect(line.at == (1_796_042_096 - 946_684_800) * 1_000_000)
        #expect(line.referer == Array("https://b.example/".utf8) && line.bytes == 9)
        let colon = text.replacing("+0100", with: "+01:00")
        #expect(read(colon, .fastly)?.at == line.at)
        #expect(read(text.replacing("+0100", with: ""), .fastly) == nil)
        #expect(read(text.replacing(":200", with: ":2000"), .fastly) == nil)
    }
}
