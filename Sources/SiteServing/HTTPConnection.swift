// One connection as a state machine: bytes in, answers out, no socket.
//
// Requests are answered strictly in order. While a page waits for fragments nothing behind it is
// looked at, so a client that pipelines cannot make the server hold many pages at once.

import Fragments
import NIOCore
import ReleaseFormat

/// What a connection wants next.
enum ConnectionStep: Sendable {
    /// More bytes from the client; write what was collected.
    case read
    /// Write what was collected, then call `step` again.
    case flush
    /// Values for these keys (nil needs none), then `resume`.
    case fragments([FragmentKey?])
    /// Write what was collected, then close.
    case close
    /// Write what was collected, then send events until the client leaves.
    case streamEvents
}

/// The state of one connection.
struct HTTPConnection {
    private let responder: Responder
    private let limits: ServingLimits
    private let counters: LoopCounters
    /// Whether the client may ask again; nil if nobody counts.
    private let isAllowed: (() -> Bool)?
    private var parser: RequestParser
    /// What is not answered yet.
    private(set) var input = ByteBuffer()
    private var pending: PendingPage?
    /// The bytes of a report that are still to come or to be read.
    private var reportLength: Int?
    /// When the last head was whole; nil before it is.
    private var began: NIODeadline?
    private var requestCount = 0
    private var isOver = false
    /// The last answers, if they are to be reported.
    private(set) var records: [AccessRecord] = []
    private let reportsRequests: Bool

    init(
        _ responder: Responder, limits: ServingLimits, counters: LoopCounters,
        reportsRequests: Bool, isAllowed: (() -> Bool)? = nil
    ) {
        self.responder = responder
        self.limits = limits
        self.counters = counters
        self.reportsRequests = reportsRequests
        self.isAllowed = isAllowed
        parser = RequestParser(keepsClientFields: reportsRequests)
    }

    /// Whether part of a request has come.
    var isInsideHead: Bool { input.readableBytes > 0 || reportLength != nil }

    /// Takes bytes from the client; after the last answer they are thrown away.
    mutating func receive(_ buffer: ByteBuffer) {
        guard !isOver else { return }
        if input.readableBytes == 0 {
            input = buffer
        } else {
            // What was answered is not kept while a client never lets the buffer run empty.
            input.discardReadBytes()
            input.writeImmutableBuffer(buffer)
        }
    }

    /// Answers as many requests as one write may hold.
    ///
    /// While the server drains, the next answer is the last. `date` is the value of Date.
    mutating func step(
        _ release: ServedRelease, isDraining: Bool, date: [UInt8],
        into output: inout ResponseOutput
    ) -> ConnectionStep {
        var answeredCount = 0
        while !isOver {
            if answeredCount >= limits.pipelinedMax || output.byteCount >= limits.writeBytesMax {
                return .flush
            }
            if let length = reportLength {
                guard input.readableBytes >= length else { return .read }
                takeReport(length, date: date, into: &output)
                continue
            }
            guard input.readableBytes > 0 else {
                // Not to keep what TLS decrypts into: it would need another for the next bytes.
                input = ByteBuffer()
                if isDraining { break }
                return .read
            }
            var parser = self.parser
            let result = parser.parse(input.readableBytesUInt8Span)
            self.parser = parser
            switch result {
            case .incomplete: return .read
            case .http2Preface: isOver = true
            case .refused(let refusal): refuse(refusal, date: date, into: &output)
            case .head(let head, let byteCount):
                input.moveReaderIndex(forwardBy: byteCount)
                requestCount += 1
                if reportsRequests { began = .now() }
                if let isAllowed, !isAllowed() {
                    refuse(.tooMany, date: date, into: &output)
                    continue
                }
                if responder.takesReports, head.method == .post, head.path == PolicyReports.path {
                    expectReport(head, date: date, into: &output)
                    continue
                }
                let keepsAlive =
                    head.keepsAlive && !isDraining
                    && requestCount < limits.requestsPerConnectionMax
                let decision = responder.begin(
                    head, release: release, keepsAlive: keepsAlive, date: date, into: &output)
                switch decision {
                case .answered(let answered):
                    finish(answered, head)
                    answeredCount += 1
                case .needsFragments(let page):
                    pending = page
                    return .fragments(page.keys)
                case .streamsEvents:
                    isOver = true
                    return .streamEvents
                }
            }
        }
        return .close
    }

    /// Writes the page that waited, with what its slots show.
    ///
    /// Call `step` again after it.
    mutating func resume(
        _ filled: [FilledSlot], date: [UInt8], into output: inout ResponseOutput
    ) {
        guard let page = pending else { return }
        pending = nil
        let answered = responder.finish(page, filled: filled, date: date, into: &output)
        let slots =
            reportsRequests
            ? zip(page.entry.entry.slots?.bindings ?? [], filled).map {
                SlotRecord(name: $0.name, outcome: $1.outcome)
            } : []
        finish(answered, page.head, slots: slots)
    }

    /// Answers an error that the connection ends with.
    mutating func refuse(
        _ refusal: Refusal, date: [UInt8], into output: inout ResponseOutput
    ) {
        let answered = lastWriter(date).error(refusal.status, into: &output)
        finish(answered, RequestHead(method: .get, path: []))
    }

    private func lastWriter(_ date: [UInt8]) -> ResponseWriter {
        ResponseWriter(isHead: false, isHTTP10: false, keepsAlive: false, date: date)
    }

    // MARK: Reports

    private mutating func expectReport(
        _ head: RequestHead, date: [UInt8], into output: inout ResponseOutput
    ) {
        guard !head.hasCodedBody, let length = head.contentLength else {
            refuse(.lengthMissing, date: date, into: &output)
            return
        }
        guard length <= PolicyReports.bytesMax else {
            refuse(.bodyTooLarge, date: date, into: &output)
            return
        }
        reportLength = length
    }

    private mutating func takeReport(
        _ length: Int, date: [UInt8], into output: inout ResponseOutput
    ) {
        reportLength = nil
        let body = input.readSlice(length: length) ?? ByteBuffer()
        if let violation = counters.reports.take(body.readableBytesUInt8Span) {
            responder.onEvent(violation)
        }
        let writer = lastWriter(date)
        writer.begin(204, room: 256, into: &output)
        writer.end(into: &output)
        finish(
            Answered(status: 204, bodyBytes: 0, coding: nil, keepsAlive: false),
            RequestHead(method: .get, path: PolicyReports.path))
    }

    /// Hands over the records collected since the last call.
    mutating func takeRecords() -> [AccessRecord] {
        defer { records = [] }
        return records
    }

    private mutating func finish(
        _ answered: Answered, _ head: RequestHead, slots: [SlotRecord] = []
    ) {
        if !answered.keepsAlive { isOver = true }
        counters.count(answered)
        if reportsRequests {
            records.append(
                AccessRecord(
                    isHead: head.method == .head,
                    path: String(decoding: head.path, as: UTF8.self), answered: answered,
                    agent: Array(head.agent ?? []),
                    referer: Array((head.referer ?? []).prefix { $0 != UInt8(ascii: "?") }),
                    slots: slots,
                    nanoseconds: began.map { Int((NIODeadline.now() - $0).nanoseconds) } ?? 0))
            began = nil
        }
        if isOver { input = ByteBuffer() }
    }
}
