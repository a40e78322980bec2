// Rows to fragments in Redis: keys and bytes, lifetimes, and everything that is refused.
//
// Each test has a Redis of its own, so that "nothing was sent" can be seen from the outside.

import Fragments
import Glibc
import Redis
import SiteAuthoring
import SiteBuilding
import TestSupport
import Testing

/// Uses a component whose styles no page has.
private struct Unstyled: SharedFragment {
    static let name = "unstyled"
    let row: PopularRow
    static func key(_ row: PopularRow) -> String { row.genre }
    var view: HTML { Badge(label: row.label) }
}

private struct Scripted: SharedFragment {
    static let name = "scripted"
    static var uses: [any Component.Type] { [Card.self] }
    let row: PopularRow
    static func key(_ row: PopularRow) -> String { row.genre }
    var view: HTML { Card { row.label } }
}

private struct Nested: SharedFragment {
    static let name = "nested"
    static var uses: [any Component.Type] { [Badge.self] }
    let row: PopularRow
    static func key(_ row: PopularRow) -> String { row.genre }
    var view: HTML { Slot(Popular.self) { "x" } }
}

private struct Linked: SharedFragment {
    static let name = "linked"
    let row: PopularRow
    static func key(_ row: PopularRow) -> String { row.genre }
    var view: HTML { a(.href(row.label)) { absoluteURL("/x/") } }
}

/// Takes the one key of all for both rows.
private struct Keyless: SharedFragment {
    static let name = "keyless"
    let row: PopularRow
    var view: HTML { row.label }
}

private struct Misnamed: SharedFragment {
    static let name = "Mis named"
    let row: PopularRow
    static func key(_ row: PopularRow) -> String { row.genre }
    var view: HTML { row.label }
}

private struct Numbered: SharedFragment {
    static let name = "numbered"
    let row: PopularRow
    static func key(_ row: PopularRow) -> String { "12:\(row.genre)" }
    var view: HTML { row.label }
}

private struct Momentary: SharedFragment {
    static let name = "momentary"
    static let lifetimeSeconds = 0
    let row: PopularRow
    static func key(_ row: PopularRow) -> String { row.genre }
    var view: HTML { row.label }
}

private struct Framed: SharedFragment {
    static let name = "framed"
    let row: PopularRow
    static func key(_ row: PopularRow) -> String { row.genre }
    var view: HTML { raw(TrustedHTML(trusting: "<iframe></iframe>")) }
}

@Suite("Fragment publication") struct FragmentPublicationTests {
    /// Publishes fragments of the library; the lines of the error if it fails.
    private func failure(
        _ route: FragmentRoute, from library: Library, to redis: String
    ) -> [String] {
        do {
            try FragmentPublication(
                librarySite(fragments: [route]), options: library.options()
            ).publish(to: redis)
            return []
        } catch {
            return "\(error)".split(separator: "\n").map(String.init)
        }
    }

    private func keys(_ redis: RedisProcess) throws -> RedisReply {
        var reader = try RedisConnection.open(RedisURL(redis.url))
        return try reader.run(RedisCommand("KEYS", "*"))
    }

