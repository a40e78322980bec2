// Decides what a request is answered with, and writes the answer.
//
// No socket, no clock but the date it is handed, no waiting: a page with slots comes back as a
// `PendingPage` that names its fragments, and `finish` writes it once they are known or given up.
// So the status line is only written when everything behind it is certain.

package import Fragments
import ReleaseFormat
import ContentEncoding
import NIOCore

/// A page that needs fragments before it can be answered.
///
/// A class, because it is handed on several times and has much to refer to.
package final class PendingPage: Sendable {
    let head: RequestHead
    let release: ServedRelease
    let entry: ServedEntry
    let form: ServedForm
    let body: ByteBuffer
    /// How to send less, if the client holds a dictionary.
    let delta: PageDelta?
    let status: Int
    let keepsAlive: Bool
    /// When the question was asked; only counted if the answer is to tell.
    let began: NIODeadline
    /// The keys, one for each slot; nil needs no question, since it is the fallback.
    package let keys: [FragmentKey?]

    init(
        head: RequestHead, release: ServedRelease, entry: ServedEntry, form: ServedForm,
        body: ByteBuffer, delta: PageDelta?, status: Int, keepsAlive: Bool, began: NIODeadline
    ) {
        self.head = head
        self.release = release
        self.entry = entry
        self.form = form
        self.body = body
        self.delta = delta
        self.status = status
        self.keepsAlive = keepsAlive
        self.began = began
        keys = entry.fragmentKeys(for: head)
    }
}

/// What was decided.
enum Decision: Sendable {
    /// The answer is written.
    case answered(Answered)
    /// Ask for these fragments, then call `finish`.
    case needsFragments(PendingPage)
    /// The request opens the stream of development events; its head is written.
    case streamsEvents
}

/// What was answered, for the access log.
package struct Answered: Equatable, Sendable {
    /// The status code.
    package var status: Int
    /// The bytes of the body that were sent.
    package var bodyBytes: Int
    /// The token of the coding; nil if there is no body of an entry.
    package var coding: String?
    /// How many slots the page has.
    package var slotCount = 0
    /// How many of them show a fragment.
    package var filledCount = 0
    /// Whether the connection stays open.
    package var keepsAlive: Bool
}

/// Answers requests from one release.
struct Responder {
    /// The names this server answers to; empty means any.
    let hosts: Set<String>
    /// What `sitegen watch` adds; nil in production.
    let development: DevelopmentHooks?
    /// Whether pages ask browsers to report violated policies, and reports are taken.
    let takesReports: Bool
    /// Whether answers say how long their fragments took.
    let tellsTiming: Bool
    /// The pages of this event loop with their fragments in place.
    let assembled: AssembledPages
    /// Told of stored bytes that cannot be read.
    let onEvent: @Sendable (ServerEvent) -> Void

    /// Answers a request, or says what its answer needs.
    func begin(
        _ head: RequestHead, release: ServedRelease, keepsAlive: Bool, date: [UInt8],
        into output: inout ResponseOutput
    ) -> Decision {
        var writer = ResponseWriter(
            isHead: head.method == .head, isHTTP10: head.isHTTP10, keepsAlive: keepsAlive,
            date: date)
        switch head.method {
        case .unknown: return .answered(writer.error(501, into: &output))
        case .post, .notAllowed: return .answered(writer.error(405, into: &output))
        case .get, .head: break
        }
        if head.hasCodedBody { return .answered(writer.error(415, into: &output)) }
        if !hosts.isEmpty, !isServed(head.host) {
            writer.keepsAlive = false
            return .answered(writer.error(head.host == nil ? 400 : 421, into: &output))
        }
        if let development, head.path.starts(with: DevelopmentHooks.prefix) {
            return development.answer(head, writer, into: &output)
        }
        if head.path.starts(with: PageDictionary.prefix),
            let found = release.dictionary(ofPath: head.path)
        {
            return .answered(
                answerDictionary(
                    head, found.entry, found.blob, found.reader, release, writer, into: &output))
        }
        switch release.manifest.route(head.path) {
        case .entry(let index):
            return begin(head, release.entry(index), 200, release, writer, into: &output)
        case .moved(let path):
            var location = PathText.encoded(path)
            if let query = head.query { location += [UInt8(ascii: "?")] + query }
            return .answered(
                writer.redirect(
                    308, to: location, headers: [], caching: "public, no-cache", into: &output))
        case .missing(let page):
            if let found = release.earlierAsset(atPath: head.path),
                let answered = answer(head, found.entry, of: found.reader, release, writer, &output)
            {
                return .answered(answered)
            }
            guard let page else { return .answered(writer.error(404, into: &output)) }
            return begin(head, release.entry(page), 404, release, writer, into: &output)
        }
    }

