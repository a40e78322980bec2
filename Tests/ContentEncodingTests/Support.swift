// What the tests of this module share: splicing into an array, and pages put together by hand.
//
// Nothing here uses the code under test to say what is right.

import ContentEncoding

extension Splicer {
    /// The pieces of a splice in one array.
    func joined(
        _ coding: Coding, _ file: [UInt8], _ fills: [PreparedFragment?],
        tail: [TailFragment] = []
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        splice(coding, file: file.span, fills: fills, tail: tail) { piece in
            piece.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}

/// A page of repeating markup, so that text behind a slot refers to text before it.
func sentences(_ count: Int) -> String {
    (0..<count).map { "<li class=\"look\"><a href=\"/looks/\($0)/\">Look no. \($0)</a></li>\n" }
        .joined()
}

/// A page with slots spread evenly over it, and where their fallbacks are.
func page(slots: Int, lines: Int = 60, fallback: String = "<p>Soon</p>") -> (
    bytes: [UInt8], fallbacks: [Range<Int>]
) {
    var bytes = Array("<!DOCTYPE html><title>Looks</title>".utf8)
    var fallbacks: [Range<Int>] = []
    for _ in 0..<slots {
        bytes += Array(sentences(lines).utf8)
        fallbacks.append(bytes.count..<(bytes.count + fallback.utf8.count))
        bytes += Array(fallback.utf8)
    }
    bytes += Array(sentences(lines).utf8) + Array("</html>\n".utf8)
    return (bytes, fallbacks)
}

/// What a page must decode to, put together without any of the code under test.
func expected(
    _ page: [UInt8], _ slots: [SlotRequest], _ fills: [[UInt8]?]
) -> [UInt8] {
    var bytes: [UInt8] = []
    var position = 0
    for (slot, fill) in zip(slots, fills) {
        bytes += page[position..<slot.fallback.lowerBound]
        let text = (fill ?? Array(page[slot.fallback])) + Array("<!--".utf8)
        bytes += text + [UInt8](repeating: 0x20, count: slot.capacity - text.count)
        bytes += Array("-->".utf8)
        position = slot.fallback.upperBound
    }
    return bytes + page[position...]
}
