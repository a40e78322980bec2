// Answers to records: what a request was, who asked, where from, and nothing that tells more.
//
// The address and the User-Agent are turned into a hash and a class here and go no further. What a
// visitor who objects asked for is counted and not named.

import AccessRecords
import Groundwork
import NIOCore
import ReleaseFormat

/// The recorder of one event loop.
final class AnswerRecorder {
    /// What was written and lost.
    let writer: SpoolWriter
    /// How much client addresses may post.
    let posts = AddressLimits(
        requestsPerSecond: AnswerRecorder.postsPerSecond, burst: AnswerRecorder.postsBurst)
    /// What was posted and not heard, since its client posts too often.
    var unheard = (beacons: 0, reports: 0)
    private let shared: ServerSpool
    private var isInTrouble = false
    /// The first answers, and those of them that were to private addresses.
    private var answered = (all: 0, toPrivate: 0)
    private var hasJudgedClients = false
    private var key: VisitorKey?
    /// Counts the keys that were used, so that a hash made with another is told.
    private var keyNumber = 0
    private var agents: LRUCache<[UInt8], JournalAgent>
    /// The release whose numbers the spool knows.
    private var numbered: ServedRelease?

    /// The User-Agents whose classes are kept.
    static let agentsMax = 4_096
    /// The answers by which a proxy is told that nobody named.
    static let judgedAnswers = 1_000

    init(_ shared: ServerSpool) {
        writer = SpoolWriter(shared.spool)
        self.shared = shared
        agents = LRUCache(costMax: Self.agentsMax)
    }

    /// Looks after the segment and the key; called several times a second.
    ///
    /// - Returns: what is to be told of it.
    func sweep() -> ServerEvent? {
        let now = SpoolClock.now()
        writer.sweep(now)
        let current = shared.keys.key(at: now.wall)
        if current != key {
            key = current
            keyNumber += 1
        }
        let fault = writer.trouble ?? shared.keys.fault
        guard (fault != nil) != isInTrouble else { return judgeClients() }
        isInTrouble = fault != nil
        return shared.count(fault)
    }

    /// Tells of a proxy that nobody named: nine of ten clients have private addresses.
    private func judgeClients() -> ServerEvent? {
        guard answered.all >= Self.judgedAnswers, !hasJudgedClients else { return nil }
        hasJudgedClients = true
        return answered.toPrivate * 10 >= answered.all * 9 ? shared.tellOfProxy() : nil
    }

    /// Takes the numbers of another release.
    func serve(_ release: ServedRelease) {
        numbered = release
        writer.setEntryCount(release.manifest.count)
    }

    /// Records an answer; `head` is nil for what was no request.
    func record(
        _ answer: Answer, _ head: RequestHead?, _ slots: [SlotRecord], _ release: ServedRelease?,
        _ client: JournalClient, _ options: JournalOptions, micros: Int
    ) {
        guard let head else {
            return add(
                AccessRecord(at: 0, kind: .refused, status: answer.status, name: Self.noName),
                answer, micros)
        }
        if answered.all < Self.judgedAnswers {
            answered.all += 1
            if client.isPrivate, options.clients.field == nil { answered.toPrivate += 1 }
        }
        let agent = self.agent(of: head, client)
        let source = self.source(of: head, client, release, options)
        var facts = RequestFacts(
            status: answer.status, target: target(of: answer, head), isGet: head.method == .get,
            signals: head.signals,
            isSecure: client.isSecure || client.isTrusted && head.isForwardedSecure,
            hasLanguage: head.acceptLanguage != nil)
        facts.isSpam = source.isSpam
        let (kind, reason) = facts.kind(agent.verdict)
        var record = AccessRecord(at: 0, kind: kind, status: answer.status, name: Self.noName)
        record.isHead = head.method == .head
        record.coding = Self.coding(answer.coding)
        if MeasuringChoice.isOff(head) {
            record.isObjected = true
            return add(record, answer, micros)
        }
        // What was posted is a record of its own, or nothing.
        if head.method == .post, answer.status == 204 {
            record.kind = .fetched
            return add(record, answer, micros)
        }
        // A view is told by the page's script alone, and so is a page that was prefetched.
        if options.viewsFrom == .beacon, kind == .view || kind == .prefetch {
            record.kind = .fetched
        }
        record.reason = reason
        record.signals = head.signals
        record.source = source.source
        if kind == .refused { return add(record, answer, micros) }
        if let query = head.query { record.campaign = Campaign(query: query) }
        if kind == .view { record.language = language(of: head, client) }
        record.slots = slots
        if reason == nil, !head.signals.refusesTracking {
            record.visitor = visitor(of: head, client, options)
        }
        let isCurrent = release === numbered
        var entry: Int?
        if let made = answer.entry, answer.status != 404, answer.status != 410 {
            record.name = made.name
            entry = isCurrent ? made.number : nil
        } else {
            record.name = AccessName(path: MissingPath.text(of: head.path))
        }
        add(
            record, answer, micros, entry: entry,
            sourceEntry: source.release == numbered.map { ObjectIdentifier($0) }
                ? source.entry : nil,
            agent: agent.known)
    }

