// Answers of pages whose fragments are known: whole as they are kept, as a delta, or as conditions
// say.
//
// Tag and length follow from the manifest and the fragments alone, so HEAD, 304 and 412 read no
// stored byte. A page that others will ask for is put together once and kept; one that depends on
// its visitor is put together while it is written.

import AccessRecords
import ContentEncoding
import Fragments
import NIOCore
import ReleaseFormat

extension Responder {
    /// The answer of a page with these fragments.
    func page(
        _ pending: PendingPage, _ filled: [FilledSlot], _ maker: AnswerMaker, _ hand: AtHand
    ) throws(Unready) -> Answer {
        let slots = pending.slots
        let page = assembled.page(pending, filled)
        for (slot, byteCount) in page.newOverflows {
            pending.release.tellOverflow(
                of: slots.bindings[slot].name, byteCount, slots.splicer.layout.slots[slot],
                to: onEvent)
        }
        var answer = try self.page(
            pending, page, changes(pending, filled), maker, hand)
        answer.entry = pending.entry
        answer.slotCount = slots.bindings.count
        answer.filledCount = page.fills.filledCount
        return answer
    }

    private func page(
        _ pending: PendingPage, _ page: AssembledPage, _ changes: [UInt8]?, _ maker: AnswerMaker,
        _ hand: AtHand
    ) throws(Unready) -> Answer {
        let (head, release, answer) = (pending.head, pending.release, pending.form.answer)
        let takesDelta = pending.status == 200 && head.availableDictionary != nil
        if let whole = page.whole, changes == nil, !takesDelta, !head.isConditional {
            return maker.whole(
                whole.head, token: answer.token, length: page.length, .shared(whole.body))
        }
        let varying = changes ?? (pending.entry.isPrivate ? [] : CacheControl.usual)
        // A client that kept the stored form is told so: nothing is shorter than that.
        if let early = maker.conditional(
            answer, status: pending.status, tag: page.tag, varying: varying, head: head),
            early.status == 304
        {
            return early
        }
        if takesDelta,
            let delta = try self.delta(pending, page, varying: varying, maker, hand)
        {
            return delta
        }
        return try maker.page(
            answer, status: pending.status, tag: page.tag, varying: varying, head: head,
            length: page.length
        ) { () throws(Unready) in
            if let whole = page.whole { return .shared(whole.body) }
            let spliced = SplicedBody(
                splicer: pending.slots.splicer, coding: pending.form.representation.coding,
                stored: try release.bytes(pending.stored, hand), fills: page.fills)
            guard !pending.slots.isPrivate else { return .splice(spliced) }
            return .shared(assembled.keep(page, pending, spliced))
        }
    }

    /// The page as what differs from the client's dictionary; nil if it is better sent as stored.
    private func delta(
        _ pending: PendingPage, _ page: AssembledPage, varying: [UInt8], _ maker: AnswerMaker,
        _ hand: AtHand
    ) throws(Unready) -> Answer? {
        let release = pending.release
        guard
            let delta = try release.delta(
                pending.entry, for: pending.head,
                insteadOf: pending.form.representation.coding, hand),
            let (coding, length) = delta.choice(
                page.fills, below: page.length,
                dictionary: release.blobs.kept(delta.dictionary.key))
        else { return nil }
        let tag =
            delta.tagPrefix(coding, of: pending.entry) + [UInt8(ascii: ".")] + page.fills.tag
            + [UInt8(ascii: "\"")]
        do throws(Unready) {
            return try maker.page(
                delta.head(coding, of: pending.entry), status: 200, tag: tag, varying: varying,
                head: pending.head, length: length
            ) { () throws(Unready) in
                .delta(
                    DeltaBody(
                        delta: delta, coding: coding, fills: page.fills,
                        dictionary: try release.bytes(delta.dictionary, hand)))
            }
        } catch .unreadable {
            return nil
        }
    }

    /// The header lines that what the slots show adds or changes; nil if they are as usual.
    private func changes(_ pending: PendingPage, _ filled: [FilledSlot]) -> [UInt8]? {
        guard pending.status == 200 else { return [] }
        guard !pending.entry.isPrivate else { return nil }
        let lines = CacheControl.lines(showing: filled, wall: PreparedFragments.clock())
        guard tellsTiming else { return lines }
        return (lines ?? CacheControl.usual) + Self.timing(of: pending, filled)
    }

    /// How long the fragments of a shared page took, and how they came (Server-Timing).
    private static func timing(of pending: PendingPage, _ filled: [FilledSlot]) -> [UInt8] {
        let microseconds = Int((NIODeadline.now() - pending.began).nanoseconds / 1_000)
        let thousandths = String(microseconds % 1_000 + 1_000).dropFirst()
        let counts = SlotOutcome.allCases.compactMap { outcome in
            let count = filled.count { $0.outcome == outcome }
            return count > 0 ? "\(count) \(outcome.name)" : nil
        }
        return Array(
            """
            Server-Timing: fragments;dur=\(microseconds / 1_000).\(thousandths);\
            desc="\(counts.joined(separator: " "))"\r\n
            """.utf8)
    }
}
