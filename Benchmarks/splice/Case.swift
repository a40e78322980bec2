// One page with its fragments, stored for every placement, and the same bytes compressed whole.

import ContentEncoding

/// Fragments of the lengths that the magazine's have.
let fragments = [
    """
    <section class="trending"><h2>Trending now</h2><ol><li><a href="/looks/harbour/">Harbour \
    blue, three ways</a></li><li><a href="/looks/linen-week/">Linen week</a></li></ol></section>
    """,
    "<a class=\"bag\" href=\"/bag/\">Your bag: <b>2</b> things, 148.00</a>",
    "<p class=\"stock\">Only <b>3</b> left in size 38; restocked on the 14th of next month.</p>",
    """
    <ul class="seen"><li><a href="/looks/a/">Night market</a></li><li><a href="/looks/b/">Salt \
    and stone</a></li><li><a href="/looks/c/">Grey on grey</a></li></ul>
    """,
    "<p class=\"weather\">Rain in Lisbon, 14 degrees: <a href=\"/looks/trench/\">trench</a>.</p>",
].map { Array($0.utf8) }

/// Slots at element boundaries spread evenly over a page; fallbacks are empty.
func places(_ page: [UInt8], count: Int) -> [Int] {
    let boundaries = page.indices.filter {
        page[$0] == UInt8(ascii: "<") && $0 > 0 && page[$0 - 1] == UInt8(ascii: ">")
    }
    guard boundaries.count > count * 4 else { return [] }
    return (0..<count).map { boundaries[(2 * $0 + 1) * boundaries.count / (2 * count + 1)] }
}

/// A page with slots and what fills them.
struct Case {
    /// The page with its slots inline.
    let stored: SlottedPage
    let fills: [PreparedFragment?]
    /// The page with places that are filled from behind it.
    let late: SlottedPage
    let tail: [TailFragment]
    /// The page with its fragments and nothing else.
    let whole: [UInt8]

    /// nil if the page has too few elements.
    init?(_ page: [UInt8], slots: Int, capacity: Int = 1024) throws {
        let places = places(page, count: slots)
        guard !places.isEmpty else { return nil }
        let requests = places.map { SlotRequest(fallback: $0..<$0, capacity: capacity) }
        stored = try SlottedPage(page: page, slots: requests)
        let prepared = try fragments.prefix(slots).map { try PreparedFragment(compressing: $0) }
        fills = prepared
        tail = prepared.enumerated().map { TailFragment($0.element, to: TailPlace($0.offset)) }
        var whole: [UInt8] = []
        var marked: [UInt8] = []
        var start = 0
        for (number, place) in places.enumerated() {
            whole += page[start..<place] + fragments[number]
            marked += page[start..<place] + Array((TailPlace.start(number) + TailPlace.end).utf8)
            start = place
        }
        self.whole = whole + page[start...]
        late = try SlottedPage(page: marked + page[start...], slots: [], takesTail: true)
    }

    /// The bytes of one coding, spliced inline or with a tail.
    func spliced(_ coding: Coding, isLate: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = []
        Splice(self, coding, isLate: isLate).pieces { piece in
            piece.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}

extension SlottedPage {
    /// The stored file of one coding.
    func file(_ coding: Coding) -> [UInt8] {
        switch coding {
        case .identity: identity
        case .gzip: gzip
        case .brotli: brotli
        }
    }
}

/// One way to send a case, made ready as a server has it.
struct Splice {
    /// Emits the whole answer in pieces.
    let pieces: ((Span<UInt8>) -> Void) -> Void

    /// A stored coding.
    init(_ made: Case, _ coding: Coding, isLate: Bool = false) {
        let page = isLate ? made.late : made.stored
        let splicer = Splicer(page.layout)
        let file = page.file(coding)
        let (fills, tail) = isLate ? ([], made.tail) : (made.fills, [])
        pieces = { splicer.splice(coding, file: file.span, fills: fills, tail: tail, emit: $0) }
    }

    /// A delta with 32 zeros for the dictionary's SHA-256; nil if the page is too large.
    init?(_ made: Case, _ coding: DeltaCoding) {
        let digest = [UInt8](repeating: 0, count: 32)
        guard let delta = DeltaSplicer(made.stored.layout, dictionaryDigest: digest) else {
            return nil
        }
        let (dictionary, fills) = (made.stored.identity, made.fills)
        pieces = { delta.splice(coding, dictionary: dictionary.span, fills: fills, emit: $0) }
    }

    /// Every way by name: identity, gzip, br, tail-identity, tail-gzip, tail-br, dcb, dcz.
    static func all(_ made: Case) -> [(name: String, splice: Splice)] {
        [false, true].flatMap { isLate in
            Coding.allCases.map {
                ((isLate ? "tail-" : "") + $0.token, Splice(made, $0, isLate: isLate))
            }
        }
            + DeltaCoding.allCases.compactMap { coding in
                Splice(made, coding).map { (coding.token, $0) }
            }
    }

    /// The bytes of the answer.
    var length: Int {
        var length = 0
        pieces { length += $0.count }
        return length
    }
}
