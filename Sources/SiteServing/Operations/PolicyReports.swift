// What browsers report of violated policies (CSP level 3 section 5, Reporting API).
//
// Anybody can send such a report, so nothing of it is kept or repeated but the name of a directive
// that exists: a number for each. The body is read up to a bound, never parsed as a whole, and at
// most a few reports a minute are told. However often a report names a directive, it counts once:
// who wants a number to grow has to send as many reports.

import NIOCore

/// The reports that one event loop has taken.
struct PolicyReports {
    /// Where browsers send them.
    static let path = Array("/-/csp".utf8)
    /// The longest report, in bytes; beyond it 413.
    static let bytesMax = 16 << 10
    /// How many a minute are told.
    static let toldMax = 10

    /// The directives of CSP level 3 that can be violated.
    static let directives = [
        "default-src", "script-src", "script-src-elem", "script-src-attr", "style-src",
        "style-src-elem", "style-src-attr", "img-src", "font-src", "connect-src", "media-src",
        "object-src", "frame-src", "child-src", "worker-src", "manifest-src", "base-uri",
        "form-action", "frame-ancestors", "require-trusted-types-for", "trusted-types",
    ]

    /// How many were about each directive; the last is all others.
    private(set) var counts = [Int](repeating: 0, count: PolicyReports.directives.count + 1)
    private var told = 0
    private var minute = NIODeadline.uptimeNanoseconds(0)

    /// What pages say about it.
    static let endpoints = "Reporting-Endpoints: csp=\"/-/csp\"\r\n"

    /// A policy that reports its violations there.
    static func reporting(_ policy: String) -> String {
        policy.contains("report-to") || policy.contains("report-uri")
            ? policy : policy + "; report-uri /-/csp; report-to csp"
    }

    /// Counts the directives of one body, each once; an event if the first of them is to be told.
    mutating func take(_ body: Span<UInt8>) -> ServerEvent? {
        let names = ["\"effective-directive\"", "\"effectiveDirective\""].map { Array($0.utf8) }
        var first: Int?
        var named = Set<Int>()
        var index = 0
        while index < body.count {
            guard body[index] == UInt8(ascii: "\""),
                let name = names.first(where: { Self.has($0, at: index, in: body) })
            else {
                index += 1
                continue
            }
            index += name.count
            let place = Self.directive(behind: index, in: body)
            named.insert(place)
            if first == nil { first = place }
        }
        if named.isEmpty { named = [Self.directives.count] }
        for place in named { counts[place] += 1 }
        guard let first, first < Self.directives.count, mayTell() else { return nil }
        return .policyViolated(directive: Self.directives[first])
    }

    private mutating func mayTell() -> Bool {
        let now = NIODeadline.now()
        if now - minute > .minutes(1) {
            minute = now
            told = 0
        }
        told += 1
        return told <= Self.toldMax
    }

    private static func has(_ text: [UInt8], at start: Int, in body: Span<UInt8>) -> Bool {
        guard start + text.count <= body.count else { return false }
        for offset in text.indices where body[start + offset] != text[offset] { return false }
        return true
    }

    /// The place of the directive that a value begins with, behind a colon and a quote.
    private static func directive(behind start: Int, in body: Span<UInt8>) -> Int {
        var index = start
        while index < body.count, body[index] == UInt8(ascii: ":") || body[index] == 0x20 {
            index += 1
        }
        guard index < body.count, body[index] == UInt8(ascii: "\"") else { return directives.count }
        index += 1
        var name: [UInt8] = []
        while index < body.count, name.count < 32, body[index] != UInt8(ascii: "\"") {
            name.append(body[index])
            index += 1
        }
        return directives.firstIndex(of: String(decoding: name, as: UTF8.self)) ?? directives.count
    }
}
