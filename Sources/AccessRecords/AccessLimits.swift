// How much of what strangers send is kept, and how large a spool may become. A limit that is met
// by who writes is asked for again by who reads: a spool may have been written by anybody. What is
// longer than its limit is cut at a character, or counted as lost, and is never an error of a
// request.

/// The limits of records and spools.
package enum AccessLimits {
    /// The bytes of a frame, its head included; frames begin at multiples of it.
    static let frameBytes = 64 << 10
    /// By how much a segment's file grows at a time.
    static let growthBytes = 4 << 20
    /// A segment grows once it has less room than this.
    static let roomBytesMin = 1 << 20
    /// A segment of so many bytes is closed.
    static let segmentBytesMax = 64 << 20
    /// A segment that was begun so many seconds ago is closed.
    static let segmentSecondsMax = 600
    /// The least that a folder may be allowed to hold for each event loop.
    package static let spoolBytesMin = 16 << 20
    /// What a folder may hold, unless something else is asked for.
    package static let spoolBytesMax = 1 << 30
    /// A segment that nobody has read is removed after so many seconds, and counted as lost.
    static let unreadSecondsMax = 7 * 86_400
    /// By the wall clock, which may be wrong: it has to say so for an hour of the monotonic one.
    static let overdueNanosecondsMin: UInt64 = 3_600_000_000_000
    /// One that was read is kept so long, for a database that is restored from a backup.
    static let readSecondsMax = 86_400

    /// Times that a server's clock may show, from 1970 to 9999, in microseconds from 2000: others
    /// PostgreSQL does not hold all of, and no day is called by them.
    static let times: Range<Int64> = -946_684_800_000_000..<252_455_616_000_000_000

    /// The bytes that are read of a site's own list of hosts.
    static let spamBytesMax = 1 << 20

    /// The bytes of a path of the release.
    static let pathBytesMax = 2_048
    /// The bytes of a view's name.
    static let viewBytesMax = 256
    /// The bytes of a row's key.
    static let keyBytesMax = 1_024
    /// The bytes that are kept of a path that leads nowhere.
    static let missingPathBytesMax = 200
    /// The bytes of a field of a campaign.
    static let campaignBytesMax = 64
    /// The bytes of a host (RFC 1035, section 2.3.4).
    static let hostBytesMax = 253
    /// The bytes of any other text: a language, a robot's name, a fragment's.
    static let textBytesMax = 256
    /// The milliseconds before a beacon in which its page may have been shown.
    static let beaconAgeMax = 3_600_000
    /// The largest LCP, INP and TTFB, in milliseconds.
    static let vitalMillisecondsMax = 60_000
    /// The largest CLS, in thousandths.
    static let shiftMax = 10_000
    /// The slots that are kept of an answer.
    static let slotsMax = 100
}
