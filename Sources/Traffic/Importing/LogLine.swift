// One line of another program's log, as bytes: who, when, what, and what was answered.
//
// combined: HOST IDENT USER [10/Oct/2026:13:55:36 -0700] "GET /x HTTP/1.1" 200 2326 "REFERER"
// "AGENT" (Apache and nginx; more behind it is passed over). json: what `sitegen serve` writes.
// caddy: what Caddy's `log` writes as JSON. Those of delivery networks are in DeliveryLines.

internal import FoundationEssentials
internal import Groundwork

/// The form of a log.
package enum LogForm: String, CaseIterable, Sendable {
    /// NCSA combined.
    case combined
    /// sitegen's own lines.
    case json
    /// Caddy's lines.
    case caddy
    /// Standard logs of Amazon CloudFront.
    case cloudfront
    /// Cloudflare's Logpush of `http_requests`.
    case cloudflare
    /// Fastly's log streaming as JSON.
    case fastly
}

/// What a line says.
struct LogLine: Equatable {
    /// The client's address.
    var client: [UInt8]
    /// In microseconds since 2000.
    var at: Int64
    var method: [UInt8] = []
    /// The path with its query.
    var target: [UInt8] = []
    var status: Int
    var bytes: Int
    var micros = 0
    var referer: [UInt8] = []
    var agent: [UInt8] = []
    /// The host that was asked for; empty if the form does not say.
    var host: [UInt8] = []

    /// A line with what every form says; nil for what is no status.
    init?(client: [UInt8], at: Int64, status: Int, bytes: Int) {
        guard (100...599).contains(status) else { return nil }
        self.client = client
        self.at = at
        self.status = status
        self.bytes = max(0, bytes)
    }

    /// Whether a line is about the log and no request.
    static func isComment(_ line: ArraySlice<UInt8>, form: LogForm) -> Bool {
        form == .cloudfront && line.first == UInt8(ascii: "#")
    }

    /// Reads a line; nil if it has another form.
    init?(_ line: ArraySlice<UInt8>, form: LogForm) {
        switch form {
        case .combined: self.init(combined: line)
        case .json: self.init(json: line)
        case .caddy: self.init(caddy: line)
        case .cloudfront: self.init(cloudfront: line)
        case .cloudflare: self.init(cloudflare: line)
        case .fastly: self.init(fastly: line)
        }
    }

    // MARK: Combined

    private init?(combined line: ArraySlice<UInt8>) {
        var scanner = CombinedScanner(line)
        guard let client = scanner.word(), scanner.word() != nil, scanner.word() != nil,
            let time = scanner.bracketed(), let at = Self.time(of: time),
            let request = scanner.quoted(), let status = scanner.number(),
            let bytes = scanner.numberOrDash()
        else { return nil }
        let words = request.split(separator: 0x20)
        self.init(client: client, at: at, status: status, bytes: bytes)
        method = words.first.map(Array.init) ?? []
        target = words.count > 1 ? Array(words[1]) : []
        referer = Self.withoutDash(scanner.quoted() ?? [])
        agent = Self.withoutDash(scanner.quoted() ?? [])
    }

    private static func withoutDash(_ text: [UInt8]) -> [UInt8] {
        text == [UInt8(ascii: "-")] ? [] : text
    }

