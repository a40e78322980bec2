import AccessRecords

/// The counts and sizes of one event loop at one moment, to be added to others'.
struct LoopSnapshot: Sendable {
    var statuses: [Int]
    var slots: [Int]
    var reports: [Int]
    var bodyBytes: Int
    var connections: Int
    var connectionsShed: Int
    var streamsRefused: Int
    var fragmentFetches: Int
    var invalidations: Int
    var breakerOpenings: Int
    var openConnections = 0
    var waitingBytes = 0
    var sharedFragments = 0
    var privateFragments = 0
    var fragmentBytes = 0
    var assembledBytes = 0
    /// Event loops whose Redis answers, and whose Redis tells of changes.
    var redisLinks = 0
    var toldLinks = 0
    /// What the spool has, and what had no room, by kind.
    var spoolRecords = 0
    var spoolBytes = 0
    var spoolLost = [Int](repeating: 0, count: RequestKind.allCases.count + 1)
    /// What was posted too often, and what had no room.
    var unheardBeacons = 0
    var unheardReports = 0
    var lostBeacons = 0
    var lostReports = 0
    /// Event loops whose spool has no room.
    var spoolsInTrouble = 0

    init(_ counters: LoopCounters) {
        statuses = counters.statuses
        slots = counters.slots
        reports = counters.reports.counts
        bodyBytes = counters.bodyBytes
        connections = counters.connections
        connectionsShed = counters.connectionsShed
        streamsRefused = counters.streamsRefused
        fragmentFetches = counters.fragmentFetches
        invalidations = counters.invalidations
        breakerOpenings = counters.breakerOpenings
    }

    static func + (one: LoopSnapshot, other: LoopSnapshot) -> LoopSnapshot {
        var sum = one
        sum.statuses = zip(one.statuses, other.statuses).map(+)
        sum.slots = zip(one.slots, other.slots).map(+)
        sum.reports = zip(one.reports, other.reports).map(+)
        sum.spoolLost = zip(one.spoolLost, other.spoolLost).map(+)
        for path in [
            \.bodyBytes, \.connections, \.connectionsShed, \.waitingBytes, \.streamsRefused,
            \.fragmentFetches, \.invalidations, \.breakerOpenings, \.openConnections,
            \.sharedFragments, \.privateFragments, \.fragmentBytes,
            \.assembledBytes, \.redisLinks, \.toldLinks, \.spoolRecords, \.spoolBytes,
            \.spoolsInTrouble, \.unheardBeacons, \.unheardReports, \.lostBeacons, \.lostReports,
        ] as [WritableKeyPath<LoopSnapshot, Int>] {
            sum[keyPath: path] = one[keyPath: path] + other[keyPath: path]
        }
        return sum
    }
}
