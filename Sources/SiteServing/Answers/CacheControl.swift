// How long whom an answer may be kept by, and by which names caches may forget it.
//
// Browsers ask again each time, which a true tag makes cheap; shared caches (RFC 9213) may keep a
// page for a while, and forget it by the view, the row and the fragments it was made from. A page
// with a private slot is kept by nobody but its browser, whatever its entry says, also for visitors
// who have no cookie: shared caches are known to ignore `Vary: Cookie`.

import AccessRecords
import Groundwork
package import ReleaseFormat

/// The header lines about caching.
package enum CacheControl {
    /// Seconds for which a shared cache may keep a page without slots.
    static let sharedSeconds = 300
    /// The same for a page with slots: they change by themselves.
    static let slottedSeconds: UInt64 = 10
    /// The same while a slot shows less than it should.
    static let degradedSeconds: UInt64 = 2
    /// For how long more it may show such a page while this server is away.
    static let staleSeconds: UInt64 = 86_400

    /// The fields that are the same in every answer of an entry, in their order.
    package static func fields(of entry: Entry) -> [(name: String, value: String)] {
        lines(entry, isPrivate: entry.slots?.isPrivate ?? false).split(separator: "\r\n").map {
            let parts = $0.split(separator: ":", maxSplits: 1)
            return (String(parts[0]), String(parts.last?.drop { $0 == " " } ?? ""))
        }
    }

    /// The lines that are the same in every answer.
    static func lines(_ entry: Entry, isPrivate: Bool) -> String {
        // A private slot decides, whatever the entry says: nothing private is ever shared.
        if isPrivate || entry.cachePolicy == .private {
            return "Cache-Control: private, no-cache\r\nCDN-Cache-Control: no-store\r\n"
                + "Surrogate-Control: no-store\r\n"
        }
        if entry.kind == .notFound { return "Cache-Control: max-age=10\r\n" }
        if entry.cachePolicy == .immutable {
            return "Cache-Control: public, max-age=31536000, immutable\r\n"
        }
        let shared =
            entry.slots == nil
            ? "CDN-Cache-Control: max-age=\(sharedSeconds), stale-while-revalidate=60, "
                + "stale-if-error=86400\r\n" : ""
        return "Cache-Control: public, no-cache\r\n" + shared + SurrogateKeys.lines(entry)
    }

    /// The lines that depend on what the slots of a shared page show; `wall` is the time in
    /// milliseconds since 1970.
    ///
    /// - Returns: nil if they are `usual`.
    static func lines(showing filled: [FilledSlot], wall: UInt64) -> [UInt8]? {
        var seconds = slottedSeconds
        // What ends is shown by nobody after its end, also not while this server is away.
        var left = staleSeconds + slottedSeconds
        var worst = SlotOutcome.hit
        for slot in filled {
            if slot.outcome.isDegraded { seconds = min(seconds, degradedSeconds) }
            if slot.expiry != 0 {
                left = min(left, slot.expiry > wall ? (slot.expiry - wall) / 1_000 : 0)
            }
            if slot.outcome.rank > worst.rank { worst = slot.outcome }
        }
        seconds = min(seconds, left)
        let stale = min(left - seconds, staleSeconds)
        if worst == .hit, seconds == slottedSeconds, stale == staleSeconds { return nil }
        return Array(
            """
            CDN-Cache-Control: max-age=\(seconds), stale-if-error=\(stale)\r
            Cache-Status: sitegen; \(worst.cacheStatus)\r\n
            """.utf8)
    }

    /// These lines while all is well.
    static let usual = Array(
        """
        CDN-Cache-Control: max-age=\(slottedSeconds), stale-if-error=\(staleSeconds)\r
        Cache-Status: sitegen; hit\r\n
        """.utf8)
}

extension SlotOutcome {
    /// Whether the slot shows less than it should.
    var isDegraded: Bool { self == .kept || self == .late || self == .refused }

    /// How much of the page's way a slot says: the greatest of a page goes into Cache-Status.
    var rank: Int {
        switch self {
        case .anonymous, .hit: 0
        case .stale: 1
        case .absent: 2
        case .collapsed: 3
        case .miss: 4
        case .refused: 5
        case .kept: 6
        case .late: 7
        }
    }

    /// The parameters of Cache-Status (RFC 9211).
    var cacheStatus: String {
        switch self {
        case .anonymous, .hit: "hit"
        case .stale: "hit; detail=swr"
        case .absent: "fwd=miss; fwd-status=404; stored"
        case .collapsed: "fwd=miss; collapsed"
        case .miss: "fwd=miss; stored"
        case .refused: "fwd=miss; detail=refused"
        case .kept: "hit; detail=sie"
        case .late: "fwd=miss; detail=fallback"
        }
    }
}

/// The names by which a cache that knows them may forget a page.
enum SurrogateKeys {
    /// The longest name that is sent as it is, in bytes; one beyond it is left out.
    static let bytesMax = 200

    /// `Surrogate-Key` for Fastly and Varnish's xkey, `Cache-Tag` for Cloudflare and Akamai.
    static func lines(_ entry: Entry) -> String {
        let names = names(of: entry)
        guard !names.isEmpty else { return "" }
        return "Surrogate-Key: \(names.joined(separator: " "))\r\n"
            + "Cache-Tag: \(names.joined(separator: ","))\r\n"
    }

    /// The view, the row and the fragments, each once, in that order.
    static func names(of entry: Entry) -> [String] {
        var names: [String] = []
        func add(_ parts: String...) {
            let name = parts.map(escaped).joined(separator: "/")
            if !name.isEmpty, name.utf8.count <= bytesMax, !names.contains(name) {
                names.append(name)
            }
        }
        if !entry.source.view.isEmpty { add(entry.source.view) }
        if !entry.source.key.isEmpty { add(entry.source.view, entry.source.key) }
        for binding in entry.slots?.bindings ?? [] where binding.scope == .shared {
            if binding.key.isEmpty {
                add("f", binding.name)
            } else {
                add("f", binding.name, binding.key)
            }
        }
        return names
    }

    /// Letters, digits and `._~-` as they are, all else as `%XX`: names cannot run together.
    private static func escaped(_ text: String) -> String {
        String(
            decoding: PercentCoding.encoded(text.utf8, keeping: PercentCoding.isUnreserved),
            as: UTF8.self)
    }
}
