// One connection as a state machine: bytes in, answers out, no socket.
//
// Requests are answered strictly in order. While a page waits for fragments nothing behind it is
// looked at, so a client that pipelines cannot make the server hold many pages at once.

import AccessRecords
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
    /// The bytes of these, then `resume`.
    case pieces([StoredPiece])
    /// Write what was collected, send this body to its end, then call `step` again.
    case body(AnswerBody)
    /// Write what was collected, then close.
    case close
}

/// The state of one connection.
struct HTTPConnection {
    /// What has to come before the next answer.
    private enum Waiting {
        case forNothing
        case forFragments(PendingPage)
        /// For stored bytes; the fragments are known.
        case forPiecesOf(PendingPage, [FilledSlot])
        case forPieces(RequestHead, ServedRelease, keepsAlive: Bool)
    }

    private let responder: Responder
    private let limits: ServingLimits
    private let counters: LoopCounters
    /// Whether the client may ask again; nil if nobody counts.
    private let isAllowed: (() -> Bool)?
    private var parser: RequestParser
    /// What is not answered yet.
    private(set) var input = ByteBuffer()
    private var waiting = Waiting.forNothing
    /// What was read for the answer that waits.
    private var hand = AtHand()
    /// The body that is still to come or to be read.
    private var posted: PostedBody?
    /// When the last head was whole; nil before it is.
    private var began: NIODeadline?
    /// The line of the last request, if the journal wants it.
    private var line = SentLine()
    private var requestCount = 0
    private var isOver = false
    /// Where answers are noted, and whose they are; nil for nowhere.
    private let journal: (AccessJournal, JournalClient)?
    private let wantsLines: Bool
    private let isStream: Bool

    init(
        _ responder: Responder, limits: ServingLimits, counters: LoopCounters,
        journal: (AccessJournal, JournalClient)? = nil, isStream: Bool = false,
        isAllowed: (() -> Bool)? = nil
    ) {
        self.responder = responder
        self.limits = limits
        self.counters = counters
        self.journal = journal
        self.isStream = isStream
        self.isAllowed = isAllowed
        wantsLines = journal?.0.wantsLines ?? false
        parser = RequestParser(keeping: journal?.0.keptFields ?? .none)
    }

