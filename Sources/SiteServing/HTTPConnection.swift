// One connection as a state machine: bytes in, answers out, no socket.
//
// Requests are answered strictly in order. While a page waits for fragments nothing behind it is
// looked at, so a client that pipelines cannot make the server hold many pages at once.

import Fragments
import NIOCore

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
struct HTTPConnection: Sendable {
    private let responder: Responder
    private let limits: ServingLimits
    private var parser = RequestParser()
    private var input = ByteBuffer()
    private var pending: PendingPage?
    private var requestCount = 0
    private var isOver = false
    /// The last answers, if they are to be reported.
    private(set) var records: [AccessRecord] = []
    private let reportsRequests: Bool

    init(_ responder: Responder, limits: ServingLimits, reportsRequests: Bool) {
        self.responder = responder
        self.limits = limits
        self.reportsRequests = reportsRequests
    }

    /// Whether part of a request has come.
    var isInsideHead: Bool { input.readableBytes > 0 }

    /// Takes bytes from the client; after the last answer they are thrown away.
    mutating func receive(_ buffer: ByteBuffer) {
        guard !isOver else { return }
        if input.readableBytes == 0 {
            input = buffer
        } else {
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
            guard input.readableBytes > 0 else {
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

    /// Writes the page that waited; nil is a fallback.
    ///
    /// Call `step` again after it.
    mutating func resume(
        _ fragments: [ReadyFragment?], date: [UInt8], into output: inout ResponseOutput
    ) {
        guard let page = pending else { return }
        pending = nil
        finish(
            responder.finish(page, fragments: fragments, date: date, into: &output), page.head)
    }

    /// Answers an error that the connection ends with.
    mutating func refuse(
        _ refusal: Refusal, date: [UInt8], into output: inout ResponseOutput
    ) {
        let writer = ResponseWriter(
            isHead: false, isHTTP10: false, keepsAlive: false, date: date)
        let answered = writer.error(refusal.status, into: &output)
        finish(answered, RequestHead(method: .get, path: []))
    }

    /// Hands over the records collected since the last call.
    mutating func takeRecords() -> [AccessRecord] {
        defer { records = [] }
        return records
    }

    private mutating func finish(_ answered: Answered, _ head: RequestHead) {
        if !answered.keepsAlive { isOver = true }
        if reportsRequests {
            records.append(
                AccessRecord(
                    isHead: head.method == .head,
                    path: String(decoding: head.path, as: UTF8.self), answered: answered))
        }
        if isOver { input = ByteBuffer() }
    }
}
