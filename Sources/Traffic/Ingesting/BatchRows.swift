// The records of a batch as rows: texts become numbers, and what has no row becomes counts.
//
// Pure: it asks no database and no clock. `Texts` says which texts are needed; with their numbers,
// `rows` are what COPY takes.

internal import AccessRecords
internal import Postgres

/// Where visitors came from, as the database keeps it.
struct SourceKey: Hashable {
    var sourceClass: Int16
    var text: String

    init(_ source: AccessSource) {
        switch source {
        case .none: (sourceClass, text) = (0, "")
        case .typed: (sourceClass, text) = (1, "")
        case .hidden: (sourceClass, text) = (2, "")
        case .inside(let name): (sourceClass, text) = (3, name.path)
        case .elsewhere(let host): (sourceClass, text) = (4, host)
        }
    }
}

/// The records of a batch, sorted by what becomes of them.
struct BatchRows {
    /// Answers and unseen views.
    private(set) var answers: [AccessRecord] = []
    private(set) var beacons: [BeaconRecord] = []
    private(set) var losses: [LossRecord] = []
    private(set) var reports: [ReportRecord] = []

    init(_ records: [SpooledRecord]) {
        answers.reserveCapacity(records.count)
        for record in records {
            switch record {
            case .answer(let answer): answers.append(answer)
            case .beacon(let beacon): beacons.append(beacon)
            case .loss(let loss): losses.append(loss)
            case .report(let report): reports.append(report)
            }
        }
    }

    /// The texts that need numbers.
    var texts: Texts {
        var texts = Texts()
        for answer in answers where !answer.isObjected {
            if Self.hasNames(answer.kind) {
                texts.add(answer.name, isStrange: Self.isStrange(answer))
                texts.agents.insert(Self.agent(of: answer))
                if let campaign = answer.campaign { texts.campaigns.insert(campaign) }
                texts.sources.insert(SourceKey(answer.source))
            } else if answer.kind == .asset, case .inside = answer.source {
                texts.sources.insert(SourceKey(answer.source))
            }
            for slot in answer.slots { texts.fragments.insert(slot.fragment) }
        }
        for beacon in beacons {
            texts.add(beacon.name, isStrange: beacon.name.view.isEmpty)
            texts.agents.insert(Self.agent(of: beacon))
        }
        for report in reports { texts.add(report.name, isStrange: report.name.view.isEmpty) }
        return texts
    }

    /// Whether what was asked for is no page of the release, whoever asked.
    private static func isStrange(_ answer: AccessRecord) -> Bool {
        answer.kind == .missing || ![200, 206, 304].contains(answer.status)
    }

    /// The rows, in the order of the records.
    func rows(_ numbers: TextNumbers) -> [HitRow] {
        answers.map { Self.row($0, numbers) }
            + beacons.lazy.filter(\.isView).map { Self.row($0, numbers) }
    }

    private static func row(_ answer: AccessRecord, _ numbers: TextNumbers) -> HitRow {
        var flags =
            Int(answer.signals.rawValue) | Int(answer.coding.rawValue) << HitFlag.codingShift
        if answer.isHead { flags |= HitFlag.isHead }
        var row = HitRow(
            at: answer.at, micros: Int32(clamping: answer.micros),
            bytes: Int32(clamping: answer.bytes), status: Int16(clamping: answer.status),
            kind: Int16(answer.kind.rawValue), flags: 0)
        if answer.isObjected {
            row.flags = Int16(HitFlag.objects)
            return row
        }
        if [.view, .missing, .prefetch, .asset].contains(answer.kind) {
            row.visitor = answer.visitor.map { Int64(bitPattern: $0) }
        }
        if answer.name.path == "/robots.txt" { flags |= HitFlag.robotsFile }
        if hasNames(answer.kind) {
            if answer.kind == .missing, ProbedPath.matches(answer.name.path) {
                flags |= HitFlag.probe
            }
            row.page = numbers.pages[answer.name] ?? 1
            row.agent = numbers.agents[agent(of: answer)] ?? 1
            row.campaign = answer.campaign.map { numbers.campaigns[$0] ?? 1 } ?? 0
            row.source = numbers.number(of: SourceKey(answer.source))
        } else if answer.kind == .asset, case .inside = answer.source {
            row.source = numbers.number(of: SourceKey(answer.source))
        }
        row.flags = Int16(flags)
        return row
    }

    private static func row(_ beacon: BeaconRecord, _ numbers: TextNumbers) -> HitRow {
        HitRow(
            at: beacon.at - Int64(beacon.age) * 1_000,
            visitor: beacon.visitor.map { Int64(bitPattern: $0) },
            page: numbers.pages[beacon.name] ?? 1,
            agent: numbers.agents[agent(of: beacon)] ?? 1,
            micros: 0, bytes: 0, status: 200, kind: Int16(RequestKind.view.rawValue),
            flags: Int16(HitFlag.beacon))
    }

    /// Whether a row says which page it was and who asked; of others only kind and status count.
    private static func hasNames(_ kind: RequestKind) -> Bool {
        switch kind {
        case .view, .robot, .missing, .prefetch, .feed: true
        case .redirect, .asset, .refused, .fetched: false
        }
    }

    private static func agent(of answer: AccessRecord) -> AgentKey {
        AgentKey(answer.agent, reason: answer.reason, language: answer.language)
    }

    private static func agent(of beacon: BeaconRecord) -> AgentKey {
        AgentKey(beacon.agent, language: beacon.language)
    }

    /// How fragments came into pages: counts by a quarter of an hour, since all time zones differ
    /// by quarters of hours.
    var slots: [SlotCount: Int] {
        var counts: [SlotCount: Int] = [:]
        let quarter: Int64 = 900_000_000
        for answer in answers where !answer.isObjected {
            for slot in answer.slots {
                let key = SlotCount(
                    at: answer.at - answer.at % quarter, fragment: slot.fragment,
                    outcome: Int16(slot.outcome.rawValue))
                counts[key, default: 0] += 1
            }
        }
        return counts
    }

    /// The times that browsers measured, each with the name of what was measured.
    var vitals: [(beacon: BeaconRecord, vital: String, step: Int16)] {
        beacons.flatMap { beacon in
            [
                ("LCP", beacon.lcp), ("INP", beacon.inp), ("CLS", beacon.cls),
                ("TTFB", beacon.ttfb),
            ].compactMap { vital, value in
                value.map { (beacon, vital, Self.step(of: $0)) }
            }
        }
    }

    /// The step of the scale 1, 2, 5, 10, 20, 50 … that holds a number.
    static func step(of value: Int) -> Int16 {
        var step: Int16 = 0
        var power = 1
        while step < 24 {
            for factor in [1, 2, 5] {
                if value <= factor * power { return step }
                step += 1
            }
            power *= 10
        }
        return step
    }
}

/// What is counted of slots.
struct SlotCount: Hashable {
    var at: Int64
    var fragment: String
    var outcome: Int16
}
