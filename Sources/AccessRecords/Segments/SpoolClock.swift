import Glibc
internal import Groundwork

/// One look at both clocks.
package struct SpoolClock: Equatable, Sendable {
    /// Microseconds since 2000-01-01 00:00 UTC, as PostgreSQL counts.
    package var wall: Int64
    /// Nanoseconds since some moment; never goes back.
    var monotonic: UInt64

    /// A moment.
    init(wall: Int64, monotonic: UInt64) {
        self.wall = wall
        self.monotonic = monotonic
    }

    /// This moment.
    package static func now() -> SpoolClock {
        let wall = time(CLOCK_REALTIME)
        let seconds = Int64(wall.tv_sec) - Civil.secondsFrom1970To2000
        return SpoolClock(
            wall: seconds * 1_000_000 + Int64(wall.tv_nsec) / 1_000, monotonic: monotonicNow())
    }

    /// The monotonic clock alone.
    static func monotonicNow() -> UInt64 {
        let time = time(CLOCK_MONOTONIC)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static func time(_ clock: clockid_t) -> timespec {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return time
    }
}
