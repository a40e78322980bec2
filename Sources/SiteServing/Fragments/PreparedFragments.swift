import ContentEncoding
import Fragments
import Glibc
import Groundwork
import Hashing

/// Prepared fragments by content, so that unchanged bytes are prepared once.
struct PreparedFragments: Sendable {
    /// By hash of the HTML: many keys may hold the same, and a record renewed differs in its end.
    private var contents: LRUCache<[UInt8], ReadyFragment>
    /// By key: the length and hash of the value that was refused, so that it is told once.
    private var refused: LRUCache<FragmentKey, [UInt8]>
    private let now: @Sendable () -> UInt64
    private let onEvent: @Sendable (ServerEvent) -> Void

    /// An empty cache.
    ///
    /// - Parameters:
    ///   - bytesMax: what may be kept, in bytes.
    ///   - now: the time in milliseconds since 1970.
    ///   - onEvent: is told of each value that is refused, when it is first met.
    init(
        bytesMax: Int, now: @escaping @Sendable () -> UInt64 = PreparedFragments.clock,
        onEvent: @escaping @Sendable (ServerEvent) -> Void
    ) {
        contents = LRUCache(costMax: bytesMax - bytesMax / 4)
        refused = LRUCache(costMax: bytesMax / 4)
        self.now = now
        self.onEvent = onEvent
    }

    /// The fragment for the value Redis gave; none if it has ended or must not be shown.
    mutating func meet(_ value: [UInt8], for key: FragmentKey) -> JudgedValue {
        do throws(FragmentRefusal) {
            let (ready, expiry) = try prepare(value)
            refused.remove(key)
            guard expiry == 0 || expiry > now() else { return .absent }
            return JudgedValue(ready: ready, isRefused: false, expiry: expiry)
        } catch {
            // What is too long to be a value is told apart by its beginning.
            let mark = FragmentRecord.contentHash(
                of: Array(value.prefix(FragmentLimits.valueBytesMax)))
            if refused.value(key) != mark {
                refused.insert(mark, for: key, cost: key.bytes.count + 96)
                onEvent(.fragmentRefused(name: key.name, reason: error))
            }
            return JudgedValue(ready: nil, isRefused: true, expiry: 0)
        }
    }

    private mutating func prepare(
        _ value: [UInt8]
    ) throws(FragmentRefusal) -> (ReadyFragment, expiry: UInt64) {
        guard FragmentRecord.isRecord(value) else {
            guard value.count <= FragmentLimits.bytesMax else { throw .html }
            let version = FragmentRecord.contentHash(of: value)
            // Runs that a record brought for the same HTML are as good for this one.
            if let same = contents.value(version) { return (same, 0) }
            return (try prepare(value, runs: .none, version: version), 0)
        }
        let record: FragmentRecord
        do throws(FragmentRecordError) {
            record = try FragmentRecord(decoding: value)
        } catch {
            throw .record(error)
        }
        if let same = contents.value(record.contentHash), same.runs == record.runs {
            return (same, record.expiry)
        }
        let ready = try prepare(record.html, runs: record.runs, version: record.contentHash)
        return (ready, record.expiry)
    }

    private mutating func prepare(
        _ html: [UInt8], runs: FragmentRuns, version: [UInt8]
    ) throws(FragmentRefusal) -> ReadyFragment {
        let ready = try ReadyFragment(html, runs: runs, version: version)
        contents.insert(ready, for: version, cost: ready.prepared.storedBytes + 256)
        return ready
    }

    /// The machine's time in milliseconds since 1970.
    static let clock: @Sendable () -> UInt64 = {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_REALTIME, &time) == 0 else { return 0 }
        return UInt64(max(time.tv_sec, 0)) * 1_000 + UInt64(time.tv_nsec) / 1_000_000
    }
}