    /// Writes a page whose fragments are known.
    func finish(
        _ pending: PendingPage, filled: [FilledSlot], date: [UInt8],
        into output: inout ResponseOutput
    ) -> Answered {
        guard let slots = pending.entry.entry.slots, let splicer = pending.entry.splicer else {
            preconditionFailure("only a page with slots waits for fragments")
        }
        let writer = ResponseWriter(
            isHead: pending.head.method == .head, isHTTP10: pending.head.isHTTP10,
            keepsAlive: pending.keepsAlive, date: date)
        let page = assembled.page(pending, filled.map(\.ready), splicer)
        for (slot, byteCount) in page.newOverflows {
            pending.release.tellOverflow(
                of: slots.bindings[slot].name, byteCount, slots.layout.slots[slot], to: onEvent)
        }
        if let development, pending.entry.isHTML {
            var body = ResponseOutput(copiedBodyBytesMax: page.length)
            page.write(pending, splicer, to: &body)
            return development.answer(
                body.take().flatMap { Array(buffer: $0) }, of: pending.entry,
                status: pending.status, writer, into: &output)
        }
        var answered = answer(
            pending, page, splicer, changes(pending, filled), writer, into: &output)
        answered.slotCount = slots.bindings.count
        answered.filledCount = page.fills.filledCount
        return answered
    }

    /// The header lines that what the slots show adds or changes; nil if they are as usual.
    private func changes(_ pending: PendingPage, _ filled: [FilledSlot]) -> [UInt8]? {
        guard pending.status == 200 else { return [] }
        guard !pending.entry.isPrivate else { return nil }
        let lines = CacheControl.lines(showing: filled, wall: FragmentCache.clock())
        guard tellsTiming else { return lines }
        return (lines ?? CacheControl.usual) + Self.timing(of: pending, filled)
    }

    /// Writes a page: whole as it is kept, as a delta, or as its conditions say.
    private func answer(
        _ pending: PendingPage, _ page: AssembledPage, _ splicer: Splicer, _ changes: [UInt8]?,
        _ writer: ResponseWriter, into output: inout ResponseOutput
    ) -> Answered {
        let answer = pending.form.answer
        if let whole = page.whole, changes == nil, pending.delta == nil,
            writer.sendsWhole(pending.head)
        {
            return writer.whole(whole.head, whole.body, token: answer.token, into: &output)
        }
        let varying = changes ?? (pending.entry.isPrivate ? [] : CacheControl.usual)
        if let answered = answerDelta(
            pending.delta, pending.entry, head: pending.head, fills: page.fills,
            storedTag: page.tag, varying: varying, below: page.length, writer, into: &output)
        {
            return answered
        }
        return writer.page(
            answer, status: pending.status, tag: page.tag, varying: varying,
            head: pending.head, length: page.length, into: &output
        ) { page.write(pending, splicer, to: &$0) }
    }

    /// How long the fragments of a shared page took, and how they came (Server-Timing).
    private static func timing(of pending: PendingPage, _ filled: [FilledSlot]) -> [UInt8] {
        let microseconds = Int((NIODeadline.now() - pending.began).nanoseconds / 1_000)
        let thousandths = String(microseconds % 1_000 + 1_000).dropFirst()
        let counts = SlotOutcome.allCases.compactMap { outcome in
            let count = filled.count { $0.outcome == outcome }
            return count > 0 ? "\(count) \(outcome)" : nil
        }
        return Array(
            """
            Server-Timing: fragments;dur=\(microseconds / 1_000).\(thousandths);\
            desc="\(counts.joined(separator: " "))"\r\n
            """.utf8)
    }