    /// Whether part of a request has come.
    var isInsideHead: Bool { input.readableBytes > 0 || posted != nil }

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
    /// While the server drains, the next answer is the last. `common` are the lines that every
    /// answer begins with.
    mutating func step(
        _ release: ServedRelease, isDraining: Bool, common: FieldLines,
        into output: inout ResponseOutput
    ) -> ConnectionStep {
        var answeredCount = 0
        while !isOver {
            if answeredCount >= limits.pipelinedMax || output.byteCount >= limits.pipelinedBytesMax
            {
                return .flush
            }
            if let posted {
                guard input.readableBytes >= posted.length else { return .read }
                take(posted, release, common: common, into: &output)
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
            if wantsLines, result != .incomplete { keepLine() }
            switch result {
            case .incomplete: return .read
            case .http2Preface: isOver = true
            case .refused(let refusal): refuse(refusal, common: common, into: &output)
            case .head(let head, let byteCount):
                input.moveReaderIndex(forwardBy: byteCount)
                requestCount += 1
                if journal != nil { began = .now() }
                if let isAllowed, !isAllowed() {
                    refuse(.tooMany, common: common, into: &output)
                    continue
                }
                if head.method == .post, let kind = responder.takesPost(head) {
                    expect(kind, head, common: common, into: &output)
                    continue
                }
                let keepsAlive =
                    head.keepsAlive && !isDraining
                    && requestCount < limits.requestsPerConnectionMax
                let decision = responder.begin(head, release: release, keepsAlive: keepsAlive)
                answeredCount += 1
                if let step = take(
                    decision, of: head, release, keepsAlive: keepsAlive, common, &output)
                {
                    return step
                }
            }
        }
        return .close
    }

    /// Goes on with the page that waited, with what its slots show.
    ///
    /// - Returns: what it needs next; call `step` again if that is nothing.
    mutating func resume(
        _ filled: [FilledSlot], common: FieldLines, into output: inout ResponseOutput
    ) -> ConnectionStep? {
        guard case .forFragments(let page) = waiting else { return nil }
        return finish(page, filled, common, &output)
    }

    /// Goes on with the answer that waited for stored bytes; all of them are here.
    ///
    /// - Returns: what it needs next; call `step` again if that is nothing.
    mutating func resume(
        _ read: [ReadPiece], common: FieldLines, into output: inout ResponseOutput
    ) -> ConnectionStep? {
        for piece in read { hand.add(piece) }
        switch waiting {
        case .forPiecesOf(let page, let filled): return finish(page, filled, common, &output)
        case .forPieces(let head, let release, let keepsAlive):
            let decision = responder.begin(
                head, release: release, keepsAlive: keepsAlive, hand)
            return take(decision, of: head, release, keepsAlive: keepsAlive, common, &output)
        case .forNothing, .forFragments: return nil
        }
    }

    private mutating func finish(
        _ page: PendingPage, _ filled: [FilledSlot], _ common: FieldLines,
        _ output: inout ResponseOutput
    ) -> ConnectionStep? {
        switch responder.finish(page, filled: filled, hand) {
        case .needsPieces(let pieces):
            waiting = .forPiecesOf(page, filled)
            return .pieces(pieces)
        case .answered(let answer):
            (waiting, hand) = (.forNothing, AtHand())
            let slots =
                journal == nil
                ? []
                : zip(page.slots.bindings, filled).map {
                    SlotRecord(fragment: $0.name, outcome: $1.outcome)
                }
            return write(answer, to: page.head, page.release, slots: slots, common, &output)
        case .needsFragments: return nil
        }
    }

    private mutating func take(
        _ decision: Decision, of head: RequestHead, _ release: ServedRelease, keepsAlive: Bool,
        _ common: FieldLines, _ output: inout ResponseOutput
    ) -> ConnectionStep? {
        switch decision {
        case .answered(let answer):
            if case .forPieces = waiting { (waiting, hand) = (.forNothing, AtHand()) }
            return write(answer, to: head, release, common, &output)
        case .needsFragments(let page):
            waiting = .forFragments(page)
            return .fragments(page.keys)
        case .needsPieces(let pieces):
            waiting = .forPieces(head, release, keepsAlive: keepsAlive)
            return .pieces(pieces)
        }
    }

    /// Writes an answer, or as much of it as one write may hold.
    private mutating func write(
        _ answer: Answer, to head: RequestHead, _ release: ServedRelease,
        slots: [SlotRecord] = [], _ common: FieldLines, _ output: inout ResponseOutput
    ) -> ConnectionStep? {
        let rest = output.write(answer, common: common)
        finish(answer, head, release, slots: slots)
        return rest.map { .body($0) }
    }

    /// Takes the line that the input begins with, into the room of the last one.
    private mutating func keepLine() {
        var line = SentLine()
        swap(&line, &self.line)
        line.read(input.readableBytesUInt8Span)
        self.line = line
    }

    /// Answers an error that the connection ends with.
    mutating func refuse(
        _ refusal: Refusal, common: FieldLines, into output: inout ResponseOutput
    ) {
        if wantsLines, refusal == .tooSlow, posted == nil {
            keepLine()
        }
        last(Self.lastMaker.error(refusal.status), nil, common, &output)
    }

    private static let lastMaker = AnswerMaker(isHead: false, isHTTP10: false, keepsAlive: false)

    /// Writes an answer that the connection ends with, and that is short.
    private mutating func last(
        _ answer: Answer, _ head: RequestHead?, _ common: FieldLines,
        _ output: inout ResponseOutput
    ) {
        _ = output.write(answer, common: common)
        finish(answer, head, nil)
    }

    // MARK: Bodies

    private mutating func expect(
        _ kind: PostedBody.Kind, _ head: RequestHead, common: FieldLines,
        into output: inout ResponseOutput
    ) {
        let length: Int
        switch PostedBody.length(of: kind, head) {
        case .success(let known): length = known
        case .failure(let refused) where kind == .reports:
            return refuse(refused.refusal, common: common, into: &output)
        // Whoever sends another beacon learns nothing.
        case .failure: return last(Self.lastMaker.answer(204), head, common, &output)
        }
        posted = PostedBody(kind: kind, head: head, length: length)
        // RFC 9110 section 10.1.1: a client that waits for a word before its body gets one.
        if head.expectsContinue, input.readableBytes < length {
            output.writeContinue()
        }
    }

    private mutating func take(
        _ posted: PostedBody, _ release: ServedRelease, common: FieldLines,
        into output: inout ResponseOutput
    ) {
        self.posted = nil
        let body = input.readSlice(length: posted.length) ?? ByteBuffer()
        let bytes = body.readableBytesUInt8Span
        if posted.kind == .reports, let violation = counters.reports.take(bytes) {
            responder.onEvent(violation)
        }
        if let (journal, client) = journal {
            journal.recorder?.record(posted, bytes, release, client, journal.options)
        }
        last(Self.lastMaker.answer(204), posted.head, common, &output)
    }

    private mutating func finish(
        _ answer: Answer, _ head: RequestHead?, _ release: ServedRelease?,
        slots: [SlotRecord] = []
    ) {
        let answered = answer.answered
        if !answered.keepsAlive { isOver = true }
        counters.count(answered)
        if let (journal, client) = journal {
            journal.note(
                answer, to: head, line, slots: slots, release, client, isStream: isStream,
                nanoseconds: began.map { Int((NIODeadline.now() - $0).nanoseconds) } ?? 0)
            began = nil
        }
        if isOver { input = ByteBuffer() }
    }
}
