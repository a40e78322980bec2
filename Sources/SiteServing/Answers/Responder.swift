// Decides what a request is answered with.
//
// No socket, no clock, no waiting, no file: an answer is a value, made from the manifest as far as
// it goes. What is missing for it comes back by name, fragments as a `PendingPage` and stored bytes
// as pieces; with them it is asked again. So the status is only told when everything behind it is
// certain, and what a method, a condition or a range leaves out is never fetched.

import AccessRecords
import Fragments
import ReleaseFormat
import ContentEncoding
import NIOCore

/// What was decided.
enum Decision: Sendable {
    case answered(Answer)
    /// Ask for these fragments, then call `finish`.
    case needsFragments(PendingPage)
    /// Read these, then ask again with them at hand.
    case needsPieces([StoredPiece])
}

extension Decision {
    /// The same, made from this entry.
    func of(_ entry: ServedEntry) -> Decision {
        guard case .answered(var answer) = self else { return self }
        answer.entry = entry
        return .answered(answer)
    }
}

/// What was answered, for the access log.
struct Answered: Equatable, Sendable {
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
    /// The names this server answers to.
    let hosts: ServedHosts
    /// Who may see anything at all; nil is everybody.
    let gate: VisitorGate?
    /// Whether pages ask browsers to report violated policies, and reports are taken.
    let takesReports: Bool
    /// Whether answers are recorded: visitors may object to it, and pages may tell more.
    let isMeasuring: Bool
    /// Whether answers say how long their fragments took.
    let tellsTiming: Bool
    /// The pages of this event loop with their fragments in place.
    let assembled: AssembledPages
    /// Told of stored bytes that cannot be read.
    let onEvent: @Sendable (ServerEvent) -> Void

    /// Answers a request, or says what its answer needs.
    func begin(
        _ head: RequestHead, release: ServedRelease, keepsAlive: Bool, _ hand: AtHand = AtHand()
    ) -> Decision {
        var maker = AnswerMaker(
            isHead: head.method == .head, isHTTP10: head.isHTTP10, keepsAlive: keepsAlive)
        switch head.method {
        case .unknown: return .answered(maker.error(501))
        case .post, .notAllowed:
            let isPostOnly = takesPost(head) != nil
            return .answered(maker.error(405, allowed: isPostOnly ? "POST" : "GET, HEAD"))
        case .get, .head: break
        }
        if head.hasCodedBody { return .answered(maker.error(415)) }
        if let status = hosts.refusal(of: head) {
            maker.keepsAlive = false
            return .answered(maker.error(status, because: hosts.explanation(of: status)))
        }
        if let gate, let answer = gate.answer(head, maker) { return .answered(answer) }
        if isMeasuring, let answer = MeasuringChoice.answer(head, maker) {
            return .answered(answer)
        }
        do throws(Unready) {
            return try route(head, release, maker, hand)
        } catch {
            return decision(error, release, maker)
        }
    }

    /// The kind of body that is read at a path; nil for none.
    func takesPost(_ head: RequestHead) -> PostedBody.Kind? {
        if takesReports, head.path == PolicyReports.path { return .reports }
        guard isMeasuring, head.path == BeaconBody.path, hosts.refusal(of: head) == nil else {
            return nil
        }
        return .beacon
    }

    /// Answers a page whose fragments are known, or says what else it needs.
    func finish(
        _ pending: PendingPage, filled: [FilledSlot], _ hand: AtHand = AtHand()
    ) -> Decision {
        let maker = AnswerMaker(
            isHead: pending.head.method == .head, isHTTP10: pending.head.isHTTP10,
            keepsAlive: pending.keepsAlive)
        do throws(Unready) {
            return .answered(try page(pending, filled, maker, hand))
        } catch {
            return decision(error, pending.release, maker)
        }
    }

    private func decision(
        _ unready: Unready, _ release: ServedRelease, _ maker: AnswerMaker
    ) -> Decision {
        switch unready {
        case .missing(let pieces): return .needsPieces(pieces)
        case .unreadable(let error):
            release.tellUnreadable(error, to: onEvent)
            return .answered(maker.error(500))
        }
    }

    /// Who may keep a redirect.
    private var caching: String { gate == nil ? "public, no-cache" : "private, no-cache" }

