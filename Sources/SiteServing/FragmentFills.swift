// Fragments on their way from Redis into a page.
//
// A value is read, proven and prepared when it is first met, never for each request; nothing is
// compressed here. What is damaged, has ended, does not fit its slot or could leave it, is not
// shown: the page's fallback is, and the tag says so.

package import ContentEncoding
package import Fragments
import Glibc
import Hashing

/// Why a fragment that is in Redis is not shown.
package enum FragmentRefusal: Error, Hashable, Sendable {
    /// It is no usable record.
    case record(FragmentRecordError)
    /// Its HTML is too long, no text, or could leave the slot.
    case html
    /// A compressed run of its record is not that of its HTML.
    case runs
}

extension FragmentRefusal: CustomStringConvertible {
    /// What is wrong and what to change; nothing of the fragment's content.
    package var description: String {
        switch self {
        case .record(let error): "\(error)"
        case .html:
            "It is longer than \(FragmentLimits.bytesMax) bytes, no UTF-8 text, or could leave its "
                + "slot; write closed elements without scripts and styles."
        case .runs: "A compressed run is not that of its HTML; leave it out or make it anew."
        }
    }
}

/// A fragment that may be spliced, and the version of its content.
///
/// A class, so that taking one from a table costs one reference and equality can be identity.
package final class ReadyFragment: Sendable {
    /// What the splicer takes.
    package let prepared: PreparedFragment
    /// The first 16 bytes of the SHA-256 of the HTML.
    let version: [UInt8]
    /// The compressed forms that were proven.
    let runs: FragmentRuns

    /// Checks and prepares a fragment's HTML, to be sent raw; nil if it must not be shown.
    package convenience init?(_ html: [UInt8]) {
        do throws(FragmentRefusal) {
            try self.init(html, runs: .none, version: FragmentRecord.contentHash(of: html))
        } catch {
            return nil
        }
    }

    /// Checks a fragment's HTML, proves its runs by decoding them, and prepares both.
    init(
        _ html: [UInt8], runs: FragmentRuns, version: [UInt8]
    ) throws(FragmentRefusal) {
        guard FragmentCheck.fault(in: html) == nil else { throw .html }
        do throws(EncodingError) {
            prepared = try PreparedFragment(html, runs: runs)
        } catch .runMismatch {
            throw .runs
        } catch {
            throw .html
        }
        self.version = version
        self.runs = runs
    }
}

/// What became of a value from Redis.
struct MetFragment: Sendable {
    /// nil if there is nothing to show.
    let ready: ReadyFragment?
    /// Whether there is something that must not be shown.
    let isRefused: Bool
    /// When it ends, in milliseconds since 1970; 0 for never.
    let expiry: UInt64

    static let absent = MetFragment(ready: nil, isRefused: false, expiry: 0)
}

/// Prepared fragments by content, so that unchanged bytes are prepared once.
struct FragmentCache: Sendable {
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
        bytesMax: Int, now: @escaping @Sendable () -> UInt64 = FragmentCache.clock,
        onEvent: @escaping @Sendable (ServerEvent) -> Void
    ) {
        contents = LRUCache(costMax: bytesMax - bytesMax / 4)
        refused = LRUCache(costMax: bytesMax / 4)
        self.now = now
        self.onEvent = onEvent
    }

    /// The fragment for the value Redis gave; none if it has ended or must not be shown.
    mutating func meet(_ value: [UInt8], for key: FragmentKey) -> MetFragment {
        do throws(FragmentRefusal) {
            let (ready, expiry) = try prepare(value)
            refused.remove(key)
            guard expiry == 0 || expiry > now() else { return .absent }
            return MetFragment(ready: ready, isRefused: false, expiry: expiry)
        } catch {
            // What is too long to be a value is told apart by its beginning.
            let mark = FragmentRecord.contentHash(
                of: Array(value.prefix(FragmentLimits.valueBytesMax)))
            if refused.value(key) != mark {
                refused.insert(mark, for: key, cost: key.bytes.count + 96)
                onEvent(.fragmentRefused(name: key.name, reason: error))
            }
            return MetFragment(ready: nil, isRefused: true, expiry: 0)
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

/// What fills the slots of one answer.
package struct SlotFills: Sendable {
    /// One for each slot inside the page; nil is the fallback.
    let prepared: [PreparedFragment?]
    /// What follows the page.
    let tail: [TailFragment]
    /// The slots whose fragment is too long, by place, with its length in bytes.
    let overflows: [(slot: Int, byteCount: Int)]
    /// How many slots show a fragment.
    let filledCount: Int
    /// 11 characters over the contents of all slots, in order.
    let tag: [UInt8]

    /// Chooses fragments that fit; the others become fallbacks.
    ///
    /// - Parameters:
    ///   - fragments: those of the slots, then those of the places behind the page; what is missing
    ///     at the end counts as nil.
    ///   - slots: the slots inside the page.
    ///   - places: where what follows the page belongs.
    init(_ fragments: [ReadyFragment?], slots: [SlotGeometry], places: [TailPlace] = []) {
        var prepared: [PreparedFragment?] = []
        var tail: [TailFragment] = []
        var overflows: [(slot: Int, byteCount: Int)] = []
        var versions: [UInt8] = []
        versions.reserveCapacity((slots.count + places.count) * 17)
        for index in 0..<(slots.count + places.count) {
            var fragment = index < fragments.count ? fragments[index] : nil
            if index < slots.count {
                if let ready = fragment, !ready.prepared.fits(slots[index]) {
                    overflows.append((index, ready.prepared.byteCount))
                    fragment = nil
                }
                prepared.append(fragment?.prepared)
            } else if let fragment {
                tail.append(TailFragment(fragment.prepared, to: places[index - slots.count]))
            }
            versions.append(fragment == nil ? 0 : 1)
            versions += fragment?.version ?? []
        }
        self.prepared = prepared
        self.tail = tail
        self.overflows = overflows
        filledCount = prepared.count { $0 != nil } + tail.count
        tag = Array(SHA256Digest(of: versions).base64URL(prefix: 11).utf8)
    }
}
