// Health, readiness and metrics, on a listener of their own.
//
// `/-/health` says that the process answers, `/-/ready` that it should get requests, `/-/metrics`
// what it counted, in Prometheus' text form. A connection is answered once and closed. A Redis
// that is away makes nothing unready: pages are served without it. Whoever connects and says
// nothing keeps nobody out: the next connection takes the place of the oldest such one.

import AccessRecords
import NIOCore
import Synchronization

/// The channel handler of one connection to the listener of operations.
final class OperationsHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: Server
    private let hosts: ServedHosts
    private var parser = RequestParser()
    private var input = ByteBuffer()
    private var isAnswered = false
    private var deadline: Scheduled<Void>?

    /// How long a connection may take from its first moment to its answer.
    static let timeMax = TimeAmount.seconds(10)

    init(_ server: Server, hosts: ServedHosts) {
        self.server = server
        self.hosts = hosts
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: Self.timeMax) { channel.close(promise: nil) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswered else { return }
        input.writeImmutableBuffer(unwrapInboundIn(data))
        switch parser.parse(input.readableBytesUInt8Span) {
        case .incomplete: return
        case .http2Preface: context.close(promise: nil)
        case .refused(let refusal): answer(context.channel, refusal.status, "\(refusal.status)\n")
        case .head(let head, _): answer(context.channel, head)
        }
        isAnswered = true
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Who has sent a whole request may still wait for the answer.
        if case ChannelEvent.inputClosed? = event as? ChannelEvent, !isAnswered {
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ channel: any Channel, _ head: RequestHead) {
        let isHead = head.method == .head
        if let status = hosts.refusal(of: head) {
            let text = hosts.explanation(of: status) ?? "\(status)"
            return answer(channel, status, "\(text)\n", isHead: isHead)
        }
        guard head.method == .get || isHead else { return answer(channel, 405, "405\n") }
        switch String(decoding: head.path, as: UTF8.self) {
        case "/-/health": answer(channel, 200, "ok\n", isHead: isHead)
        case "/-/ready":
            let isDraining = server.state.isDraining.load(ordering: .relaxed)
            answer(
                channel, isDraining ? 503 : 200, isDraining ? "stopping\n" : "ready\n",
                isHead: isHead)
        case "/-/metrics":
            guard let counts = server.snapshot(on: channel.eventLoop) else {
                return answer(channel, 503, "stopping\n", isHead: isHead)
            }
            let server = server
            counts.whenSuccess { counts in
                Self.write(channel, 200, Metrics.text(counts, of: server), isHead: isHead)
            }
        default: answer(channel, 404, "404\n", isHead: isHead)
        }
    }

    private func answer(
        _ channel: any Channel, _ status: Int, _ text: String, isHead: Bool = false
    ) {
        Self.write(channel, status, text, isHead: isHead)
    }

    private static func write(
        _ channel: any Channel, _ status: Int, _ text: String, isHead: Bool
    ) {
        var output = ResponseOutput(copiedBodyBytesMax: .max)
        var common = CommonFields()
        let maker = AnswerMaker(isHead: isHead, isHTTP10: false, keepsAlive: false)
        let fields = """
            Content-Type: text/plain; version=0.0.4; charset=utf-8\r
            Cache-Control: no-store\r\n
            """
        _ = output.write(
            maker.text(status, Array(text.utf8), fields: Array(fields.utf8)), common: common.now())
        if let bytes = output.take() { channel.write(bytes, promise: nil) }
        let flushed = channel.eventLoop.makePromise(of: Void.self)
        flushed.futureResult.whenComplete { _ in channel.close(promise: nil) }
        channel.writeAndFlush(ByteBuffer(), promise: flushed)
    }
}

