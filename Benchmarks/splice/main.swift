// Measures what slots cost: bytes over the same page compressed whole, and time for each splice.
//
// `SpliceBenchmark sizes <html files>` prints a table of sizes, `SpliceBenchmark cost <html file>`
// nanoseconds, `SpliceBenchmark files <html file> <folder>` writes spliced pages to be tried in
// other decoders, `SpliceBenchmark loop <coding> <count> <html file>` only splices, for callgrind.

import ContentEncoding
import Foundation

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

/// One page with its fragments, stored.
struct Case {
    let stored: SlottedPage
    let fills: [PreparedFragment?]
    let whole: [UInt8]

    init?(_ page: [UInt8], slots: Int, capacity: Int = 1024) throws {
        let places = places(page, count: slots)
        guard !places.isEmpty else { return nil }
        let requests = places.map { SlotRequest(fallback: $0..<$0, capacity: capacity) }
        stored = try SlottedPage(page: page, slots: requests)
        fills = try fragments.prefix(slots).map { try PreparedFragment(compressing: $0) }
        var whole: [UInt8] = []
        var start = 0
        for (place, fragment) in zip(places, fragments) {
            whole += page[start..<place] + fragment
            start = place
        }
        self.whole = whole + page[start...]
    }

    func file(_ coding: Coding) -> [UInt8] {
        switch coding {
        case .identity: stored.identity
        case .gzip: stored.gzip
        case .brotli: stored.brotli
        }
    }
}

func percent(_ count: Int, over whole: Int) -> String {
    let tenths = Int((1000 * Double(count - whole) / Double(whole)).rounded())
    return "\(tenths < 0 ? "−" : "+")\(abs(tenths) / 10).\(abs(tenths) % 10) %"
}

func sizes(_ files: [String]) throws {
    print("| page | plain | br 11 | 1 | 2 | 3 | 5 | gzip 9 | 1 | 2 | 3 | 5 |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for file in files {
        let page = try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))
        var brotli: [String] = []
        var gzip: [String] = []
        var first: (brotli: Int, gzip: Int) = (0, 0)
        for slots in [1, 2, 3, 5] {
            guard let made = try Case(page, slots: slots) else { continue }
            let splicer = Splicer(made.stored.layout)
            let wholes = (
                brotli: try Brotli.compress(made.whole).count,
                gzip: try Gzip.compress(made.whole).count
            )
            if slots == 1 { first = wholes }
            func spliced(_ coding: Coding) -> Int {
                splicer.splicedLength(
                    coding, fileLength: made.file(coding).count, fills: made.fills)
            }
            brotli.append(percent(spliced(.brotli), over: wholes.brotli))
            gzip.append(percent(spliced(.gzip), over: wholes.gzip))
        }
        let cells =
            [file.split(separator: "/").suffix(2).joined(separator: "/"), "\(page.count)"]
            + ["\(first.brotli)"] + brotli + ["\(first.gzip)"] + gzip
        print("| \(cells.joined(separator: " | ")) |")
    }
}

/// Splices into one buffer, so that a copy of every byte is counted.
func splice(_ made: Case, _ splicer: Splicer, _ coding: Coding, _ file: [UInt8], times: Int) -> Int
{
    var buffer: [UInt8] = []
    buffer.reserveCapacity(made.stored.identity.count + 4096)
    var total = 0
    for _ in 0..<times {
        buffer.removeAll(keepingCapacity: true)
        splicer.splice(coding, file: file.span, fills: made.fills) { piece in
            piece.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
        }
        total &+= buffer.count
    }
    return total
}

/// Splices and counts pieces only.
func list(_ made: Case, _ splicer: Splicer, _ coding: Coding, _ file: [UInt8], times: Int) -> Int {
    var total = 0
    for _ in 0..<times {
        splicer.splice(coding, file: file.span, fills: made.fills) { total &+= $0.count }
    }
    return total
}

func cost(_ path: String) throws {
    let page = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    guard let made = try Case(page, slots: 3) else { return print("too few elements") }
    let splicer = Splicer(made.stored.layout)
    let digest = [UInt8](repeating: 7, count: 32)
    func measure(_ name: String, _ work: (Int) -> Int) {
        var best = Duration.seconds(1000)
        for _ in 0..<15 { best = min(best, ContinuousClock().measure { _ = work(20_000) }) }
        print("| \(name) | \(Int(best / .nanoseconds(1)) / 20_000) |")
    }
    for coding in Coding.allCases {
        let file = made.file(coding)
        measure("\(coding.token): pieces") { list(made, splicer, coding, file, times: $0) }
        measure("\(coding.token): into one buffer") {
            splice(made, splicer, coding, file, times: $0)
        }
    }
    guard let delta = DeltaSplicer(made.stored.layout, dictionaryDigest: digest) else { return }
    for coding in DeltaCoding.allCases {
        let length = delta.splicedLength(
            coding, dictionary: made.stored.identity.span, fills: made.fills)
        measure("\(coding.token), \(length) bytes: pieces") { times in
            var total = 0
            for _ in 0..<times {
                delta.splice(
                    coding, dictionary: made.stored.identity.span, fills: made.fills
                ) { total &+= $0.count }
            }
            return total
        }
    }
}

/// Writes a page, its spliced forms and its deltas into a folder, to be tried in browsers.
///
/// The dictionary's SHA-256 in the deltas is 32 zeros; whoever serves them fills it in.
func write(_ path: String, to folder: String) throws {
    let page = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    guard let made = try Case(page, slots: 3) else { return print("too few elements") }
    func save(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    try save(made.stored.identity, "dictionary.html")
    let splicer = Splicer(made.stored.layout)
    for coding in Coding.allCases {
        var bytes: [UInt8] = []
        splicer.splice(coding, file: made.file(coding).span, fills: made.fills) { piece in
            piece.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        }
        try save(bytes, "page.\(coding.token)")
    }
    let digest = [UInt8](repeating: 0, count: 32)
    guard let delta = DeltaSplicer(made.stored.layout, dictionaryDigest: digest) else { return }
    for coding in DeltaCoding.allCases {
        var bytes: [UInt8] = []
        delta.splice(coding, dictionary: made.stored.identity.span, fills: made.fills) { piece in
            piece.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        }
        try save(bytes, "page.\(coding.token)")
    }
}

let arguments = CommandLine.arguments.dropFirst()
switch (arguments.first, arguments.count) {
case ("sizes", 2...): try sizes(Array(arguments.dropFirst()))
case ("cost", 2): try cost(arguments[arguments.endIndex - 1])
case ("files", 3):
    try write(arguments[arguments.startIndex + 1], to: arguments[arguments.endIndex - 1])
case ("loop", 4):
    let page = try [UInt8](
        Data(contentsOf: URL(fileURLWithPath: arguments[arguments.endIndex - 1])))
    let coding = Coding.allCases.first { $0.token == arguments[arguments.startIndex + 1] }
    guard let made = try Case(page, slots: 3), let coding else { exit(1) }
    let times = Int(arguments[arguments.startIndex + 2]) ?? 1
    print(list(made, Splicer(made.stored.layout), coding, made.file(coding), times: times))
default:
    print("usage: SpliceBenchmark sizes FILE…, cost FILE, files FILE FOLDER or loop CODING N FILE")
    exit(2)
}
