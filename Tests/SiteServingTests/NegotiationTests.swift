// Accept-Encoding, entity tags, breaker, queue: the small decisions as tables.

import ContentEncoding
import Fragments
import NIOCore
import Redis
import Testing

@testable import SiteServing

@Suite("Negotiation") struct NegotiationTests {
    private static let offers = [
        CodingOffer(coding: .identity, length: 1_000), CodingOffer(coding: .gzip, length: 300),
        CodingOffer(coding: .brotli, length: 250),
    ]

    @Test(
        arguments: [
            (nil, Coding.identity), ("", .identity), ("br", .brotli), ("gzip", .gzip),
            ("x-gzip", .gzip), ("GZIP", .gzip), ("gzip, deflate, br", .brotli),
            ("gzip;q=1.0, br;q=0.1", .gzip), ("gzip;q=0.5,br;q=0.500", .brotli),
            ("br;q=0, gzip", .gzip), ("br;q=0.000,gzip;q=0", .identity), ("*", .brotli),
            ("*;q=0.1, gzip;q=0.2", .gzip), ("*;q=0", nil), ("*;q=0, identity", .identity),
            ("*;q=0, identity;q=0.1", .identity), ("identity;q=0", nil),
            ("identity;q=0, gzip;q=0.001", .gzip), ("identity;q=0, *", .brotli),
            ("identity, gzip;q=0.9", .identity), ("identity;q=0.5, gzip;q=0.4", .identity),
            ("identity;q=0.5, gzip;q=0.5", .gzip), ("deflate, zstd", .identity),
            ("gzip;q=2", .identity), ("gzip;q=1.001", .identity), ("gzip;q=0.1234", .identity),
            ("gzip;q=.5", .identity), ("gzip;q=", .identity), ("gzip;foo=1", .identity),
            ("gzip ; q=0.5", .gzip), ("gzip; Q=0.5", .gzip), ("gzip;q=0.", .identity),
            (",, ,gzip,,", .gzip), ("br;q=nan, gzip", .gzip), ("brx", .identity),
        ] as [(String?, Coding?)])
    func `the client's weights decide, then the size`(accept: String?, expected: Coding?) {
        let field = accept.map { Array($0.utf8)[...] }
        #expect(Negotiation.coding(accepting: field, offers: Self.offers) == expected)
    }

    @Test func `what is not offered is not chosen`() {
        let offers = Array(Self.offers.prefix(2))
        #expect(Negotiation.coding(accepting: Array("br, gzip".utf8)[...], offers: offers) == .gzip)
        #expect(
            Negotiation.coding(accepting: Array("br, *;q=0".utf8)[...], offers: offers) == nil)
    }
}

@Suite("Deltas are chosen") struct DeltaNegotiationTests {
    @Test(
        arguments: [
            (nil, Coding.identity, []), ("", .identity, []), ("br", .brotli, []),
            ("*", .brotli, []), ("gzip, br, dcb", .brotli, [.brotli]),
            ("gzip, deflate, br, zstd, dcb, dcz", .brotli, [.brotli, .zstandard]),
            ("DCZ, br", .brotli, [.zstandard]), ("dcb;q=0, dcz;q=0, br", .brotli, []),
            ("dcb;q=0, dcz;q=0", .identity, []), ("dcb;q=0.5, br", .brotli, []),
            ("dcb;q=0.5, dcz, br;q=0.5", .brotli, [.zstandard]),
            ("dcb;q=0.5, br;q=0.5", .brotli, [.brotli]), ("dcb;q=0.001", .identity, [.brotli]),
            ("dcb;q=2, br", .brotli, []), ("dcb;q=0.9, identity", .identity, []),
            ("dcbx, xdcz, br", .brotli, []), ("dcz;q=0.3,*;q=0.2", .brotli, [.zstandard]),
        ] as [(String?, Coding, [DeltaCoding])])
    func `by name only, and never against a greater weight`(
        accept: String?, stored: Coding, expected: [DeltaCoding]
    ) {
        let field = accept.map { Array($0.utf8)[...] }
        #expect(Negotiation.deltas(accepting: field, insteadOf: stored) == expected)
    }
}

@Suite("Conditional requests") struct ConditionalRequestTests {
    @Test(
        arguments: [
            (nil, nil, ConditionResult.send), (nil, "\"t\"", .notModified),
            (nil, "W/\"t\"", .notModified), (nil, "*", .notModified), (nil, "\"x\"", .send),
            (nil, "\"a,b\", \"t\"", .notModified), (nil, "\"a,\"t\"", .send), (nil, "t", .send),
            (nil, "\"t", .send), (nil, "", .send), (nil, "w/\"t\"", .send),
            (nil, " , \"x\" ,\"t\"", .notModified), (nil, "\"x\", garbage, \"t\"", .send),
            ("\"t\"", nil, .send), ("*", nil, .send), ("W/\"t\"", nil, .failed),
            ("\"x\"", nil, .failed), ("\"x\", \"t\"", nil, .send), ("\"x\"", "\"t\"", .failed),
            ("\"t\"", "\"t\"", .notModified), ("", nil, .failed),
        ] as [(String?, String?, ConditionResult)])
    func `lists, stars and weak tags are compared as the standard says`(
        ifMatch: String?, ifNoneMatch: String?, expected: ConditionResult
    ) {
        let result = ConditionalRequest.evaluate(
            ifMatch: ifMatch.map { Array($0.utf8)[...] },
            ifNoneMatch: ifNoneMatch.map { Array($0.utf8)[...] }, tag: Array("\"t\"".utf8))
        #expect(result == expected)
    }
}

/// Lets an expectation call what changes a variable.
func report<Value>(_ change: () -> Value) -> Value { change() }

@Suite("Trust in Redis") struct CircuitBreakerTests {
    @Test func `five failures in a row open the breaker, and one success closes it`() {
        var breaker = CircuitBreaker()
        #expect(breaker.isClosed)
        #expect(!report { breaker.succeeded() })
        for _ in 0..<4 { #expect(!report { breaker.failed() }) }
        #expect(breaker.isClosed)
        #expect(report { breaker.failed() })
        #expect(!breaker.isClosed)
        #expect(!report { breaker.failed() }, "it opens once")
        #expect(report { breaker.succeeded() })
        #expect(!report { breaker.succeeded() })
        for _ in 0..<4 { #expect(!report { breaker.failed() }) }
        #expect(report { breaker.failed() })
        breaker.halfOpen()
        #expect(breaker.isClosed)
        #expect(report { breaker.failed() }, "one page that waits in vain is enough")
        breaker.halfOpen()
        #expect(!report { breaker.succeeded() })
        for _ in 0..<4 { #expect(!report { breaker.failed() }) }
    }

    @Test func `pauses double up to thirty seconds, and chance only shortens them`() {
        var breaker = CircuitBreaker()
        let pauses = (0..<7).map { _ in breaker.pause(random: 0).nanoseconds / 1_000_000_000 }
        #expect(pauses == [1, 2, 4, 8, 16, 30, 30])
        #expect(report { breaker.pause(random: 1).nanoseconds } == 22_500_000_000)
    }
}
