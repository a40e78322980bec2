// What browsers post to a server with a spool, and what becomes of what strangers post.

import AccessRecords
import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import SiteServing

@Suite("Posted records", .serialized) struct PostedRecordTests {
    private let fixture: ReleaseFixture
    private let folder: String

    private static let browser = """
        Host: a.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 \
        Firefox/145.0\r\nAccept-Language: de-CH,de;q=0.5\r\nSec-Fetch-Site: same-origin\r
        Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: empty\r\n
        """
    private static let beacon = "navigate,navigational-prefetch,0,0,5,40,,0.1,3,/look/"

    init() throws {
        fixture = try ReleaseFixture()
        folder = fixture.output + "/spool"
    }

    private func post(
        _ body: String, to path: String = "/-/view", fields: String = "",
        browser: String = browser
    ) -> String {
        "POST \(path) HTTP/1.1\r\n\(browser)\(fields)Content-Length: \(body.utf8.count)\r\n\r\n"
            + body
    }

    /// Posts one after the other, each on a connection of its own; what was recorded.
    private func records(
        of posts: [String], status: Int = 204,
        change: (inout ServerOptions) -> Void = { _ in }, look: (LoopSnapshot) -> Void = { _ in }
    ) async throws -> [SpooledRecord] {
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.spool = SpoolOptions(folder: folder)
        options.takesReports = true
        change(&options)
        let server = Server(options)
        let address = try await server.start()
        for post in posts {
            let client = try TestSocket(address)
            client.send(post)
            #expect(client.nextAnswer()?.status == status, "\(post)")
        }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        look(try await #require(server.snapshot(on: loop)).get())
        await server.shutdown(grace: .seconds(1))
        return try AccessSpoolFolder(folder).segments().flatMap { segment in
            try SegmentReader(atPath: segment.path).read(behind: 0, max: .max).items.map(\.record)
        }
    }

    private func beacons(_ records: [SpooledRecord]) -> [BeaconRecord] {
        records.compactMap { if case .beacon(let beacon) = $0 { beacon } else { nil } }
    }

    private func reports(_ records: [SpooledRecord]) -> [ReportRecord] {
        records.compactMap { if case .report(let report) = $0 { report } else { nil } }
    }

    private func answers(_ records: [SpooledRecord]) -> [AccessRecord] {
        records.compactMap { if case .answer(let answer) = $0 { answer } else { nil } }
    }

    @Test func `a beacon of a page of the release is recorded`() async throws {
        let records = try await records(of: [post(Self.beacon)])
        let beacon = try #require(beacons(records).first)
        #expect(beacon.name == AccessName(path: "/look/", view: "test", key: ""))
        #expect(beacon.isView && beacon.lcp == 40 && beacon.cls == 100 && beacon.ttfb == 3)
        #expect(beacon.agent.family == "Firefox" && beacon.language == "de")
        #expect(beacon.visitor != nil)
        // The request itself is nobody's view, and names nothing.
        let answer = try #require(answers(records).first)
        #expect(answer.kind == .fetched && answer.status == 204 && answer.name.path.isEmpty)
        #expect(answer.visitor == nil)
    }

    @Test func `whatever else is posted there is answered alike and forgotten`() async throws {
        let crossSite = Self.browser.replacing("same-origin", with: "cross-site")
        let silent = Self.browser.replacing("Sec-Fetch-Site: same-origin\r\n", with: "")
        let robot = Self.browser.replacing("Mozilla/5.0", with: "curl/8.5.0")
        let long = Self.beacon + String(repeating: "a", count: BeaconBody.bytesMax)
        let records = try await records(of: [
            post(Self.beacon, browser: crossSite), post(Self.beacon, browser: silent),
            post(Self.beacon, browser: robot), post(long), post(""), post("navigate"),
            post(Self.beacon.replacing("/look/", with: "/none/")),
            post(Self.beacon.replacing("/look/", with: ReleaseFixture.style)),
            post(Self.beacon.replacing("/look/", with: "/old")),
            post(Self.beacon.replacing(",5,", with: ",-5,")),
            post(Self.beacon, fields: "Cookie: measure=off\r\n"),
            post(Self.beacon, fields: "Content-Encoding: gzip\r\n"),
            "POST /-/view HTTP/1.1\r\n\(Self.browser)Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ])
        #expect(beacons(records).isEmpty)
        #expect(answers(records).allSatisfy { $0.kind == .fetched && $0.name.path.isEmpty })
    }

    @Test func `who refuses to be followed has a view and no visitor`() async throws {
        let records = try await records(of: [post(Self.beacon, fields: "Sec-GPC: 1\r\n")])
        #expect(beacons(records).map(\.visitor) == [nil])
        #expect(beacons(records).map(\.isView) == [true])
    }

    @Test func `one client is heard so often and no more`() async throws {
        let count = Int(AnswerRecorder.postsBurst) + 30
        let began = ContinuousClock.now
        var unheard = 0
        let records = try await records(
            of: Array(repeating: post(Self.beacon), count: count),
            look: { unheard = $0.unheardBeacons })
        let seconds = Double((ContinuousClock.now - began) / .seconds(1)) + 1
        let heard = beacons(records).count
        #expect(heard >= Int(AnswerRecorder.postsBurst))
        let most = AnswerRecorder.postsBurst + seconds * AnswerRecorder.postsPerSecond
        #expect(heard <= Int(most))
        #expect(answers(records).count == count)
        #expect(unheard == count - heard)
    }

    @Test func `views may be told by beacons alone`() async throws {
        let seen = "navigate,,0,0,5,40,,,3,/look/"
        let page = """
            GET /look/ HTTP/1.1\r\nHost: a.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; \
            rv:145.0) Gecko/20100101 Firefox/145.0\r\nAccept-Language: de\r\n\r\n
            """
        let counted = try await records(of: [post(seen)])
        #expect(beacons(counted).map(\.isView) == [false])
        try FileManager.default.removeItem(atPath: folder)
        let gets = try await records(of: [page], status: 200) { $0.spool?.viewsFrom = .beacon }
        #expect(answers(gets).map(\.kind) == [.fetched])
        try FileManager.default.removeItem(atPath: folder)
        let told = try await records(of: [post(seen)]) { $0.spool?.viewsFrom = .beacon }
        #expect(beacons(told).map(\.isView) == [true])
    }

    @Test func `violated policies are recorded, as far as they are of this site`() async throws {
        func report(_ directive: String, _ document: String, _ blocked: String) -> String {
            """
            {"age":1,"body":{"blockedURL":"\(blocked)","documentURL":"\(document)",\
            "effectiveDirective":"\(directive)","sample":"x { y"},"type":"csp-violation"}
            """
        }
        let page = "http://a.example/look/?q=geheim"
        let old = """
            {"csp-report":{"document-uri":"http:\\/\\/a.example\\/tail\\/","blocked-uri":"eval",\
            "effective-directive":"script-src"}}
            """
        let list = [
            report("img-src", page, "https://www.Ads.example:8443/x?token=geheim"),
            report("font-src", page, "http://a.example/x.woff2"),
            report("style-src-elem", page, "inline"),
            report("connect-src", page, "moz-extension://0123abcd/x"),
            report("script-src-elem", "http://a.example/none/geheim", "geheim"),
            report("media-src", "https://b.example/look/", "https://c.example/"),
            report("no-such-src", page, "inline"),
            report("frame-src", "a\\nb", "\\u0067"),
        ]
        let records = try await records(of: [
            post(old, to: "/-/csp"), post("[\(list.joined(separator: ","))]", to: "/-/csp"),
            post("{\"csp-report\":[[[{\"", to: "/-/csp"), post("}}}", to: "/-/csp"),
        ])
        let found = reports(records).map { "\($0.directive) \($0.name.path) \($0.blocked)" }
        #expect(
            found == [
                "script-src /tail/ eval", "img-src /look/ ads.example", "font-src /look/ self",
                "style-src-elem /look/ inline", "connect-src /look/ extension",
                "script-src-elem  other", "frame-src  other",
            ])
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
            #expect(bytes.range(of: Data("geheim".utf8)) == nil, "\(name)")
        }
    }

    @Test func `of one body so many reports are read and no more`() async throws {
        let report = "{\"effectiveDirective\":\"img-src\",\"blockedURL\":\"inline\"}"
        let body = "[\(Array(repeating: report, count: 20).joined(separator: ","))]"
        let records = try await records(of: [post(body, to: "/-/csp")])
        #expect(reports(records).count == PolicyViolation.countMax)
    }

    @Test(arguments: ["/-/csp", "/-/view"])
    func `where only POST works, 405 says so`(path: String) async throws {
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.takesReports = true
        options.spool = SpoolOptions(folder: folder)
        let server = Server(options)
        let address = try await server.start()
        for method in ["PUT", "DELETE", "OPTIONS"] {
            let client = try TestSocket(address)
            client.send("\(method) \(path)?a HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = client.nextAnswer()
            #expect(answer?.status == 405 && answer?.fields["allow"] == "POST", "\(method)")
            let other = try TestSocket(address)
            other.send("\(method) / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(other.nextAnswer()?.fields["allow"] == "GET, HEAD")
        }
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `without a spool nothing is taken`() async throws {
        let server = Server(
            ServerOptions(output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0)))
        let client = try TestSocket(try await server.start())
        client.send(post(Self.beacon))
        #expect(client.nextAnswer()?.status == 405)
        await server.shutdown(grace: .seconds(1))
    }
}
