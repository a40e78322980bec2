// Publishing to a real Redis: records with runs, whole batches, expiry.

import ContentEncoding
import Fragments
import Redis
import TestSupport
import Testing

@Suite("Fragment publisher") struct FragmentPublisherTests {
    @Test func `fragments become records with runs, and withdrawing removes them`() throws {
        let server = try RedisProcess()
        let url = try RedisURL(server.url)
        var publisher = FragmentPublisher(try RedisConnection.open(url))
        let fragments = try (0..<600).map { number in
            PublishableFragment(
                key: try FragmentKey(shared: "look", key: "k\(number)"),
                html: Array("<b class=\"look\">look look look \(number)</b>".utf8),
                expiry: number == 7 ? 60 : nil)
        }
        try publisher.publish(fragments, at: 5_000)
        var reader = try RedisConnection.open(url)
        let values = try reader.values(of: fragments.map(\.key.bytes))
        for (index, value) in values.enumerated() {
            let record = try FragmentRecord(decoding: try #require(value))
            #expect(record.html == fragments[index].html)
            #expect(try record.runs == FragmentRuns(compressing: record.html))
            #expect(record.runs != .none)
            #expect(record.expiry == (index == 7 ? 65_000 : 0))
        }
        #expect(try reader.run(RedisCommand("TTL", "f:look:k8")) == .integer(-1))
        #expect(try reader.run(RedisCommand("TTL", "f:look:k7")) != .integer(-1))
    }

    @Test func `one bad fragment stops the batch before anything is sent`() throws {
        let server = try RedisProcess()
        let url = try RedisURL(server.url)
        var publisher = FragmentPublisher(try RedisConnection.open(url))
        let good = PublishableFragment(key: try FragmentKey(shared: "a"), html: [0x61])
        let bad = PublishableFragment(
            key: try FragmentKey(shared: "b"), html: Array("<script>".utf8))
        #expect(
            throws: FragmentError.badHTML(index: 1, fault: .forbiddenElement("script"))
        ) { try publisher.publish([good, bad], at: 0) }
        // What the server could not show: the first has no room for its comment in any slot.
        let large = [UInt8](repeating: 0x61, count: 65_517)
        for (html, fault) in [
            (large, FragmentFault.tooLarge(bytes: 65_517)),
            (Array("<a title='<!--'>x</a>".utf8), .unclosedComment),
        ] {
            #expect(throws: FragmentError.badHTML(index: 0, fault: fault)) {
                try publisher.publish([PublishableFragment(key: bad.key, html: html)], at: 0)
            }
        }
        var reader = try RedisConnection.open(url)
        #expect(try reader.values(of: [good.key.bytes, bad.key.bytes]) == [nil, nil])
    }
}