    private func route(
        _ head: RequestHead, _ release: ServedRelease, _ maker: AnswerMaker, _ hand: AtHand
    ) throws(Unready) -> Decision {
        if gate == nil, head.path.starts(with: PageDictionary.prefix),
            let found = release.dictionary(ofPath: head.path),
            !release.withdrawals.holds(found.entry)
        {
            return .answered(
                try dictionary(head, found.entry, found.blob, found.reader, release, maker, hand))
        }
        switch release.route(head.path) {
        case .entry(let index):
            let entry = release.entry(index)
            return try self.entry(head, entry, 200, release, maker, hand).of(entry)
        case .moved(let path):
            var location = PathText.encoded(path)
            if let query = head.query { location += [UInt8(ascii: "?")] + query }
            return .answered(
                maker.redirect(308, to: location, headers: [], caching: caching))
        case .missing(let page):
            if let found = release.earlierAsset(atPath: head.path),
                let answer = try asset(head, found.entry, of: found.reader, release, maker, hand)
            {
                return .answered(answer)
            }
            guard let page else { return .answered(maker.error(404)) }
            return try entry(head, release.entry(page), 404, release, maker, hand)
        }
    }

    private func entry(
        _ head: RequestHead, _ entry: ServedEntry, _ status: Int, _ release: ServedRelease,
        _ maker: AnswerMaker, _ hand: AtHand
    ) throws(Unready) -> Decision {
        switch entry.entry.kind {
        case .redirect(let target, let status):
            return .answered(
                maker.redirect(
                    status, to: Array(target.utf8),
                    headers: entry.lines, caching: caching))
        case .gone:
            guard let page = release.manifest.notFound else { return .answered(maker.error(410)) }
            return try self.entry(head, release.entry(page), 410, release, maker, hand)
        case .page, .file, .asset, .notFound: break
        }
        let coding = Negotiation.coding(accepting: head.acceptEncoding, offers: entry.offers)
        guard let coding, let form = entry.form(coding) else {
            // What does not exist does not exist in any coding.
            return .answered(maker.error(status == 200 ? 406 : status))
        }
        if let slots = entry.slots {
            return .needsFragments(
                PendingPage(
                    head: head, release: release, entry: entry, slots: slots, form: form,
                    status: status, keepsAlive: maker.keepsAlive,
                    began: tellsTiming ? .now() : .uptimeNanoseconds(0)))
        }
        if status == 200, !head.isConditional {
            let body = maker.isHead ? .none : try release.whole(form.representation, hand)
            return .answered(
                maker.whole(
                    form.wholeHead, token: form.answer.token, length: form.representation.length,
                    body))
        }
        let file = StoredFile(form.representation, of: release.reader)
        return .answered(
            try maker.file(form, status: status, head: head) { parts throws(Unready) in
                try release.body(file, parts, hand)
            })
    }

    /// A file of an earlier release; nil if it is not stored any more.
    private func asset(
        _ head: RequestHead, _ entry: Entry, of reader: ReleaseReader, _ release: ServedRelease,
        _ maker: AnswerMaker, _ hand: AtHand
    ) throws(Unready) -> Answer? {
        let entry = release.ready(entry)
        guard
            let coding = Negotiation.coding(accepting: head.acceptEncoding, offers: entry.offers),
            let form = entry.form(coding)
        else { return maker.error(406) }
        let file = StoredFile(form.representation, of: reader)
        do throws(Unready) {
            var answer = try maker.file(form, status: 200, head: head) { parts throws(Unready) in
                try release.body(file, parts, hand)
            }
            answer.entry = entry
            return answer
        } catch .unreadable {
            return nil
        }
    }

    /// The identity file of a page, for clients to keep as a dictionary.
    private func dictionary(
        _ head: RequestHead, _ entry: Entry, _ blob: BlobID, _ reader: ReleaseReader,
        _ release: ServedRelease, _ maker: AnswerMaker, _ hand: AtHand
    ) throws(Unready) -> Answer {
        let offers = entry.representations.map {
            CodingOffer(coding: $0.coding, length: $0.length)
        }
        let forms = PageDictionary.forms(entry, blob)
        guard
            let coding = Negotiation.coding(accepting: head.acceptEncoding, offers: offers),
            let form = forms.first(where: { $0.representation.coding == coding })
        else { return maker.error(406) }
        let file = StoredFile(form.representation, of: reader)
        return try maker.page(
            form.answer, status: 200, tag: form.tag, head: head, length: file.length
        ) { () throws(Unready) in
            try release.body(file, [.stored(0..<file.length)], hand)
        }
    }
}
