// Records to bytes, with the tables of the frame that they go to.
//
// An entry of the release is known by its number, so what stands in the frame already is told by
// one look into an array; other texts are looked up by their hash. Nothing is allocated for a
// record that has no new text.

/// What an agent was classed as, kept by one event loop; it knows its number in the open frame.
package final class KnownAgent {
    /// The class.
    package let agent: AgentClass
    fileprivate var stamp: UInt64 = 0

    /// An agent that stands in no frame yet.
    package init(_ agent: AgentClass) { self.agent = agent }
}

/// Writes records of one frame after the other.
struct RecordEncoder {
    /// The bytes of the last record.
    private(set) var bytes: [UInt8] = []
    /// The frame's number; never 0, which stands for none.
    private var frame: UInt64 = 1
    private var nameCount = 0
    private var names: [AccessName: Int] = [:]
    /// By the number of an entry: the frame above, the name's number below 32 bits.
    private var entries: [UInt64] = []
    private var agentCount = 0
    private var agents: [AgentClass: Int] = [:]
    private var texts: [String: Int] = [:]

    init() { bytes.reserveCapacity(4_096) }

    /// Begins with empty tables.
    mutating func beginFrame() {
        frame += 1
        nameCount = 0
        agentCount = 0
        names.removeAll(keepingCapacity: true)
        agents.removeAll(keepingCapacity: true)
        texts.removeAll(keepingCapacity: true)
    }

    /// Forgets the numbers of entries, since another release has others.
    mutating func setEntryCount(_ count: Int) {
        entries = [UInt64](repeating: 0, count: count)
    }

    /// Encodes an answer.
    ///
    /// - Parameters:
    ///   - record: the answer; its time is not looked at.
    ///   - micros: how long after the frame's clock.
    ///   - entry: the number of the entry that its name is of, if it is one of the release.
    ///   - sourceEntry: likewise, of the page that the visitor came from.
    ///   - agent: its agent, if a loop keeps it.
    mutating func encode(
        _ record: AccessRecord, after micros: UInt64, entry: Int?, sourceEntry: Int?,
        agent: KnownAgent?
    ) {
        begin(micros)
        var kind = record.kind.rawValue
        if record.isObjected { kind |= RecordBytes.objected }
        if record.isHead { kind |= RecordBytes.head }
        if record.visitor != nil { kind |= RecordBytes.visitor }
        bytes.append(kind)
        bytes.append(record.signals.rawValue)
        bytes.append(Self.extras(record))
        put(record.status)
        put(record.bytes)
        put(record.micros)
        if let visitor = record.visitor { put(word: visitor) }
        if record.kind == .robot { bytes.append(record.reason?.rawValue ?? 0) }
        if let agent { put(agent) } else { put(record.agent) }
        put(record.name, entry: entry)
        switch record.source {
        case .none, .typed, .hidden: break
        case .inside(let name): put(name, entry: sourceEntry)
        case .elsewhere(let host): put(text: host, max: AccessLimits.hostBytesMax)
        }
        if let campaign = record.campaign {
            put(text: campaign.source, max: AccessLimits.campaignBytesMax)
            put(text: campaign.medium, max: AccessLimits.campaignBytesMax)
            put(text: campaign.name, max: AccessLimits.campaignBytesMax)
        }
        if !record.language.isEmpty { put(text: record.language, max: AccessLimits.textBytesMax) }
        guard !record.slots.isEmpty else { return }
        let slots = record.slots.prefix(AccessLimits.slotsMax)
        put(slots.count)
        for slot in slots {
            put(text: slot.fragment, max: AccessLimits.textBytesMax)
            bytes.append(slot.outcome.rawValue)
        }
    }

    /// Encodes a loss.
    mutating func encode(_ record: LossRecord, after micros: UInt64) {
        begin(micros)
        bytes.append(RecordBytes.loss)
        bytes.append(record.kind.rawValue)
        put(min(record.count, Int(Int32.max)))
    }

    /// Encodes a report.
    mutating func encode(_ record: ReportRecord, after micros: UInt64) {
        begin(micros)
        bytes.append(RecordBytes.report)
        put(text: record.directive, max: AccessLimits.textBytesMax)
        put(record.name, entry: nil)
        put(text: record.blocked, max: AccessLimits.hostBytesMax)
    }

