// Bytes of a frame's body to records. What no encoder wrote is nil, never a crash, and every text
// is held to its limit: who can write into the folder may have written anything. A reader that
// fails stays before the record that it could not read.

/// Reads the records of one frame from its beginning.
struct RecordDecoder {
    private let bytes: [UInt8]
    private let wall: Int64
    /// Behind the last whole record.
    private(set) var at = 0
    private var names: [AccessName] = []
    private var agents: [AgentClass] = []
    private var texts: [String] = []

    init(_ bytes: [UInt8], wall: Int64) {
        self.bytes = bytes
        self.wall = wall
    }

    /// Whether there are no more bytes.
    var isAtEnd: Bool { at == bytes.count }

    /// The next record; nil if what stands there is none.
    mutating func next() -> SpooledRecord? {
        var cursor = at
        guard let record = record(&cursor) else { return nil }
        at = cursor
        return record
    }

    private mutating func record(_ cursor: inout Int) -> SpooledRecord? {
        guard let micros = number(&cursor), let first = byte(&cursor) else { return nil }
        let (at, isOver) = wall.addingReportingOverflow(Int64(micros))
        guard !isOver, AccessLimits.times.contains(at) else { return nil }
        let kind = first & RecordBytes.kindMask
        if let kind = RequestKind(rawValue: kind) { return answer(at, kind, first, &cursor) }
        switch kind {
        case RecordBytes.loss:
            guard let byte = byte(&cursor), let kind = RequestKind(rawValue: byte),
                let count = small(&cursor)
            else { return nil }
            return .loss(LossRecord(at: at, kind: kind, count: count))
        case RecordBytes.report:
            guard let directive = text(&cursor), let name = name(&cursor),
                let blocked = text(&cursor)
            else { return nil }
            return .report(
                ReportRecord(at: at, directive: directive, name: name, blocked: blocked))
        case RecordBytes.beacon: return beacon(at, first, &cursor)
        default: return nil
        }
    }

    private mutating func answer(
        _ at: Int64, _ kind: RequestKind, _ first: UInt8, _ cursor: inout Int
    ) -> SpooledRecord? {
        guard let signals = byte(&cursor), let extras = byte(&cursor),
            let status = number(&cursor), let length = number(&cursor),
            let micros = number(&cursor), status <= 999
        else { return nil }
        var record = AccessRecord(
            at: at, kind: kind, status: status, name: AccessName(path: ""))
        record.isHead = first & RecordBytes.head > 0
        record.isObjected = first & RecordBytes.objected > 0
        record.signals = RequestSignals(rawValue: signals)
        record.bytes = length
        record.micros = micros
        record.coding = AnswerCoding(rawValue: extras >> RecordBytes.codingShift) ?? .identity
        if first & RecordBytes.visitor > 0 {
            guard let visitor = word(&cursor) else { return nil }
            record.visitor = visitor
        }
        if kind == .robot {
            guard let reason = byte(&cursor) else { return nil }
            record.reason = RobotReason(rawValue: reason)
        }
        guard let agent = agent(&cursor), let name = name(&cursor),
            let source = source(extras, &cursor)
        else { return nil }
        record.agent = agent
        record.name = name
        record.source = source
        guard more(extras, &record, &cursor) else { return nil }
        return .answer(record)
    }

    private mutating func source(_ extras: UInt8, _ cursor: inout Int) -> AccessSource? {
        switch extras & RecordBytes.sourceMask {
        case 0: AccessSource.none
        case RecordBytes.typed: .typed
        case RecordBytes.hidden: .hidden
        case RecordBytes.inside: name(&cursor).map { .inside($0) }
        case RecordBytes.elsewhere: text(&cursor).map { .elsewhere(host: $0) }
        default: nil
        }
    }

    private mutating func more(
        _ extras: UInt8, _ record: inout AccessRecord, _ cursor: inout Int
    ) -> Bool {
        if extras & RecordBytes.campaign > 0 {
            guard let source = text(&cursor), let medium = text(&cursor), let name = text(&cursor)
            else { return false }
            record.campaign = Campaign(source: source, medium: medium, name: name)
        }
        if extras & RecordBytes.language > 0 {
            guard let language = text(&cursor) else { return false }
            record.language = language
        }
        guard extras & RecordBytes.slots > 0 else { return true }
        guard let count = number(&cursor), count <= AccessLimits.slotsMax else { return false }
        for _ in 0..<count {
            guard let fragment = text(&cursor), let byte = byte(&cursor),
                let outcome = SlotOutcome(rawValue: byte)
            else { return false }
            record.slots.append(SlotRecord(fragment: fragment, outcome: outcome))
        }
        return true
    }

