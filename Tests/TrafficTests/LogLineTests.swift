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
}
