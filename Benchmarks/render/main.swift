// Measures how long rendering takes: a page of 43 KB with 638 elements and 1,079 attributes.
//
// The page is a head with metas, a navigation, 24 cards with pictures, a footer. Printed is the
// least time of many batches on this thread's own clock, next to a hash of the same bytes, which
// tells a busy machine from slow code. `RenderBenchmark 400` sets the batches; with `only 1000`
// it renders that often and does nothing else, to be counted by a profiler.

import Glibc
import Markup

func threadNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// The least time of one run, over many batches of 20.
func leastNanoseconds(_ batches: Int, _ work: () -> Int) -> (nanoseconds: UInt64, sum: Int) {
    var best = UInt64.max
    var sum = 0
    for _ in 0..<batches {
        let start = threadNanoseconds()
        for _ in 0..<20 { sum &+= work() }
        best = min(best, (threadNanoseconds() - start) / 20)
    }
    return (best, sum)
}

func measure(_ page: SeasonPage, batches: Int) {
    let bytes = render { page }.bytes
    let elements = zip(bytes, bytes.dropFirst()).count { $0 == 0x3c && $1 != 0x2f } - 1
    let attributes = zip(bytes, bytes.dropFirst()).count { $0 == 0x3d && $1 == 0x22 }
    print("\(bytes.count) bytes, \(elements) elements, \(attributes) attributes")
    let rendered = leastNanoseconds(batches) { render { page }.bytes.count }
    let hashed = leastNanoseconds(batches) { bytes.reduce(0) { $0 &* 31 &+ Int($1) } }
    print("render \(rendered.nanoseconds) ns; a hash of its bytes \(hashed.nanoseconds) ns")
    precondition(rendered.sum > 0 && hashed.sum != 1)
}

let arguments = CommandLine.arguments.dropFirst()
let page = SeasonPage(looks: (1...24).map(Look.init))
if arguments.first == "print" {
    print(String(decoding: render { page }.bytes, as: UTF8.self))
} else if arguments.first == "only" {
    var sum = 0
    for _ in 0..<(arguments.dropFirst().first.flatMap { Int($0) } ?? 1000) {
        sum &+= render { page }.bytes.count
    }
    precondition(sum > 0)
} else {
    measure(page, batches: arguments.first.flatMap { Int($0) } ?? 400)
}
