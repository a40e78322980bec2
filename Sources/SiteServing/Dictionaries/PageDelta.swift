// One answer as a delta against the dictionary that the client holds.
//
// The dictionary is the page's identity file of this release, or of an earlier one if only
// fallbacks and capacities differ: then static text is still copied from it, and a fallback only
// where it is the same. Whatever does not hold gives nil, and the page is sent as it is stored.

import ContentEncoding
import Groundwork
import Hashing
import NIOCore
import ReleaseFormat
import Synchronization

/// How a page is made from one dictionary.
struct DeltaPlan: Sendable {
    /// The dictionary's own layout.
    let layout: SlottedLayout
    /// The dictionary.
    let representation: Representation
    /// The release that has the dictionary's file.
    let reader: ReleaseReader
    /// One for each slot: whether the dictionary's fallback is the page's.
    let hasFallback: [Bool]
}

/// A page and a dictionary that were found to go together.
struct PageDelta: Sendable {
    private let plan: DeltaPlan
    private let splicer: DeltaSplicer
    /// The codings to choose from, of equal weight, at least one.
    let codings: [DeltaCoding]
    /// Whether the client holds the newest dictionary.
    let isCurrent: Bool

    init?(_ plan: DeltaPlan, codings: [DeltaCoding], isCurrent: Bool) {
        guard plan.representation.length == Int(plan.layout.length),
            let splicer = DeltaSplicer(
                plan.layout, dictionaryDigest: plan.representation.blob.bytes)
        else { return nil }
        self.plan = plan
        self.splicer = splicer
        self.codings = codings
        self.isCurrent = isCurrent
    }

    /// The dictionary's stored bytes, which only writing needs.
    var dictionary: StoredPiece { StoredFile(plan.representation, of: plan.reader).whole }

    /// The shortest coding and its length; nil if none is shorter than `limit` or these fills
    /// cannot be shown with this dictionary, whose bytes do not matter: only how many there are.
    func choice(
        _ fills: SlotFills, below limit: Int, dictionary: SharedBytes?
    ) -> (DeltaCoding, length: Int)? {
        for (index, fill) in fills.prepared.enumerated() {
            guard let fill else {
                if plan.hasFallback[index] { continue }
                return nil
            }
            guard fill.fits(plan.layout.slots[index]) else { return nil }
        }
        let buffer =
            dictionary?.buffer ?? ByteBuffer(repeating: 0, count: plan.representation.length)
        var best: (DeltaCoding, length: Int)?
        for coding in codings {
            let length = splicer.splicedLength(
                coding, dictionary: buffer.readableBytesUInt8Span, fills: fills.prepared,
                tail: fills.tail)
            if length < best?.length ?? limit { best = (coding, length) }
        }
        return best
    }

    /// Emits the body in pieces that are borrowed.
    func write(
        _ coding: DeltaCoding, _ fills: SlotFills, dictionary: SharedBytes,
        to emit: (Span<UInt8>) -> Void
    ) {
        let bytes = dictionary.buffer
        splicer.splice(
            coding, dictionary: bytes.readableBytesUInt8Span, fills: fills.prepared,
            tail: fills.tail, emit: emit)
    }

    /// The head of the answer.
    func head(_ coding: DeltaCoding, of entry: ServedEntry) -> AnswerHead {
        // Who holds the newest dictionary needs no link to it.
        entry.head(token: coding.token, hasLink: !isCurrent)
    }

    /// The tag without its closing quote: the page, the dictionary and the coding.
    func tagPrefix(_ coding: DeltaCoding, of entry: ServedEntry) -> [UInt8] {
        let base = SHA256Digest(of: entry.entry.digest.bytes + plan.representation.blob.bytes)
        return Array("\"\(base.base64URL(prefix: 22))-\(coding.token)\(entry.tagMark)".utf8)
    }
}

extension ServedRelease {
    /// The delta for what a client holds and accepts; nil if the page is to be sent as stored.
    func delta(
        _ entry: ServedEntry, for head: RequestHead, insteadOf coding: Coding, _ hand: AtHand
    ) throws(Unready) -> PageDelta? {
        guard let offer = entry.dictionary,
            let digest = AvailableDictionary.digest(head.availableDictionary)
        else { return nil }
        let codings = Negotiation.deltas(accepting: head.acceptEncoding, insteadOf: coding)
        let isCurrent = digest == offer.representation.blob
        guard !codings.isEmpty,
            let plan = isCurrent
                ? DeltaPlan(
                    layout: offer.layout, representation: offer.representation, reader: reader,
                    hasFallback: offer.layout.slots.map { _ in true })
                : try earlierPlan(entry, offer, digest, hand)
        else { return nil }
        return PageDelta(plan, codings: codings, isCurrent: isCurrent)
    }