    /// `10/Oct/2026:13:55:36 -0700`.
    private static func time(of text: [UInt8]) -> Int64? {
        let text = String(decoding: text, as: UTF8.self)
        let parts = text.split { "/: ".contains($0) }
        guard parts.count == 7, let day = Int(parts[0]), let year = Int(parts[2]),
            let month = months.firstIndex(of: String(parts[1])), let hour = Int(parts[3]),
            let minute = Int(parts[4]), let second = Int(parts[5]),
            (1...31).contains(day), (1970...9999).contains(year), (0...23).contains(hour),
            (0...59).contains(minute), (0...60).contains(second), let zone = offset(parts[6])
        else { return nil }
        let days = Civil.days(year: year, month: month + 1, day: day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - zone
        return Int64(seconds) * 1_000_000
    }

    /// The seconds of `-0700`.
    private static func offset(_ text: Substring) -> Int? {
        guard text.count == 5, let number = Int(text.dropFirst()), number < 1_500 else {
            return nil
        }
        let seconds = number / 100 * 3_600 + number % 100 * 60
        return text.first == "-" ? -seconds : text.first == "+" ? seconds : nil
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    // MARK: JSON

    private struct OwnLine: Decodable {
        var time: String
        var client: String?
        var method: String
        var path: String
        var status: Int
        var bytes: Int
        var microseconds: Int?
        var agent: String?
        var referer: String?
    }

    private init?(json line: ArraySlice<UInt8>) {
        guard let own = try? JSONDecoder().decode(OwnLine.self, from: Data(line)),
            let at = Self.instant(of: own.time)
        else { return nil }
        self.init(
            client: Array((own.client ?? "").utf8), at: at, status: own.status, bytes: own.bytes)
        method = Array(own.method.utf8)
        target = Array(own.path.utf8)
        micros = own.microseconds ?? 0
        agent = Array((own.agent ?? "").utf8)
        referer = Array((own.referer ?? "").utf8)
    }

    /// `2026-11-30T12:34:56Z`, with or without a fraction; `+0100` or `+01:00` in place of `Z`.
    static func instant(of text: String) -> Int64? {
        var text = text
        var zone: Int? = text.hasSuffix("Z") ? 0 : nil
        if let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }), sign > text.startIndex,
            text[..<sign].contains("T")
        {
            zone = offset(Substring(text[sign...].filter { $0 != ":" }))
            text = String(text[..<sign])
        }
        let parts = text.split { "-T:.Z".contains($0) }
        guard let zone, parts.count >= 6, let year = Int(parts[0]),
            let month = Int(parts[1]), let day = Int(parts[2]), let hour = Int(parts[3]),
            let minute = Int(parts[4]), let second = Int(parts[5]), (1...12).contains(month),
            (1...31).contains(day), (0...23).contains(hour), (0...59).contains(minute),
            (1970...9999).contains(year), (0...60).contains(second)
        else { return nil }
        let days = Civil.days(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - zone
        return Int64(seconds) * 1_000_000
    }

    private struct CaddyLine: Decodable {
        struct Request: Decodable {
            var remote_ip: String?
            var client_ip: String?
            var method: String
            var host: String?
            var uri: String
            var headers: [String: [String]]?
        }
        var ts: Double
        var request: Request
        var status: Int
        var size: Int?
        var duration: Double?
    }

    private init?(caddy line: ArraySlice<UInt8>) {
        guard let caddy = try? JSONDecoder().decode(CaddyLine.self, from: Data(line)),
            (0..<253_402_300_800).contains(caddy.ts)
        else { return nil }
        let request = caddy.request
        self.init(
            client: Array((request.client_ip ?? request.remote_ip ?? "").utf8),
            at: Int64(caddy.ts * 1_000_000) - Civil.secondsFrom1970To2000 * 1_000_000,
            status: caddy.status, bytes: caddy.size ?? 0)
        method = Array(request.method.utf8)
        target = Array(request.uri.utf8)
        micros = Self.micros(seconds: caddy.duration ?? 0)
        host = Array((request.host ?? "").utf8)
        agent = Array((request.headers?["User-Agent"]?.first ?? "").utf8)
        referer = Array((request.headers?["Referer"]?.first ?? "").utf8)
    }
}

/// Takes the parts of a combined line one after the other.
private struct CombinedScanner {
    private var rest: ArraySlice<UInt8>

    init(_ line: ArraySlice<UInt8>) { rest = line }

    /// What stands before the next space.
    mutating func word() -> [UInt8]? {
        skipSpaces()
        let word = rest.prefix { $0 != 0x20 }
        rest = rest.dropFirst(word.count)
        return word.isEmpty ? nil : Array(word)
    }

    /// What stands between brackets.
    mutating func bracketed() -> [UInt8]? {
        skipSpaces()
        guard rest.popFirst() == UInt8(ascii: "["),
            let end = rest.firstIndex(of: UInt8(ascii: "]"))
        else { return nil }
        defer { rest = rest[(end + 1)...] }
        return Array(rest[..<end])
    }

    /// What stands between quotes; `\` hides the character behind it.
    mutating func quoted() -> [UInt8]? {
        skipSpaces()
        guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return text }
            if byte == UInt8(ascii: "\\"), let next = rest.popFirst() {
                text.append(next)
            } else {
                text.append(byte)
            }
        }
        return nil
    }

    mutating func number() -> Int? { word().flatMap { Int(String(decoding: $0, as: UTF8.self)) } }

    mutating func numberOrDash() -> Int? {
        guard let word = word() else { return nil }
        return word == [UInt8(ascii: "-")] ? 0 : Int(String(decoding: word, as: UTF8.self))
    }

    private mutating func skipSpaces() { rest = rest.drop { $0 == 0x20 } }
}