/// The text form of Prometheus, version 0.0.4.
enum Metrics {
    /// Everything a server counted.
    static func text(_ counts: LoopSnapshot, of server: Server) -> String {
        var text = MetricsText()
        text.add("sitegen_responses_total", .counter, "Answers by status code.")
        for (status, count) in counts.statuses.enumerated() where count > 0 {
            text.line("sitegen_responses_total", [("code", "\(status)")], count)
        }
        text.add("sitegen_response_body_bytes_total", .counter, "Bytes of their bodies.")
        text.line("sitegen_response_body_bytes_total", [], counts.bodyBytes)
        text.add("sitegen_connections", .gauge, "Open connections.")
        text.line("sitegen_connections", [], counts.openConnections)
        text.add("sitegen_connections_total", .counter, "Connections that were accepted.")
        text.line("sitegen_connections_total", [], counts.connections)
        text.add("sitegen_connections_refused_total", .counter, "Connections that were too many.")
        text.line(
            "sitegen_connections_refused_total", [],
            server.state.connectionsRefused.load(ordering: .relaxed))
        text.add(
            "sitegen_streams_refused_total", .counter,
            "Streams of HTTP/2 that were reset instead of answered.")
        text.line("sitegen_streams_refused_total", [], counts.streamsRefused)
        text.add(
            "sitegen_connections_shed_total", .counter,
            "Connections that held too much of what waits for clients.")
        text.line("sitegen_connections_shed_total", [], counts.connectionsShed)
        text.add("sitegen_waiting_bytes", .gauge, "Bytes that wait for clients to take them.")
        text.line("sitegen_waiting_bytes", [], counts.waitingBytes)
        addFragments(counts, to: &text)
        text.add(
            "sitegen_csp_reports_total", .counter,
            "Reports of violations by directive; one that names it often counts once.")
        for (index, count) in counts.reports.enumerated() where count > 0 {
            let names = PolicyReports.directives
            let name = index < names.count ? names[index] : "other"
            text.line("sitegen_csp_reports_total", [("directive", name)], count)
        }
        text.add(
            "sitegen_access_log_lines_lost_total", .counter,
            "Lines of the access log that could not be written.")
        text.line("sitegen_access_log_lines_lost_total", [], server.lostLogLines)
        if server.hasSpool { addSpool(counts, to: &text) }
        text.add("sitegen_stored_bytes", .gauge, "Bytes of stored files in memory.")
        text.line("sitegen_stored_bytes", [], server.storedBytes)
        text.add("sitegen_entry_bytes", .gauge, "Bytes of entries that are ready to be sent.")
        text.line("sitegen_entry_bytes", [], server.entryBytes)
        text.add("sitegen_assembled_bytes", .gauge, "Bytes of pages with fragments in place.")
        text.line("sitegen_assembled_bytes", [], counts.assembledBytes)
        text.add("sitegen_release_info", .gauge, "The release that is served.")
        let id = server.state.release.map { "\($0)" } ?? ""
        text.line("sitegen_release_info", [("id", id)], 1)
        text.add("sitegen_release_switches_total", .counter, "Releases that were taken.")
        text.line(
            "sitegen_release_switches_total", [], server.state.switches.load(ordering: .relaxed))
        text.add("sitegen_releases_refused_total", .counter, "Releases that could not be loaded.")
        text.line(
            "sitegen_releases_refused_total", [],
            server.state.releasesRefused.load(ordering: .relaxed))
        return text.text
    }

    private static func addSpool(_ counts: LoopSnapshot, to text: inout MetricsText) {
        text.add("sitegen_spool_records_total", .counter, "Records of the access spool.")
        text.line("sitegen_spool_records_total", [], counts.spoolRecords)
        text.add("sitegen_spool_bytes_total", .counter, "Bytes of these records.")
        text.line("sitegen_spool_bytes_total", [], counts.spoolBytes)
        text.add(
            "sitegen_spool_records_lost_total", .counter,
            "Answers that have no record, because there was no room or nobody read it, by kind.")
        for kind in RequestKind.allCases {
            text.line(
                "sitegen_spool_records_lost_total", [("kind", "\(kind)")],
                counts.spoolLost[Int(kind.rawValue)])
        }
        text.add(
            "sitegen_spool_posts_lost_total", .counter,
            "Beacons and reports that have no record, because there was no room.")
        text.line("sitegen_spool_posts_lost_total", [("kind", "beacon")], counts.lostBeacons)
        text.line("sitegen_spool_posts_lost_total", [("kind", "report")], counts.lostReports)
        text.add(
            "sitegen_posts_unheard_total", .counter,
            "Beacons and bodies of reports that were dropped: their client posts too often.")
        text.line("sitegen_posts_unheard_total", [("kind", "beacon")], counts.unheardBeacons)
        text.line("sitegen_posts_unheard_total", [("kind", "report")], counts.unheardReports)
        text.add("sitegen_spool_up", .gauge, "Whether the access spool has room.")
        text.line("sitegen_spool_up", [], counts.spoolsInTrouble == 0 ? 1 : 0)
    }

    private static func addFragments(_ counts: LoopSnapshot, to text: inout MetricsText) {
        text.add("sitegen_slots_total", .counter, "Slots by how they came by what they show.")
        for outcome in SlotOutcome.allCases {
            text.line(
                "sitegen_slots_total", [("outcome", outcome.name)],
                counts.slots[outcome.index])
        }
        text.add("sitegen_fragments", .gauge, "Known fragments.")
        text.line("sitegen_fragments", [("scope", "shared")], counts.sharedFragments)
        text.line("sitegen_fragments", [("scope", "visitor")], counts.privateFragments)
        text.add("sitegen_fragment_bytes", .gauge, "Their bytes.")
        text.line("sitegen_fragment_bytes", [], counts.fragmentBytes)
        text.add("sitegen_redis_fetches_total", .counter, "Questions to Redis.")
        text.line("sitegen_redis_fetches_total", [], counts.fragmentFetches)
        text.add("sitegen_redis_invalidations_total", .counter, "Keys that Redis told of.")
        text.line("sitegen_redis_invalidations_total", [], counts.invalidations)
        text.add("sitegen_redis_breaker_openings_total", .counter, "Times of waiting in vain.")
        text.line("sitegen_redis_breaker_openings_total", [], counts.breakerOpenings)
        text.add("sitegen_redis_up", .gauge, "Event loops whose Redis answers.")
        text.line("sitegen_redis_up", [], counts.redisLinks)
        text.add("sitegen_redis_tracking", .gauge, "Event loops whose Redis tells of changes.")
        text.line("sitegen_redis_tracking", [], counts.toldLinks)
    }
}

/// Collects the lines.
private struct MetricsText {
    enum Kind: String {
        case counter
        case gauge
    }

    private(set) var text = ""

    mutating func add(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func line(_ name: String, _ labels: [(String, String)], _ value: Int) {
        let labels = labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }
}
