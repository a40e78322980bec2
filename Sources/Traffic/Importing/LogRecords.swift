// A line of a log as a record: the same classes and kinds as a spool's, as far as the line tells.
//
// A log has no release: a path that ends in a slash, has no ending or that of HTML is a page. It
// has no `Sec-Fetch-*` and no `Accept-Language`, so the rules that need them are off. Of what was
// not answered with a page, and of referrers that no page of the log is, no more is kept than of
// paths that lead nowhere.

internal import AccessRecords
internal import Groundwork
internal import Hashing

/// Makes records of lines.
///
/// Visitors get a key for each day, which nobody keeps.
struct LogRecords {
    /// The site's own names.
    private let hosts: Set<String>
    private var keys: [Int64: VisitorKey] = [:]
    /// Paths that were answered with something that is there.
    private var pages: Set<String> = []

    init(hosts: [String]) {
        self.hosts = Set(
            hosts.compactMap { RefererSource.hostName(Array($0.utf8)[...]) })
    }

    private static let dayMicros: Int64 = 86_400_000_000

    /// The record of a line.
    mutating func record(_ line: LogLine) -> AccessRecord {
        let agent = ClassifiedAgent(line.agent)
        let parts = line.target.split(
            separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        let path = Self.decoded(parts.first ?? [])
        let isGet = line.method.elementsEqual("GET".utf8)
        let facts = RequestFacts(
            status: line.status, target: Self.target(of: path), isGet: isGet,
            signals: RequestSignals(), isSecure: false, hasLanguage: true)
        let (kind, reason) = facts.kind(agent)
        let isThere = (200..<300).contains(line.status) || line.status == 304
        let text = isThere ? String(decoding: path, as: UTF8.self) : MissingPath.text(of: path)
        if isThere, pages.count < TrafficLimits.logPagesMax { pages.insert(text) }
        var record = AccessRecord(
            at: line.at, kind: kind, status: line.status, name: AccessName(path: text))
        record.isHead = line.method.elementsEqual("HEAD".utf8)
        record.bytes = line.bytes
        record.micros = line.micros
        record.agent = agent.agent
        record.reason = reason
        record.source = source(of: line)
        if parts.count > 1 { record.campaign = Campaign(query: parts[1]) }
        if let key = key(at: line.at) {
            record.visitor = VisitorHash.of(
                key, address: IPAddress(text: line.client), agent: line.agent[...],
                host: line.host[...])
        }
        return record
    }

    private func source(of line: LogLine) -> AccessSource {
        let host = line.host.isEmpty ? nil : line.host[...]
        let referer = line.referer.isEmpty ? nil : line.referer[...]
        switch RefererSource(
            referer: referer, host: host, otherHosts: hosts, signals: RequestSignals())
        {
        case .none: return .none
        case .typed: return .typed
        case .hidden: return .hidden
        case .elsewhere(let host): return hosts.contains(host) ? .none : .elsewhere(host: host)
        case .inside(let sent):
            let path = Self.decoded(sent[...])
            let text = String(decoding: path, as: UTF8.self)
            return .inside(
                AccessName(path: pages.contains(text) ? text : MissingPath.text(of: path)))
        }
    }

    /// A path as the server knows it: `%40` is `@`.
    private static func decoded(_ sent: ArraySlice<UInt8>) -> [UInt8] {
        let sent = Array(sent)
        return PercentCoding.decoded(sent.span, 0..<sent.count, isLenient: true) ?? sent
    }

    /// The key of a day in UTC: nearly the site's, and never longer.
    private mutating func key(at time: Int64) -> VisitorKey? {
        let from = time - (time % Self.dayMicros + Self.dayMicros) % Self.dayMicros
        if let key = keys[from] { return key }
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        keys[from] = SipHash.Key(bytes: bytes).map {
            VisitorKey(from: from, until: from + Self.dayMicros, key: $0)
        }
        return keys[from]
    }

    private static func target(of path: [UInt8]) -> RequestFacts.Target {
        let name = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last
        guard let name, let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return .page }
        switch String(decoding: name[(dot + 1)...], as: UTF8.self).lowercased() {
        case "html", "htm": return .page
        case "atom", "rss": return .feed
        case "xml", "json":
            let isFeed = ["feed", "atom", "rss", "index"].contains(
                String(decoding: name[..<dot], as: UTF8.self).lowercased())
            return isFeed ? .feed : .asset
        default: return .asset
        }
    }
}
