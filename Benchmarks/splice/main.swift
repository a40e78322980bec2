// Measures what slots cost: bytes over the same page compressed whole, and time for each splice.
//
// `sizes FILE…` prints a table and fails if the aim is missed, `cost FILE` nanoseconds, `files FILE
// FOLDER` writes spliced pages to be tried in other decoders, `loop NAME COUNT FILE` only splices,
// for callgrind.

import ContentEncoding
import Foundation

/// What three slots may cost on a page of at least `pageBytesMin`, in percent.
let overheadMax = 10.0
let pageBytesMin = 20_000

func read(_ file: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))
}

func overhead(_ count: Int, over whole: Int) -> Double {
    100 * Double(count - whole) / Double(whole)
}

func text(_ percent: Double) -> String {
    let tenths = Int((10 * abs(percent)).rounded())
    return "\(percent < 0 ? "−" : "+")\(tenths / 10).\(tenths % 10) %"
}

/// Overheads of 1, 2, 3 and 5 slots in one coding, and of 3 at the tail.
struct Row {
    var whole = 0
    var inline: [Int: Double] = [:]
    var tail = 0.0

    init(_ page: [UInt8], _ coding: Coding, cases: [Int: Case]) throws {
        for (slots, made) in cases {
            let whole =
                coding == .gzip
                ? try Gzip.compress(made.whole).count : try Brotli.compress(made.whole).count
            if slots == 1 { self.whole = whole }
            inline[slots] = overhead(made.spliced(coding).count, over: whole)
            if slots == 3 { tail = overhead(made.spliced(coding, isLate: true).count, over: whole) }
        }
    }

    var cells: [String] {
        ["\(whole)"] + [1, 2, 3, 5].map { text(inline[$0] ?? 0) } + [text(tail)]
    }
}

/// Prints the table; says whether every large page keeps to `overheadMax` in brotli and gzip.
func sizes(_ files: [String]) throws -> Bool {
    print("| page | plain | br 11 | 1 | 2 | 3 | 5 | tail 3 | gzip 9 | 1 | 2 | 3 | 5 | tail 3 |")
    print("|---|" + String(repeating: "---|", count: 13))
    var large: [(brotli: Double, gzip: Double)] = []
    for file in files {
        let page = try read(file)
        var cases: [Int: Case] = [:]
        for slots in [1, 2, 3, 5] { cases[slots] = try Case(page, slots: slots) }
        guard cases.count == 4 else { continue }
        let (brotli, gzip) = (
            try Row(page, .brotli, cases: cases), try Row(page, .gzip, cases: cases)
        )
        let name = file.split(separator: "/").suffix(3).joined(separator: "/")
        let cells = [name, "\(page.count)"] + brotli.cells + gzip.cells
        print("| \(cells.joined(separator: " | ")) |")
        if page.count >= pageBytesMin { large.append((brotli.inline[3] ?? 0, gzip.inline[3] ?? 0)) }
    }
    let worst = (large.map(\.brotli).max() ?? 0, large.map(\.gzip).max() ?? 0)
    print(
        "\(large.count) pages of at least \(pageBytesMin) bytes, 3 slots: at most "
            + "\(text(worst.0)) in br, \(text(worst.1)) in gzip")
    return max(worst.0, worst.1) <= overheadMax
}

/// Splices many times into pieces that are only counted, or into one buffer, so that each byte is
/// copied.
func repeating(_ splice: Splice, times: Int, into buffer: inout [UInt8]?) -> Int {
    var total = 0
    for _ in 0..<times {
        if var bytes = buffer.take() {
            bytes.removeAll(keepingCapacity: true)
            splice.pieces { piece in
                piece.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
            }
            total &+= bytes.count
            buffer = bytes
        } else {
            splice.pieces { total &+= $0.count }
        }
    }
    return total
}

func cost(_ made: Case) {
    print("| | bytes | pieces, ns | one buffer, ns |\n|---|---|---|---|")
    for (name, splice) in Splice.all(made) {
        func best(_ buffer: [UInt8]?) -> Int {
            var buffer = buffer
            var best = Duration.seconds(1000)
            for _ in 0..<15 {
                best = min(
                    best,
                    ContinuousClock().measure {
                        _ = repeating(splice, times: 20_000, into: &buffer)
                    })
            }
            return Int(best / .nanoseconds(1)) / 20_000
        }
        print("| \(name) | \(splice.length) | \(best(nil)) | \(best([])) |")
    }
}

/// Writes a page, its spliced forms and its deltas into a folder, to be tried in browsers.
func write(_ made: Case, to folder: String) throws {
    func save(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    try save(made.stored.identity, "dictionary.html")
    for (name, splice) in Splice.all(made) {
        var bytes: [UInt8] = []
        splice.pieces { piece in piece.withUnsafeBufferPointer { bytes.append(contentsOf: $0) } }
        try save(bytes, "page.\(name)")
    }
}

/// The page of a file with three slots.
func threeSlots(_ file: String) throws -> Case {
    guard let made = try Case(read(file), slots: 3) else {
        print("\(file) has too few elements")
        exit(1)
    }
    return made
}

let arguments = Array(CommandLine.arguments.dropFirst())
switch (arguments.first, arguments.count) {
case ("sizes", 2...):
    if try !sizes(Array(arguments.dropFirst())) { exit(1) }
case ("cost", 2): cost(try threeSlots(arguments[1]))
case ("files", 3): try write(try threeSlots(arguments[1]), to: arguments[2])
case ("loop", 4):
    let made = try threeSlots(arguments[3])
    guard let found = Splice.all(made).first(where: { $0.name == arguments[1] }) else { exit(1) }
    var none: [UInt8]?
    print(repeating(found.splice, times: Int(arguments[2]) ?? 1, into: &none))
default:
    print("usage: SpliceBenchmark sizes FILE…, cost FILE, files FILE FOLDER or loop NAME N FILE")
    exit(2)
}