    /// Encodes a beacon.
    mutating func encode(_ record: BeaconRecord, after micros: UInt64) {
        begin(micros)
        bytes.append(RecordBytes.beacon | (record.visitor == nil ? 0 : RecordBytes.visitor))
        if let visitor = record.visitor { put(word: visitor) }
        put(record.agent)
        put(text: record.language, max: AccessLimits.textBytesMax)
        put(record.name, entry: nil)
        bytes.append(record.navigation.rawValue)
        var flags: UInt8 = 0
        if record.isPersisted { flags |= RecordBytes.persisted }
        if record.isPrerendered { flags |= RecordBytes.prerendered }
        if record.isPrefetched { flags |= RecordBytes.prefetched }
        if record.isOnlyWitness { flags |= RecordBytes.onlyWitness }
        bytes.append(flags)
        put(record.age)
        for number in [record.lcp, record.inp, record.cls, record.ttfb] {
            put(number.map { max($0, 0) + 1 } ?? 0)
        }
    }

    private static func extras(_ record: AccessRecord) -> UInt8 {
        var extras = record.coding.rawValue << RecordBytes.codingShift
        switch record.source {
        case .none: break
        case .typed: extras |= RecordBytes.typed
        case .hidden: extras |= RecordBytes.hidden
        case .inside: extras |= RecordBytes.inside
        case .elsewhere: extras |= RecordBytes.elsewhere
        }
        if record.campaign != nil { extras |= RecordBytes.campaign }
        if !record.language.isEmpty { extras |= RecordBytes.language }
        if !record.slots.isEmpty { extras |= RecordBytes.slots }
        return extras
    }

    private mutating func begin(_ micros: UInt64) {
        bytes.removeAll(keepingCapacity: true)
        put(unsigned: micros)
    }

    // MARK: References

    private mutating func put(_ name: AccessName, entry: Int?) {
        if let entry, entry < entries.count {
            let stamp = entries[entry]
            if stamp >> 32 == frame { return put(reference: Int(stamp & 0xFFFF_FFFF)) }
            entries[entry] = frame << 32 | UInt64(nameCount)
        } else {
            if let number = names[name] { return put(reference: number) }
            names[name] = nameCount
        }
        nameCount += 1
        bytes.append(1)
        put(string: name.path, max: AccessLimits.pathBytesMax)
        put(string: name.view, max: AccessLimits.viewBytesMax)
        put(string: name.key, max: AccessLimits.keyBytesMax)
    }

    private mutating func put(_ known: KnownAgent) {
        if known.stamp >> 32 == frame { return put(reference: Int(known.stamp & 0xFFFF_FFFF)) }
        known.stamp = frame << 32 | UInt64(agentCount)
        putNew(known.agent)
    }

    private mutating func put(_ agent: AgentClass) {
        if let number = agents[agent] { return put(reference: number) }
        agents[agent] = agentCount
        putNew(agent)
    }

    private mutating func putNew(_ agent: AgentClass) {
        agentCount += 1
        bytes.append(1)
        put(string: agent.family, max: AccessLimits.textBytesMax)
        put(agent.version)
        put(string: agent.system, max: AccessLimits.textBytesMax)
        bytes.append(agent.device.rawValue)
        put(string: agent.robot, max: AccessLimits.textBytesMax)
        bytes.append(agent.purpose.rawValue)
        put(agent.subscribers)
    }

    private mutating func put(text: String, max: Int) {
        if let number = texts[text] { return put(reference: number) }
        texts[text] = texts.count
        bytes.append(1)
        put(string: text, max: max)
    }

    private mutating func put(reference number: Int) { put(number << 1) }

    // MARK: Parts

    private mutating func put(_ number: Int) { put(unsigned: UInt64(max(number, 0))) }

    private mutating func put(unsigned number: UInt64) {
        var left = number
        while left >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: left) | 0x80)
            left >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: left))
    }

    private mutating func put(word: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: word >> shift))
        }
    }

    /// A text, cut at a character if it is too long.
    private mutating func put(string: String, max: Int) {
        let utf8 = string.utf8
        guard utf8.count > max else {
            put(utf8.count)
            bytes.append(contentsOf: utf8)
            return
        }
        var end = utf8.index(utf8.startIndex, offsetBy: max)
        while UTF8.isContinuation(utf8[end]) { end = utf8.index(before: end) }
        let cut = utf8[..<end]
        put(cut.count)
        bytes.append(contentsOf: cut)
    }
}
