// Records of every kind, at random, within the limits that records have.

import TestSupport

@testable import AccessRecords

/// Makes records.
struct RandomRecords {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    private mutating func text(_ max: Int) -> String {
        let letters = ["a", "ß", "日", "/", " ", "\u{0}", "😀", "z", "-", "7"]
        var text = ""
        for _ in 0..<Int.random(in: 0...max / 4, using: &random) {
            text += letters.randomElement(using: &random) ?? ""
        }
        return text
    }

    private mutating func name() -> AccessName {
        let number = Int.random(in: 0..<300, using: &random)
        return AccessName(
            path: "/page/\(number)/" + (chance(3) ? text(400) : ""),
            view: chance(80) ? "page" : "", key: chance(80) ? "\(number)" : "")
    }

    private mutating func agent() -> AgentClass {
        var agent = AgentClass()
        let number = Int.random(in: 0..<40, using: &random)
        agent.family = number == 0 ? "" : "Family \(number)"
        agent.version = number * 7
        agent.system = ["", "Linux", "Windows"].randomElement(using: &random) ?? ""
        agent.device = AgentDevice.allCases.randomElement(using: &random) ?? .unknown
        agent.robot = chance(10) ? "Robot" : ""
        agent.purpose = RobotPurpose.allCases.randomElement(using: &random) ?? .none
        agent.subscribers = chance(5) ? Int.random(in: 0..<1_000_000, using: &random) : 0
        return agent
    }

    private mutating func source() -> AccessSource {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: .none
        case 1: .typed
        case 2: .hidden
        case 3: .inside(name())
        default: .elsewhere(host: "host-\(Int.random(in: 0..<50, using: &random)).example")
        }
    }

    /// An answer.
    mutating func answer() -> AccessRecord {
        let kind = RequestKind.allCases.randomElement(using: &random) ?? .view
        var record = AccessRecord(
            at: 0, kind: kind, status: [200, 304, 404, 503].randomElement(using: &random) ?? 0,
            name: name())
        record.isHead = chance(5)
        record.isObjected = chance(5)
        record.visitor = chance(70) ? UInt64.random(in: 1...UInt64.max, using: &random) : nil
        record.signals = RequestSignals(rawValue: UInt8.random(in: 0...255, using: &random))
        record.bytes = Int.random(
            in: 0..<(1 << Int.random(in: 1...40, using: &random)), using: &random)
        record.micros = Int.random(in: 0..<100_000, using: &random)
        record.coding = AnswerCoding.allCases.randomElement(using: &random) ?? .gzip
        record.agent = agent()
        record.reason = kind == .robot ? RobotReason.allCases.randomElement(using: &random) : nil
        record.source = source()
        if chance(10) {
            record.campaign = Campaign(source: text(60), medium: text(60), name: text(60))
        }
        record.language = chance(60) ? "de" : ""
        if chance(20) {
            record.slots = (0..<Int.random(in: 1...20, using: &random)).map { number in
                SlotRecord(
                    fragment: "slot\(number)",
                    outcome: SlotOutcome.allCases.randomElement(using: &random) ?? .hit)
            }
        }
        return record
    }

    private mutating func measure() -> Int? {
        chance(70) ? Int.random(in: 0..<60_000, using: &random) : nil
    }

    /// Any record.
    mutating func next() -> SpooledRecord {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<5:
            return .report(
                ReportRecord(at: 0, directive: "img-src", name: name(), blocked: text(60)))
        case 5..<10:
            var beacon = BeaconRecord(at: 0, name: name())
            beacon.visitor = chance(50) ? UInt64.random(in: 1...UInt64.max, using: &random) : nil
            beacon.agent = agent()
            beacon.language = chance(60) ? "de" : ""
            beacon.age = Int.random(in: 0..<3_600_000, using: &random)
            beacon.isOnlyWitness = chance(20)
            beacon.navigation =
                BeaconRecord.Navigation.allCases.randomElement(using: &random) ?? .other
            beacon.isPersisted = chance(50)
            beacon.isPrerendered = chance(50)
            beacon.isPrefetched = chance(50)
            beacon.lcp = measure()
            beacon.inp = measure()
            beacon.cls = measure()
            beacon.ttfb = measure()
            return .beacon(beacon)
        default: return .answer(answer())
        }
    }
}

extension SpooledRecord {
    /// The same at no time, as it was before it was written.
    var timeless: SpooledRecord {
        switch self {
        case .answer(var record):
            record.at = 0
            return .answer(record)
        case .loss(var record):
            record.at = 0
            return .loss(record)
        case .report(var record):
            record.at = 0
            return .report(record)
        case .beacon(var record):
            record.at = 0
            return .beacon(record)
        }
    }
}

extension SpoolWriter {
    /// Adds any record.
    func add(_ record: SpooledRecord) {
        switch record {
        case .answer(let answer): add(answer)
        case .report(let report): add(report)
        case .beacon(let beacon): add(beacon)
        case .loss: break
        }
    }
}
