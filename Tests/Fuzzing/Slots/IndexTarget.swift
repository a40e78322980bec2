// The slot index in a manifest: whatever is accepted can be spliced without a trap.
//
// Segments of manifests are mutated, which have no digest of their own. The files behind an
// accepted entry are as long as it says, and hold anything: only lengths and places are the
// index's promise.

import ContentEncoding
import Hashing
import ReleaseFormat
import Spooling
import TestSupport

struct IndexTarget: FuzzTarget {
    private let bodies: [[UInt8]]
    private let fills: [PreparedFragment]

    /// Larger files are not made up.
    private static let fileBytesMax = 1 << 20

    init() throws {
        bodies = try [[1, 0], [3, 0], [0, 2], [2, 1]].map { counts in
            var builder = ManifestBuilder(spoolingIn: SpoolFolder(path: "/tmp"))
            try builder.add(try Self.entry(slots: counts[0], places: counts[1]))
            return try Manifest(builder.finish(hasTree: false)).segmentBytes[0]
        }
        let texts = ["", "<b>1</b>", String(repeating: "<li>look</li>", count: 20)]
        fills = try texts.map { try PreparedFragment(compressing: Array($0.utf8)) }
    }

    private static func entry(slots: Int, places: Int) throws -> Entry {
        let text = Array(String(repeating: "<p>Paragraph.</p>", count: 20).utf8)
        let page = try SlottedPage(
            page: text,
            slots: (0..<slots).map { SlotRequest(fallback: 17 * $0..<17 * ($0 + 1)) },
            takesTail: places > 0, quality: 5)
        let names = (0..<(slots + places)).map { "n\($0)" }
        return Entry(
            path: "/", kind: .page, contentType: "text/html", cachePolicy: .revalidate,
            headers: HeaderBlock([]),
            representations: [
                (Coding.identity, page.identity), (.gzip, page.gzip), (.brotli, page.brotli),
            ].map { Representation(coding: $0, blob: BlobID(of: $1), length: $1.count) },
            slots: SlotTable(
                layout: page.layout,
                bindings: names.map { SlotBinding(name: $0, key: "", scope: .shared) }),
            source: EntrySource(view: "v", key: ""))
    }

    func run(_ random: inout SeededGenerator) throws -> (isAccepted: Bool, fault: String?) {
        var body = bodies.randomElement(using: &random) ?? []
        // The record is the end of the body, and the slots are the end of the record.
        let head = body.count / 2..<body.count
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            body.mutate(head: head, using: &random)
        }
        guard let manifest = try? Manifest(segment: body) else {
            return (false, nil)
        }
        for index in 0..<manifest.count {
            let entry = manifest.entry(at: index)
            if let slots = entry.slots { splice(entry, slots, &random) }
        }
        return (true, nil)
    }

    /// Splices with random fills in every coding; a trap is the finding.
    private func splice(_ entry: Entry, _ slots: SlotTable, _ random: inout SeededGenerator) {
        guard entry.representations.allSatisfy({ $0.length <= Self.fileBytesMax }) else { return }
        let splicer = Splicer(slots.layout)
        let chosen = slots.layout.slots.map { slot -> PreparedFragment? in
            fills.randomElement(using: &random).flatMap { $0.fits(slot) ? $0 : nil }
        }
        let tail = (0..<slots.tailCount).map { number in
            TailFragment(fills[number % fills.count], to: TailPlace(number))
        }
        for form in entry.representations where slots.layout.runs(form.coding) != nil {
            let file = [UInt8](repeating: 0x41, count: form.length)
            var count = 0
            splicer.splice(form.coding, file: file.span, fills: chosen, tail: tail) {
                count += $0.count
            }
            let length = splicer.splicedLength(
                form.coding, fileLength: file.count, fills: chosen, tail: tail)
            precondition(count == length, "a splice is as long as was said")
        }
        let digest = [UInt8](repeating: 0, count: 32)
        guard let delta = DeltaSplicer(slots.layout, dictionaryDigest: digest) else { return }
        let dictionary = [UInt8](repeating: 0x41, count: Int(slots.layout.length))
        for coding in DeltaCoding.allCases {
            delta.splice(
                coding, dictionary: dictionary.span, fills: chosen, tail: tail
            ) { _ in }
        }
    }
}