    private func begin(
        _ head: RequestHead, _ entry: ServedEntry, _ status: Int, _ release: ServedRelease,
        _ writer: ResponseWriter, into output: inout ResponseOutput
    ) -> Decision {
        if case .redirect(let target, let permanent) = entry.entry.kind {
            return .answered(
                writer.redirect(
                    permanent ? 308 : 307, to: Array(target.utf8),
                    headers: entry.entry.headers.rendered, caching: "public, no-cache",
                    into: &output))
        }
        let isDeveloped = development != nil && entry.isHTML
        let coding =
            isDeveloped
            ? .identity
            : Negotiation.coding(accepting: head.acceptEncoding, offers: entry.offers)
        guard let coding, let form = entry.form(coding) else {
            return .answered(writer.error(406, into: &output))
        }
        let body: ByteBuffer
        do {
            body = try release.blobs.bytes(form.representation, of: release.reader)
        } catch {
            onEvent(.storedBytesUnreadable(error))
            return .answered(writer.error(500, into: &output))
        }
        if entry.entry.slots != nil {
            let delta =
                isDeveloped || status != 200
                ? nil : release.delta(entry, for: head, insteadOf: coding)
            return .needsFragments(
                PendingPage(
                    head: head, release: release, entry: entry, form: form, body: body,
                    delta: delta, status: status, keepsAlive: writer.keepsAlive,
                    began: tellsTiming ? .now() : .uptimeNanoseconds(0)))
        }
        if let development, isDeveloped {
            return .answered(
                development.answer(
                    Array(buffer: body), of: entry, status: status, writer, into: &output))
        }
        if status == 200, writer.sendsWhole(head) {
            return .answered(
                writer.whole(form.wholeHead, body, token: form.answer.token, into: &output))
        }
        return .answered(
            writer.file(
                form.answer, status: status, tag: form.tag, head: head, body, into: &output))
    }

    /// Writes a page as a delta; nil if it is better sent as stored, or the client has it so.
    private func answerDelta(
        _ delta: PageDelta?, _ entry: ServedEntry, head: RequestHead, fills: SlotFills,
        storedTag: [UInt8], varying: [UInt8], below length: Int, _ writer: ResponseWriter,
        into output: inout ResponseOutput
    ) -> Answered? {
        guard let delta, let (coding, length) = delta.choice(fills, below: length)
        else { return nil }
        // A client that kept the stored form is told so: nothing is shorter than that.
        if head.ifNoneMatch != nil,
            ConditionalRequest.evaluate(
                ifMatch: head.ifMatch, ifNoneMatch: head.ifNoneMatch, tag: storedTag)
                == .notModified
        {
            return nil
        }
        let tag =
            delta.tagPrefix(coding, of: entry) + [UInt8(ascii: ".")] + fills.tag
            + [UInt8(ascii: "\"")]
        return writer.page(
            delta.head(coding, of: entry), status: 200, tag: tag, varying: varying, head: head,
            length: length, into: &output
        ) { delta.write(coding, fills, to: &$0) }
    }

    /// Writes a file of an earlier release; nil if it is not stored any more.
    private func answer(
        _ head: RequestHead, _ entry: Entry, of reader: ReleaseReader, _ release: ServedRelease,
        _ writer: ResponseWriter, _ output: inout ResponseOutput
    ) -> Answered? {
        let entry = ServedEntry(entry)
        guard
            let coding = Negotiation.coding(accepting: head.acceptEncoding, offers: entry.offers),
            let form = entry.form(coding)
        else { return writer.error(406, into: &output) }
        guard let body = try? release.blobs.bytes(form.representation, of: reader) else {
            return nil
        }
        return writer.file(
            form.answer, status: 200, tag: form.tag, head: head, body, into: &output)
    }

    /// Writes the identity file of a page, for clients to keep as a dictionary.
    private func answerDictionary(
        _ head: RequestHead, _ entry: Entry, _ blob: BlobID, _ reader: ReleaseReader,
        _ release: ServedRelease, _ writer: ResponseWriter, into output: inout ResponseOutput
    ) -> Answered {
        let offers = entry.representations.map {
            CodingOffer(coding: $0.coding, length: $0.length)
        }
        let forms = PageDictionary.forms(entry, blob)
        guard
            let coding = Negotiation.coding(accepting: head.acceptEncoding, offers: offers),
            let form = forms.first(where: { $0.representation.coding == coding })
        else { return writer.error(406, into: &output) }
        do {
            let body = try release.blobs.bytes(form.representation, of: reader)
            return writer.page(
                form.answer, status: 200, tag: form.tagPrefix + [UInt8(ascii: "\"")], head: head,
                length: body.readableBytes, into: &output
            ) { $0.append(body: body) }
        } catch {
            onEvent(.storedBytesUnreadable(error))
            return writer.error(500, into: &output)
        }
    }

    private func isServed(_ host: [UInt8]?) -> Bool {
        guard let host else { return false }
        let text = String(decoding: host, as: UTF8.self)
        if hosts.contains(text) { return true }
        // The port is the listener's own business: compare without it, too.
        guard let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") else { return false }
        return hosts.contains(String(text[..<colon]))
    }
}
