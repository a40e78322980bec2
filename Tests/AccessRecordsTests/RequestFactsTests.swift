// What requests are counted as: the lines of the table, and what is easily taken for a view.

import Testing

@testable import AccessRecords

@Suite("Kinds of requests") struct RequestFactsTests {
    private static let browser = ClassifiedAgent(
        Array(
            ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                + "Chrome/143.0.0.0 Safari/537.36").utf8))
    private static let curl = ClassifiedAgent(Array("curl/8.5.0".utf8))
    private static let reader = ClassifiedAgent(Array("Feedly/1.0 (16 subscribers)".utf8))

    /// What a browser says of a page that somebody opens.
    private static var navigation: RequestSignals {
        var signals = RequestSignals()
        signals.destination = .document
        signals.navigates = true
        signals.site = .none
        signals.isByUser = true
        return signals
    }

    private static func facts(
        _ status: Int = 200, _ target: RequestFacts.Target = .page, isGet: Bool = true,
        _ signals: RequestSignals = navigation, isSecure: Bool = true, hasLanguage: Bool = true
    ) -> RequestFacts {
        RequestFacts(
            status: status, target: target, isGet: isGet, signals: signals, isSecure: isSecure,
            hasLanguage: hasLanguage)
    }

    private static func kind(
        _ facts: RequestFacts, _ agent: ClassifiedAgent = browser
    ) -> RequestKind { facts.kind(agent).kind }

    @Test("A view is a GET of a page, 200 or 304, and nothing else")
    func views() {
        #expect(Self.kind(Self.facts()) == .view)
        #expect(Self.kind(Self.facts(304)) == .view)
        #expect(Self.kind(Self.facts(206)) == .fetched)
        #expect(Self.kind(Self.facts(isGet: false)) == .fetched)
        #expect(Self.kind(Self.facts(404)) == .missing)
        #expect(Self.kind(Self.facts(410)) == .missing)
        for status in [301, 302, 303, 307, 308] {
            #expect(Self.kind(Self.facts(status, .asset)) == .redirect)
        }
        for status in [400, 405, 406, 412, 416, 421, 429, 500, 503] {
            #expect(Self.kind(Self.facts(status)) == .refused)
        }
        #expect(Self.kind(Self.facts(200, .asset)) == .asset)
        #expect(Self.kind(Self.facts(204, .nothing)) == .fetched)
    }

    @Test("Frames, scripts and prefetches are no views")
    func otherUses() {
        var frame = Self.navigation
        frame.destination = .other
        #expect(Self.kind(Self.facts(200, .page, frame)) == .fetched)
        var script = RequestSignals()
        script.destination = .other
        script.site = .same
        #expect(Self.kind(Self.facts(200, .page, script)) == .fetched)
        var quiet = Self.navigation
        quiet.navigates = false
        #expect(Self.kind(Self.facts(200, .page, quiet)) == .fetched)
        var prefetch = Self.navigation
        prefetch.isPrefetch = true
        prefetch.isByUser = false
        #expect(Self.kind(Self.facts(200, .page, prefetch)) == .prefetch)
        #expect(Self.kind(Self.facts(200, .asset, prefetch)) == .asset)
    }

    @Test("Browsers that say nothing are believed where they cannot know better")
    func silence() {
        let silent = RequestSignals()
        #expect(Self.kind(Self.facts(200, .page, silent, isSecure: false)) == .view)
        #expect(Self.facts(200, .page, silent).kind(Self.browser) == (.robot, .noFetchMetadata))
        #expect(Self.kind(Self.facts(200, .asset, silent)) == .asset)
        let old = ClassifiedAgent(
            Array("Mozilla/5.0 (X11; Linux x86_64; rv:78.0) Gecko/20100101 Firefox/78.0".utf8))
        #expect(Self.kind(Self.facts(200, .page, silent), old) == .view)
    }

    @Test("Robots, each with its reason")
    func robots() {
        #expect(Self.facts().kind(Self.curl) == (.robot, .named))
        #expect(Self.facts(404).kind(Self.curl) == (.robot, .named))
        #expect(Self.facts().kind(ClassifiedAgent([])) == (.robot, .noAgent))
        #expect(Self.facts().kind(ClassifiedAgent(Array("x".utf8))) == (.robot, .shortAgent))
        #expect(Self.facts(hasLanguage: false).kind(Self.browser) == (.robot, .noLanguage))
        var spam = Self.facts()
        spam.isSpam = true
        #expect(spam.kind(Self.browser) == (.robot, .spam))
    }

    @Test("A feed is a feed for readers and browsers, and a robot's for other robots")
    func feeds() {
        for type in ["application/atom+xml", "application/rss+xml; charset=utf-8"] {
            #expect(RequestFacts.Target.of(contentType: type, isPage: false) == .feed)
        }
        #expect(RequestFacts.Target.of(contentType: "text/css", isPage: false) == .asset)
        #expect(Self.kind(Self.facts(304, .feed), Self.reader) == .feed)
        #expect(Self.kind(Self.facts(200, .feed)) == .feed)
        #expect(Self.kind(Self.facts(200, .feed), ClassifiedAgent([])) == .feed)
        #expect(Self.kind(Self.facts(200, .feed), Self.curl) == .robot)
        #expect(Self.kind(Self.facts(200, .page), Self.reader) == .robot)
    }
}