    @Test func `rows become records under the fragments' keys, with a lifetime`() throws {
        let library = try Library()
        let redis = try RedisProcess()
        let published = try FragmentPublication(
            SiteBuildingTests.library, options: library.options()
        ).publish(to: redis.url)
        #expect(published.map(\.name) == ["popular", "basket"])
        #expect(published.map(\.count) == [2, 1], "no browser sends the other cookie")
        var reader = try RedisConnection.open(RedisURL(redis.url))
        func text(_ key: String) throws -> String? {
            try reader.values(of: [Array(key.utf8)])[0].map {
                String(decoding: try FragmentRecord(decoding: $0).html, as: UTF8.self)
            }
        }
        #expect(try text("f:popular:new") == "<p><b class=\"badge\">Emma</b></p>")
        #expect(try text("f:popular:old") == "<p><b class=\"badge\">Ulysses</b></p>")
        #expect(try text("f:basket:9:visitor-1") == "3 books")
        guard case .integer(let left) = try reader.run(RedisCommand("TTL", "f:popular:new")) else {
            Issue.record("no lifetime")
            return
        }
        #expect((60...90).contains(left))
        let value = try reader.values(of: [Array("f:popular:new".utf8)])[0]
        let record = try FragmentRecord(decoding: try #require(value))
        let now = UInt64(max(time(nil), 0)) * 1_000
        #expect(record.expiry == 0 || record.expiry > now)
        #expect(record.expiry != 0 && record.expiry <= now + 90_000)
    }

    @Test func `publishing again replaces what has changed`() throws {
        let library = try Library()
        let redis = try RedisProcess()
        let publication = FragmentPublication(
            SiteBuildingTests.library, options: library.options())
        try publication.publish(to: redis.url)
        try library.sql("UPDATE public.popular SET label = '<i>&' WHERE genre = 'new'")
        try publication.publish(to: redis.url)
        var reader = try RedisConnection.open(RedisURL(redis.url))
        let value = try reader.values(of: [Array("f:popular:new".utf8)])[0]
        let record = try FragmentRecord(decoding: try #require(value))
        #expect(
            String(decoding: record.html, as: UTF8.self)
                == "<p><b class=\"badge\">&lt;i&gt;&amp;</b></p>")
    }

    static let refused: [(FragmentRoute, String, String)] = [
        (.shared(Unstyled.self), "SiteBuildingTests.Badge", "`uses`"),
        (.shared(Scripted.self), "SiteBuildingTests.Card", "put the script into the page"),
        (.shared(Nested.self), "a slot of its own", "slots stand in pages only"),
        (.shared(Misnamed.self), "name is unusable", "`-`"),
        (.shared(Numbered.self), "numbered is unusable", "digits and a colon"),
        (.shared(Momentary.self), "`lifetimeSeconds` is 0", "1 or more"),
        (.shared(Framed.self), "<iframe>", "move that into the page"),
    ]

    @Test(arguments: refused.indices)
    func `a fragment that no slot could show is refused, its row named`(index: Int) throws {
        let (route, what, remedy) = Self.refused[index]
        let library = try Library()
        let redis = try RedisProcess()
        let lines = failure(route, from: library, to: redis.url)
        let place = "\(route.name) (2 fragments, such as popular, row new): "
        #expect(lines.first?.hasPrefix(place) == true, "\(lines)")
        #expect(lines.joined(separator: "\n").contains(what), "\(lines)")
        #expect(lines.joined(separator: "\n").contains(remedy), "\(lines)")
        #expect(lines.last == "2 fragments could not be made; none of this name was published.")
        #expect(try keys(redis) == .array([]))
    }

    @Test func `two rows with one fragment key are refused`() throws {
        let library = try Library()
        let redis = try RedisProcess()
        let lines = failure(.shared(Keyless.self), from: library, to: redis.url)
        #expect(
            lines == [
                "keyless, popular, row old: row new has the same fragment key.",
                "Give every row its own in `key`, or leave one row in the view.",
                "1 fragment could not be made; none of this name was published.",
            ])
    }

    @Test(arguments: [
        ("label = 'javascript:secret' WHERE genre = 'new'", "linked, popular, row new: "),
        ("label = NULL WHERE genre = 'new'", "linked, popular: popular.label, row new, is NULL."),
        ("label = repeat('secret', 20000) WHERE genre = 'new'", "linked, popular, row new: It has"),
    ])
    func `a row that makes no fragment is named without its values`(
        change: String, start: String
    ) throws {
        let library = try Library()
        let redis = try RedisProcess()
        try library.sql("UPDATE public.popular SET \(change)")
        let lines = failure(.shared(Linked.self), from: library, to: redis.url)
        #expect(lines.first?.hasPrefix(start) == true, "\(lines.first?.prefix(200) ?? "")")
        #expect(!lines.joined().contains("secret"))
        #expect(try keys(redis) == .array([]))
    }

    @Test func `a Redis that is away is an error of Redis`() throws {
        let library = try Library()
        let publication = FragmentPublication(
            SiteBuildingTests.library, options: library.options())
        let error = #expect(throws: RedisError.self) {
            try publication.publish(to: "unix:\(library.folder.path)/none.sock")
        }
        guard case .unreachable = error else {
            Issue.record("another error")
            return
        }
        #expect(throws: RedisError.self) { try publication.publish(to: "nonsense") }
    }

    @Test func `a Redis that refuses to write is an error of Redis`() throws {
        let library = try Library()
        let redis = try RedisProcess(arguments: ["--maxmemory", "1"])
        let error = #expect(throws: FragmentError.self) {
            try FragmentPublication(SiteBuildingTests.library, options: library.options())
                .publish(to: redis.url)
        }
        guard case .redis(.refused(code: "OOM")) = error else {
            Issue.record("another error: \(error.map { "\($0)" } ?? "")")
            return
        }
    }

    @Test func `a missing view and a database that is away are told`() throws {
        let library = try Library()
        let redis = try RedisProcess()
        try library.sql("DROP VIEW sitegen.popular")
        #expect(
            failure(.shared(Popular.self), from: library, to: redis.url).first
                == "popular is not in the database.")
        var options = library.options()
        options.databaseURL = "postgresql://127.0.0.1:1/none"
        let error = #expect(throws: PostgresError.self) {
            try FragmentPublication(SiteBuildingTests.library, options: options)
                .publish(to: redis.url)
        }
        guard case .unreachable = error else {
            Issue.record("another error")
            return
        }
    }
}
