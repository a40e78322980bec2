// Fragment records: every value either is refused, or shows its own HTML in every coding.
//
// Half of the mutated records get the checksum and hash that they should have, so that what lies
// behind those is reached: runs that are not those of their HTML.

import ContentEncoding
import Fragments
import Hashing
import TestSupport

struct RecordTarget: FuzzTarget {
    private let samples: [[UInt8]]
    private let page: SlottedPage
    private let splicer: Splicer

    init() throws {
        let item = "<li class=\"look\"><a href=\"/looks/a/\">Grün</a></li>"
        let texts = ["", "<b>1</b>", "<!-- a --><p>b</p>", String(repeating: item, count: 30)]
        samples = try texts.flatMap { text in
            let html = Array(text.utf8)
            let runs = try FragmentRuns(compressing: html)
            let parts = [
                FragmentRuns.none, runs, FragmentRuns(deflate: runs.deflate, brotli: nil),
                FragmentRuns(deflate: nil, brotli: runs.brotli),
            ]
            return try parts.map { try FragmentRecord(html, runs: $0, expiry: 1).encoded }
        }
        let text = Array(String(repeating: "<p>Paragraph.</p>", count: 40).utf8)
        page = try SlottedPage(
            page: text + text, slots: [SlotRequest(fallback: 680..<680, capacity: 4096)],
            takesTail: true, quality: 5)
        splicer = Splicer(page.layout)
    }

    func run(_ random: inout SeededGenerator) throws -> (isAccepted: Bool, fault: String?) {
        var value = samples.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            value.mutate(head: 5..<48, using: &random)
        }
        if Bool.random(using: &random) { seal(&value) }
        guard let record = try? FragmentRecord(decoding: value) else { return (false, nil) }
        guard record.encoded == value else { return (true, "it is encoded otherwise") }
        guard FragmentCheck.fault(in: record.html) == nil,
            let fragment = try? PreparedFragment(record.html, runs: record.runs),
            fragment.fits(page.layout.slots[0])
        else { return (true, nil) }
        return (true, fault(of: fragment, record.html))
    }

    /// Gives a record the checksum and hash of what it says is its HTML.
    private func seal(_ value: inout [UInt8]) {
        guard value.count >= FragmentRecord.headerBytes else { return }
        let length = value[35..<39].reversed().reduce(0) { $0 << 8 | Int($1) }
        let html = Array(value[FragmentRecord.headerBytes...].prefix(length))
        value.replaceSubrange(7..<23, with: SHA256Digest(of: html).bytes.prefix(16))
        let crc = Checksum.crc32(html.span)
        for index in 0..<4 {
            value[31 + index] = UInt8(truncatingIfNeeded: crc >> UInt32(8 * index))
        }
    }

    /// What is wrong with the page when it shows the fragment inside and behind itself.
    private func fault(of fragment: PreparedFragment, _ html: [UInt8]) -> String? {
        let slot = page.layout.slots[0]
        let filled = html + Array("<!--".utf8)
        let end = Int(slot.start + slot.capacity)
        var expected = page.identity[..<Int(slot.start)] + filled
        expected += [UInt8](repeating: 0x20, count: end - expected.count)
        expected += page.identity[end...]
        expected += Array("<template for=\"t0\">".utf8) + filled + Array("--></template>".utf8)
        let tail = [TailFragment(fragment, to: TailPlace(0))]
        for (coding, file) in [
            (Coding.identity, page.identity), (.gzip, page.gzip), (.brotli, page.brotli),
        ] {
            var bytes: [UInt8] = []
            splicer.splice(coding, file: file.span, fills: [fragment], tail: tail) { piece in
                for index in piece.indices { bytes.append(piece[index]) }
            }
            let decoded: [UInt8]? =
                switch coding {
                case .identity: bytes
                case .gzip: try? Gzip.decompress(bytes, limit: 1 << 20)
                case .brotli: try? Brotli.decompress(bytes, limit: 1 << 20)
                }
            if decoded != Array(expected) { return "\(coding) does not decode to the page" }
        }
        return nil
    }
}