    private static let noName = AccessName(path: "")

    private func add(
        _ record: AccessRecord, _ answer: Answer, _ micros: Int, entry: Int? = nil,
        sourceEntry: Int? = nil, agent: KnownAgent? = nil
    ) {
        var record = record
        record.bytes = answer.answered.bodyBytes
        record.micros = micros
        writer.add(record, entry: entry, sourceEntry: sourceEntry, agent: agent)
    }

    private func target(of answer: Answer, _ head: RequestHead) -> RequestFacts.Target {
        if let entry = answer.entry { return entry.target }
        // A page as it was, which browsers keep to be sent what differs.
        return answer.status == 200 && answer.length != nil ? .asset : .nothing
    }

    private static func coding(_ token: String?) -> AnswerCoding {
        switch token {
        case "gzip": .gzip
        case "br": .brotli
        case "dcb", "dcz": .delta
        default: .identity
        }
    }

    /// For how long the key of this moment has been one, in milliseconds: what happened before
    /// is another day's.
    var keyAge: Int {
        guard let key else { return 0 }
        return max(0, Int((SpoolClock.now().wall - key.from) / 1_000))
    }

    // MARK: What a connection's requests have in common

    func agent(of head: RequestHead, _ client: JournalClient) -> JournalAgent {
        if let agent = client.agent, head.values.holds(client.agentBytes, as: .agent) {
            return agent
        }
        let bytes = head.agent ?? []
        client.agentBytes = Array(bytes)
        client.visitor.key = 0
        let agent: JournalAgent
        if let known = agents.value(client.agentBytes) {
            agent = known
        } else {
            agent = JournalAgent(bytes)
            agents.insert(agent, for: client.agentBytes, cost: 1)
        }
        client.agent = agent
        return agent
    }

    func visitor(
        of head: RequestHead, _ client: JournalClient, _ options: JournalOptions
    ) -> UInt64? {
        guard let key else { return nil }
        let address = options.clients.client(of: head, client)
        if client.visitor.key == keyNumber, client.visitor.address == address,
            head.values.holds(client.visitor.host, as: .host)
        {
            return client.visitor.hash
        }
        let host = head.host ?? []
        let hash = VisitorHash.of(key, address: address, agent: head.agent ?? [], host: host)
        client.visitor = KnownVisitor(
            hash: hash, key: keyNumber, address: address, host: Array(host))
        return hash
    }

    func language(of head: RequestHead, _ client: JournalClient) -> String {
        guard let field = head.acceptLanguage else { return "" }
        if !head.values.holds(client.languageBytes, as: .acceptLanguage) {
            client.languageBytes = Array(field)
            client.language = PreferredLanguage.of(field)
        }
        return client.language
    }

    func source(
        of head: RequestHead, _ client: JournalClient, _ release: ServedRelease?,
        _ options: JournalOptions
    ) -> KnownSource {
        let id = release.map { ObjectIdentifier($0) }
        let known = client.source
        if head.values.has(.referer), known.release == id,
            head.values.holds(known.referer, as: .referer),
            head.values.holds(known.host, as: .host)
        {
            return known
        }
        let found: KnownSource
        let referer = Array(head.referer ?? [])
        let asked = Array(head.host ?? [])
        switch RefererSource(
            referer: head.referer, host: head.host, otherHosts: options.hosts,
            signals: head.signals)
        {
        // Without a host a source is judged by `Sec-Fetch-Site`, which is the request's own.
        case .none: return .none
        case .typed: return .typed
        case .hidden: return .hidden
        case .elsewhere(let host):
            found = KnownSource(
                .elsewhere(host: host), isSpam: options.spamHosts.contains(host), release: id,
                referer: referer, host: asked)
        case .inside(let path):
            let (name, entry) = Self.page(path, release)
            found = KnownSource(
                .inside(name), entry: entry, release: id, referer: referer, host: asked)
        }
        if head.values.has(.referer) { client.source = found }
        return found
    }

    /// The page of a path as it was sent, and its number.
    private static func page(
        _ sent: [UInt8], _ release: ServedRelease?
    ) -> (name: AccessName, entry: Int?) {
        let path =
            PercentCoding.decoded(sent.span, 0..<sent.count, isLenient: true) ?? sent
        if let release, let entry = release.manifest.index(ofPath: path.span) {
            return (release.entry(entry).name, entry)
        }
        return (AccessName(path: MissingPath.text(of: path)), nil)
    }
}
