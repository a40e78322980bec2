// How many files the process may have open, and how many of them are connections.
//
// A connection is an open file, and so is each page on its way into memory, each link to Redis and
// each listener. Were all of them connections, those that are there could not be answered.

import Glibc
import NIOCore

/// The process's limit of open files.
package enum OpenFiles {
    /// More than any server here needs, should the system allow any number.
    package static let max = 1 << 20

    /// Raises the soft limit to the hard one.
    ///
    /// - Returns: how many files may be open now.
    package static func raiseLimit() -> Int {
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(kind, &limit) == 0 else { return 1_024 }
        let raised = rlimit(rlim_cur: min(limit.rlim_max, rlim_t(max)), rlim_max: limit.rlim_max)
        var wanted = raised
        if limit.rlim_cur < raised.rlim_cur, unsafe setrlimit(kind, &wanted) == 0 {
            limit = raised
        }
        return Int(min(limit.rlim_cur, rlim_t(max)))
    }
}

extension ServingLimits {
    /// The open files that are no connections of visitors: standard streams, logs, listeners,
    /// releases and pages that are read, connections that are being refused.
    static let filesReserve = 64
    /// The same for each event loop: its own, two links to Redis and those that replace them.
    static let filesReservePerThread = 16

    /// Lowers `connectionsMax` to what so many open files allow.
    ///
    /// - Returns: whether it had to be lowered.
    package mutating func fit(openFiles: Int, threads: Int) -> Bool {
        let reserve =
            Self.filesReserve + operationsConnectionsMax + threads * Self.filesReservePerThread
        // With very few files, half of them.
        let room = openFiles - min(reserve, openFiles / 2)
        guard connectionsMax > room else { return false }
        connectionsMax = Swift.max(1, room)
        return true
    }
}