    /// The entry and release with the dictionary of a path, this release's or an earlier one's.
    func dictionary(
        ofPath path: [UInt8]
    ) -> (entry: Entry, blob: BlobID, reader: ReleaseReader)? {
        guard let (name, page) = PageDictionary.parts(ofPath: path) else { return nil }
        for reader in [reader] + earlier {
            guard let (entry, dictionary) = Self.dictionary(ofPage: page, in: reader),
                PageDictionary.name(dictionary.representation.blob).elementsEqual(name)
            else { continue }
            return (entry, dictionary.representation.blob, reader)
        }
        return nil
    }

    private static func dictionary(
        ofPage path: [UInt8], in reader: ReleaseReader
    ) -> (Entry, PageDictionary)? {
        guard let index = reader.manifest.index(ofPath: path.span) else { return nil }
        let entry = reader.manifest.entry(at: index)
        return PageDictionary(entry, isHTML: ServedEntry.isHTML(entry)).map { (entry, $0) }
    }

    /// Compares a page with its earlier form, once for each that a client names.
    private func earlierPlan(
        _ entry: ServedEntry, _ offer: PageDictionary, _ digest: SHA256Digest, _ hand: AtHand
    ) throws(Unready) -> DeltaPlan? {
        guard entry.slots != nil else { return nil }
        let path = Array(entry.entry.path.utf8)
        for reader in earlier {
            guard let (_, old) = Self.dictionary(ofPage: path, in: reader),
                old.representation.blob == digest
            else { continue }
            let key = PlanKey(path: path, digest: digest)
            if let known = plans.withLock({ $0.value(key) }) { return known.plan }
            guard
                let bytes = try readable(offer.representation, of: self.reader, hand),
                let oldBytes = try readable(old.representation, of: reader, hand)
            else { return nil }
            let plan = Self.fallbacks(
                bytes.buffer, offer.layout, oldBytes.buffer, old.layout
            ).map {
                DeltaPlan(
                    layout: old.layout, representation: old.representation, reader: reader,
                    hasFallback: $0)
            }
            plans.withLock {
                $0.insert(KnownPlan(plan: plan), for: key, cost: 512 + path.count)
            }
            return plan
        }
        return nil
    }

    /// The bytes of a stored page; nil if it cannot be read, and is then no dictionary.
    private func readable(
        _ form: Representation, of reader: ReleaseReader, _ hand: AtHand
    ) throws(Unready) -> SharedBytes? {
        do throws(Unready) {
            return try bytes(StoredFile(form, of: reader).whole, hand)
        } catch .unreadable {
            return nil
        }
    }

    /// Which fallbacks are the same in both pages; nil if their static text is not.
    private static func fallbacks(
        _ page: ByteBuffer, _ layout: SlottedLayout, _ old: ByteBuffer, _ oldLayout: SlottedLayout
    ) -> [Bool]? {
        guard page.readableBytes == Int(layout.length),
            old.readableBytes == Int(oldLayout.length),
            layout.slots.count == oldLayout.slots.count
        else { return nil }
        let (page, old) = (page.readableBytesView, old.readableBytesView)
        func bytes(_ view: ByteBufferView, _ range: Range<UInt32>) -> ByteBufferView {
            view[view.startIndex + Int(range.lowerBound)..<view.startIndex + Int(range.upperBound)]
        }
        for (run, oldRun) in zip(layout.identity, oldLayout.identity) {
            guard bytes(page, run).elementsEqual(bytes(old, oldRun)) else { return nil }
        }
        return zip(layout.slots, oldLayout.slots).map { slot, oldSlot in
            bytes(page, slot.start..<slot.start + slot.capacity)
                .elementsEqual(bytes(old, oldSlot.start..<oldSlot.start + oldSlot.capacity))
        }
    }
}

/// What names a comparison of a page with its earlier form.
struct PlanKey: Hashable, Sendable {
    let path: [UInt8]
    let digest: SHA256Digest
}

/// The outcome of a comparison; no plan if the static text differs.
struct KnownPlan: Sendable {
    let plan: DeltaPlan?
}
