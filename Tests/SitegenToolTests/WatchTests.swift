// What a watch decides by itself: where its script goes, which files may be opened, who watches.

import SiteServing
import SiteWatching
import TestSupport
import Testing

@testable import SitegenCommands
@testable import SitegenTool

@Suite("Watch") struct WatchTests {
    @Test(arguments: [
        ("<!DOCTYPE html><html><head><title>x</title></head>", "</title>S</head>"),
        ("<!doctype html><p>x", "html>S<p>"), ("<p>x</p>", "S<p>"), ("", "S"),
    ])
    func `the script stands in the head, or behind the doctype`(page: String, found: String) {
        let whole = WatchedSite.inserting(Array("S".utf8), into: Array(page.utf8))
        #expect(String(decoding: whole, as: UTF8.self).contains(found))
        #expect(whole.count == page.utf8.count + 1)
    }

    @Test(arguments: [
        ("site/Home.swift", true), ("a", true), ("", false), ("../a", false), ("a/../../b", false),
        ("/etc/passwd", false), ("a//b", false), ("./a", false), ("a\u{0}b", false),
    ])
    func `no name leads out of the site`(file: String, isInside: Bool) {
        #expect((WatchedPath.absolute(file, below: "/r") != nil) == isInside)
    }

    @Test func `a second watch is told where the first one is`() throws {
        let folder = try TemporaryFolder()
        do {
            let first = try WatchLock(dataFolder: folder.path)
            first.note("http://127.0.0.1:4000")
            #expect {
                _ = try WatchLock(dataFolder: folder.path)
            } throws: { error in
                let failure = error as? CommandFailure
                return failure?.status == .locked
                    && failure?.message.contains("http://127.0.0.1:4000") == true
            }
        }
        _ = try WatchLock(dataFolder: folder.path)
    }

    @Test func `a trap is told with the site's own line`() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "components/Card.swift")
        let output = """
            Swift/ContiguousArrayBuffer.swift:692: Fatal error: Index out of range
            0 [ra] 0x1 _assertionFailure in libswiftCore.so at /home/b/swift/Assert.swift:1
            1 [ra] 0x2 Card.view.getter in Site at /elsewhere/components/Card.swift:12:9
            """
        let end = RendererProcess.End(
            path: "/x/", route: .init(name: "CardPage", key: ["slug"]), output: output,
            isStuck: false, wasKilled: false, isWished: false)
        let problem = RendererCrash.problem(end, root: folder.path)
        #expect(problem.title == "Index out of range while it rendered /x/")
        #expect(problem.place == "components/Card.swift:12:9")
        #expect(problem.notes == ["of CardPage, a row by slug", "in Card"])
        let stuck = RendererProcess.End(
            path: nil, output: "", isStuck: true, wasKilled: false, isWished: false)
        #expect(RendererCrash.problem(stuck, root: folder.path).title.contains("10 seconds"))
    }

    @Test(arguments: [
        ("Swift/ContiguousArrayBuffer.swift:692: Fatal error: Index out of range", true),
        ("Site/Card.swift:12: Fatal error: Fatal error: twice", true),
        ("Site/Card.swift:12: Precondition failed", true),
        ("Site/Card.swift:12: Assertion failed: no stock", true),
        ("Fatal error: without a place", false), ("told: Fatal error: by the site", false),
        ("Card.swift: Fatal error: without a line", false),
        ("Card.swift:12: Fatal errors: three", false), ("", false), (":", false),
    ])
    func `a trap is known by the runtime's message`(line: String, isTrap: Bool) {
        #expect(RendererCrash.isMessage(line) == isTrap)
    }

    @Test func `what is below the prefix needs the token`() async {
        let watched = WatchedSite(root: "/r") { _ in }
        for (query, status) in [
            ("", 403), ("?token=x", 403), ("?token=\(await watched.token)", 404),
        ] {
            var parser = RequestParser()
            let text = Array("GET /-/nothing\(query) HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
            guard case .head(let head, _) = parser.parse(text.span) else { continue }
            let request = DevelopmentRequest(head)
            guard case .whole(let found, _, _) = await watched.answer(request) else {
                Issue.record("no answer")
                return
            }
            #expect(found == status)
        }
    }

    @Test func `pages are kept up to a number of bytes, and the last good one is found`() {
        var pages = ShownPages()
        let info = RenderedPage(
            status: 200, fields: [], isPage: true, route: "", view: "", key: "", sheets: [],
            warnings: [])
        let address = ShownPages.Address(path: "/", cookies: [:])
        let first = ShownPage(info, Array("one".utf8))
        pages.note(first, at: address)
        #expect(pages.last(at: address)?.digest == first.digest)
        #expect(ShownPage(info, Array("one".utf8)).digest == first.digest)
        for number in 0..<80 {
            let large = [UInt8](repeating: UInt8(number), count: 1 << 20)
            pages.note(ShownPage(info, large), at: .init(path: "/\(number)", cookies: [:]))
        }
        #expect(pages.page(first.digest) == nil)
    }

    @Test(
        "A page is changed in place only if a browser need not load it",
        arguments: [
            ([["a", "b"]], true, "morph"), ([["a", "c"]], true, "full"),
            ([["a", "b"]], false, "full"),
        ] as [([[String]], Bool, String)])
    func changes(fields: [[String]], isPage: Bool, event: String) async {
        let watched = WatchedSite(root: "/r") { _ in }
        func page(_ fields: [[String]], _ isPage: Bool, _ text: String) -> ShownPage {
            ShownPage(
                RenderedPage(
                    status: 200, fields: fields, isPage: isPage, route: "", view: "", key: "",
                    sheets: ["s"], warnings: []), Array(text.utf8))
        }
        let old = page([["a", "b"]], true, "one")
        await watched.note(old)
        let change = await watched.change(
            to: page(fields, isPage, "two"), from: old.digest, why: "x", ["s": "1"])
        #expect(change.event == event)
        #expect(change.sheets == (event == "morph" ? ["s": "1"] : [:]))
    }

    @Test(
        "What cannot be shown is 500 for an error; for a warning somebody may wait",
        arguments: [(nil, 503), (.warning, 503), (.error, 500)] as [(Problem.Severity?, Int)])
    func placeholder(severity: Problem.Severity?, status: Int) async throws {
        let watched = WatchedSite(root: "/r") { _ in }
        await watched.setStarting(false)
        if let severity {
            var problem = Problem("x")
            problem.severity = severity
            await watched.set([problem], of: .step(.compile))
        }
        var parser = RequestParser()
        let text = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        guard case .head(let head, _) = parser.parse(text.span),
            case .whole(let found, _, let body) = await watched.answer(DevelopmentRequest(head))
        else {
            Issue.record("no answer")
            return
        }
        #expect(found == status)
        #expect(String(decoding: body, as: UTF8.self).contains("data-page=\"\""))
    }

    @Test("An address that the machine does not have is told at once, not at ten ports")
    func wrongNetwork() async {
        let watched = WatchedSite(root: "/r") { _ in }
        await #expect {
            _ = try await WatchServers.start(watched, port: nil, names: [], lan: "192.0.2.1")
        } throws: { error in
            "\(error)".contains("192.0.2.1") && !"\(error)".contains(":4009")
        }
    }
}

extension WatchedSite {
    /// Keeps a page as one that a tab has.
    fileprivate func note(_ page: ShownPage) {
        pages.note(page, at: .init(path: "/", cookies: [:]))
    }
}