    private mutating func beacon(
        _ at: Int64, _ first: UInt8, _ cursor: inout Int
    ) -> SpooledRecord? {
        var visitor: UInt64?
        if first & RecordBytes.visitor > 0 {
            guard let word = word(&cursor) else { return nil }
            visitor = word
        }
        guard let agent = agent(&cursor), let language = text(&cursor), let name = name(&cursor),
            let code = byte(&cursor), let navigation = BeaconRecord.Navigation(rawValue: code),
            let flags = byte(&cursor), let age = number(&cursor), let lcp = number(&cursor),
            let inp = number(&cursor),
            let cls = number(&cursor), let ttfb = number(&cursor)
        else { return nil }
        var record = BeaconRecord(at: at, name: name)
        record.visitor = visitor
        record.agent = agent
        record.language = language
        record.navigation = navigation
        record.age = min(age, AccessLimits.beaconAgeMax)
        record.isPersisted = flags & RecordBytes.persisted > 0
        record.isPrerendered = flags & RecordBytes.prerendered > 0
        record.isPrefetched = flags & RecordBytes.prefetched > 0
        record.isOnlyWitness = flags & RecordBytes.onlyWitness > 0
        record.lcp = lcp == 0 ? nil : lcp - 1
        record.inp = inp == 0 ? nil : inp - 1
        record.cls = cls == 0 ? nil : cls - 1
        record.ttfb = ttfb == 0 ? nil : ttfb - 1
        return .beacon(record)
    }

    // MARK: References

    private mutating func name(_ cursor: inout Int) -> AccessName? {
        guard let reference = number(&cursor) else { return nil }
        if reference != 1 { return Self.known(names, reference) }
        guard let path = string(&cursor, max: AccessLimits.pathBytesMax),
            let view = string(&cursor, max: AccessLimits.viewBytesMax),
            let key = string(&cursor, max: AccessLimits.keyBytesMax)
        else { return nil }
        names.append(AccessName(path: path, view: view, key: key))
        return names.last
    }

    private mutating func agent(_ cursor: inout Int) -> AgentClass? {
        guard let reference = number(&cursor) else { return nil }
        if reference != 1 { return Self.known(agents, reference) }
        guard let family = string(&cursor), let version = small(&cursor),
            let system = string(&cursor), let device = byte(&cursor),
            let robot = string(&cursor), let purpose = byte(&cursor),
            let subscribers = small(&cursor)
        else { return nil }
        // What PostgreSQL's JSON cannot hold.
        guard ![family, system, robot].contains(where: { $0.utf8.contains(0) }) else { return nil }
        var agent = AgentClass()
        agent.family = family
        agent.version = version
        agent.system = system
        agent.device = AgentDevice(rawValue: device) ?? .unknown
        agent.robot = robot
        agent.purpose = RobotPurpose(rawValue: purpose) ?? .none
        agent.subscribers = subscribers
        agents.append(agent)
        return agent
    }

    private mutating func text(_ cursor: inout Int) -> String? {
        guard let reference = number(&cursor) else { return nil }
        if reference != 1 { return Self.known(texts, reference) }
        guard let text = string(&cursor) else { return nil }
        texts.append(text)
        return text
    }

    private static func known<Value>(_ table: [Value], _ reference: Int) -> Value? {
        guard reference & 1 == 0, reference >> 1 < table.count else { return nil }
        return table[reference >> 1]
    }

    // MARK: Parts

    private func byte(_ cursor: inout Int) -> UInt8? {
        guard cursor < bytes.count else { return nil }
        defer { cursor += 1 }
        return bytes[cursor]
    }

    private func word(_ cursor: inout Int) -> UInt64? {
        guard cursor + 8 <= bytes.count else { return nil }
        defer { cursor += 8 }
        return SegmentFrame.integer(bytes[cursor..<(cursor + 8)])
    }

    private func number(_ cursor: inout Int) -> Int? {
        var number = 0
        for shift in stride(from: 0, through: 56, by: 7) {
            guard let byte = byte(&cursor) else { return nil }
            number |= Int(byte & 0x7F) << shift
            if byte < 0x80 { return number }
        }
        return nil
    }

    /// A number that PostgreSQL's `integer` holds.
    private func small(_ cursor: inout Int) -> Int? {
        number(&cursor).flatMap { $0 <= Int32.max ? $0 : nil }
    }

    private func string(_ cursor: inout Int, max: Int = AccessLimits.textBytesMax) -> String? {
        guard let count = number(&cursor), count <= max, cursor + count <= bytes.count else {
            return nil
        }
        defer { cursor += count }
        return String(validating: bytes[cursor..<(cursor + count)], as: UTF8.self)
    }
}
