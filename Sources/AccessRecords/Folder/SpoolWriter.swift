// The spool of one event loop: which segment is open, and what had no room.
//
// `add` is for requests: no system call but a look at a clock, no lock, no waiting. All else
// is `sweep`'s, which the loop calls several times a second.

/// Writes the records of one event loop.
package final class SpoolWriter {
    private let spool: AccessSpool
    private var segment: SegmentWriter?
    private var encoder = RecordEncoder()
    /// What had no room and is not recorded yet.
    private var unrecorded = [Int](repeating: 0, count: Int(RequestKind.fetched.rawValue) + 1)
    /// When a new segment or more room is asked for again, by the monotonic clock.
    private var nextAttempt: UInt64 = 0
    /// Why there is no room at the moment; nil if there is.
    package private(set) var trouble: SpoolFault?
    /// The records that were written.
    package private(set) var recordCount = 0
    /// The bytes that they take.
    package private(set) var byteCount = 0
    /// The answers that had no room, by the number of their kind.
    package private(set) var lost = [Int](
        repeating: 0, count: Int(RequestKind.fetched.rawValue) + 1)

    /// The beacons and the reports that had no room; a loss of theirs is in no record.
    package private(set) var lostPosts = (beacons: 0, reports: 0)

    /// How long a spool without room is left alone, in nanoseconds.
    private static let pause: UInt64 = 1_000_000_000

    /// A writer; it has no segment before the first sweep.
    package init(_ spool: AccessSpool) { self.spool = spool }

    /// Says how many entries the release has whose numbers come with the records.
    package func setEntryCount(_ count: Int) { encoder.setEntryCount(count) }

    /// Adds an answer, or counts it as lost.
    ///
    /// Its time is now, whatever the record says.
    ///
    /// - Parameters:
    ///   - record: the answer.
    ///   - entry: the number of the entry that its name is of, if it is one of the release.
    ///   - sourceEntry: likewise, of the page that the visitor came from.
    ///   - agent: its agent, instead of the record's.
    package func add(
        _ record: AccessRecord, entry: Int? = nil, sourceEntry: Int? = nil,
        agent: KnownAgent? = nil
    ) {
        let now = SpoolClock.monotonicNow()
        // Twice: the first may find the open frame full.
        for _ in 0..<2 {
            guard let age = segment?.age(at: now, &encoder) else { break }
            encoder.encode(
                record, after: age, entry: entry, sourceEntry: sourceEntry, agent: agent)
            if store() { return }
        }
        lost[Int(record.kind.rawValue)] += 1
        unrecorded[Int(record.kind.rawValue)] += 1
    }

    /// Adds a report, or counts it as lost.
    package func add(_ record: ReportRecord) {
        if !write({ $0.encode(record, after: $1) }) { lostPosts.reports += 1 }
    }

    /// Adds a beacon, or counts it as lost.
    package func add(_ record: BeaconRecord) {
        if !write({ $0.encode(record, after: $1) }) { lostPosts.beacons += 1 }
    }

    private func write(_ encode: (inout RecordEncoder, UInt64) -> Void) -> Bool {
        let now = SpoolClock.monotonicNow()
        for _ in 0..<2 {
            guard let age = segment?.age(at: now, &encoder) else { return false }
            encode(&encoder, age)
            if store() { return true }
        }
        return false
    }

    private func store() -> Bool {
        guard segment?.store(encoder.bytes) ?? false else { return false }
        recordCount += 1
        byteCount += encoder.bytes.count
        return true
    }

    /// Makes room, begins and closes segments, and records what was lost.
    package func sweep(_ now: SpoolClock) {
        if let open = began, open.isDue(now) { closeSegment() }
        segment?.heed(now)
        if now.monotonic >= nextAttempt { makeRoom(now) }
        recordLosses()
    }

    /// Closes the open segment; the next sweep begins another.
    ///
    /// What was lost is recorded before: at the end of a server no sweep follows.
    package func closeSegment() {
        if segment?.isShort == true, unrecorded.contains(where: { $0 > 0 }) { try? grow() }
        recordLosses()
        segment.take()?.close()
    }

    private var began: OpenSegment? {
        guard segment != nil else { return nil }
        return OpenSegment(
            monotonic: segment?.began.monotonic ?? 0, isLong: segment?.isLong ?? false)
    }

    private func makeRoom(_ now: SpoolClock) {
        do throws(SpoolFault) {
            if segment == nil {
                segment = try spool.begin(now)
            } else if segment?.isShort == true {
                try grow()
            }
            trouble = nil
        } catch {
            trouble = error
            nextAttempt = now.monotonic + Self.pause
        }
    }

    private func grow() throws(SpoolFault) {
        guard var open = segment.take() else { return }
        do throws(SpoolFault) {
            try spool.grow(&open)
            segment = consume open
        } catch {
            segment = consume open
            throw error
        }
    }

    private func recordLosses() {
        guard segment != nil, trouble == nil else { return }
        for (kind, count) in spool.takeRemoved() {
            lost[Int(kind.rawValue)] += count
            unrecorded[Int(kind.rawValue)] += count
        }
        for kind in RequestKind.allCases where unrecorded[Int(kind.rawValue)] > 0 {
            let loss = LossRecord(at: 0, kind: kind, count: unrecorded[Int(kind.rawValue)])
            guard write({ $0.encode(loss, after: $1) }) else { return }
            unrecorded[Int(kind.rawValue)] = 0
        }
    }
}

/// What tells whether a segment is to be closed.
private struct OpenSegment {
    let monotonic: UInt64
    let isLong: Bool

    func isDue(_ now: SpoolClock) -> Bool {
        isLong
            || now.monotonic - monotonic
                > UInt64(AccessLimits.segmentSecondsMax) * 1_000_000_000
    }
}
