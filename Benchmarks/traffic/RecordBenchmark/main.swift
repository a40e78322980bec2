// What a record of the access spool costs: nanoseconds and bytes, of pages and of assets.
//
//   RecordBenchmark FOLDER [COUNT]
//
// Synthetic answers: pages by a distribution like Zipf's, 120 agents, 3,000 referrers. They are
// made before the clock runs; with each goes the hash of its visitor.

import AccessRecords
import Glibc
import Hashing

/// Numbers that are the same in every run; small ones come most often.
private struct Draw {
    private var state: UInt64 = 42

    mutating func next(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % count
    }

    mutating func rank(_ count: Int) -> Int {
        let part = Double(next(1 << 30)) / Double(1 << 30)
        return min(count - 1, max(0, Int(exp(part * log(Double(count) + 1))) - 1))
    }
}

private struct Sample {
    var record: AccessRecord
    let page: Int
    let source: Int?
    let agent: Int
    let text: [UInt8]
}

private func cpu() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

private func samples(_ kind: RequestKind, _ pages: [AccessName]) -> [Sample] {
    var draw = Draw()
    return (0..<50_000).map { _ in
        let page = draw.rank(pages.count)
        var record = AccessRecord(
            at: 0, kind: kind, status: draw.next(4) == 0 ? 304 : 200, name: pages[page])
        record.bytes = 4_000 + draw.next(20_000)
        record.micros = 20 + draw.next(100)
        record.visitor = UInt64(draw.next(1 << 30)) << 32 | UInt64(draw.next(1 << 30))
        var source: Int?
        if kind == .view {
            record.language = "de"
            switch draw.next(10) {
            case 0..<4: record.source = .typed
            case 4..<7:
                let from = draw.rank(pages.count)
                source = from
                record.source = .inside(pages[from])
            default: record.source = .elsewhere(host: "site-\(draw.rank(3_000)).example")
            }
        } else {
            source = draw.rank(pages.count)
            record.source = .inside(pages[source ?? 0])
        }
        return Sample(
            record: record, page: page, source: source, agent: draw.rank(120),
            text: Array("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox".utf8))
    }
}

private func measure(_ kind: RequestKind, _ folder: String, _ count: Int) throws {
    let prefix = kind == .view ? "/looks/silk-dress-number-" : "/assets/site."
    let pages = (0..<(kind == .view ? 20_000 : 40)).map { number in
        AccessName(
            path: "\(prefix)\(number)-of-the-house/", view: kind == .view ? "look_page" : "assets",
            key: kind == .view ? "\(number)" : "")
    }
    let samples = samples(kind, pages)
    let agents = (0..<120).map { number in
        var agent = AgentClass()
        agent.family = "Firefox"
        agent.version = number
        agent.system = "Linux"
        return KnownAgent(agent)
    }
    guard let key = SipHash.Key(bytes: [UInt8](repeating: 7, count: 16)) else { return }
    let day = VisitorKey(from: 0, until: 1, key: key)
    let spool = try AccessSpool("\(folder)/\(kind)", bytesMax: 1 << 30, loops: 1)
    let writer = SpoolWriter(spool)
    writer.setEntryCount(pages.count)
    var best = Double.infinity
    var bytes = 0.0
    var sum: UInt64 = 0
    for _ in 0..<5 {
        let (records, before) = (writer.recordCount, writer.byteCount)
        let start = cpu()
        for number in 0..<count {
            if number % 10_000 == 0 { writer.sweep(.now()) }
            let sample = samples[number % samples.count]
            let host = sample.text[..<20]
            sum &+= VisitorHash.of(day, address: nil, agent: sample.text[...], host: host)
            writer.add(
                sample.record, entry: sample.page, sourceEntry: sample.source,
                agent: agents[sample.agent])
        }
        best = min(best, (cpu() - start) / Double(count))
        bytes = Double(writer.byteCount - before) / Double(writer.recordCount - records)
    }
    writer.closeSegment()
    print("\(kind): \(Int(best)) ns and \(Int(bytes.rounded())) bytes a record (\(sum & 1))")
}

let arguments = CommandLine.arguments
precondition(arguments.count >= 2, "RecordBenchmark FOLDER [COUNT]")
let count = arguments.count > 2 ? Int(arguments[2]) ?? 200_000 : 200_000
try measure(.view, arguments[1], count)
try measure(.asset, arguments[1], count)
