// The key of the day, for all event loops: from the spool's `keys` file, or made here for lack of
// one.
//
// A key that is in use is used to its end, even if another has come into the file. An ended key is
// dropped from memory and from the file by whoever sees it first.

import AccessRecords
import Groundwork
import Hashing
import Synchronization

/// The keys of one server.
final class VisitorKeyRing: Sendable {
    private struct State {
        var current: VisitorKey?
        var known = VisitorKeys()
        var nextReading: Int64 = .min
        var fault: SpoolFault?
    }

    private let folder: AccessSpoolFolder
    private let state = Mutex(State())

    /// How often the file is read, in microseconds; sooner when a key ends.
    private static let readingMicros: Int64 = 60_000_000
    private static let dayMicros: Int64 = 86_400_000_000

    init(_ folder: AccessSpoolFolder) { self.folder = folder }

    /// Why the file cannot be read or written; nil if it can.
    var fault: SpoolFault? { state.withLock { $0.fault } }

    /// The key of this moment.
    ///
    /// It reads the file now and then, so it is for a loop's sweep, not for a request.
    func key(at now: Int64) -> VisitorKey? {
        state.withLock { state in
            let isOver = !(state.current?.holds(now) ?? false)
            if isOver || now >= state.nextReading { read(&state, now) }
            if isOver { state.current = state.known.key(at: now) ?? offer(&state, now) }
            return state.current
        }
    }

    private func read(_ state: inout State, _ now: Int64) {
        state.nextReading = now + Self.readingMicros
        do throws(SpoolFault) {
            let keys = try folder.keys() ?? VisitorKeys()
            state.known = VisitorKeys(keys.keys.filter { $0.until > now })
            if state.known != keys { try folder.write(state.known) }
            state.fault = nil
        } catch {
            state.fault = error
        }
    }

    /// Makes a key that lasts until midnight UTC and puts it into the file.
    private func offer(_ state: inout State, _ now: Int64) -> VisitorKey? {
        let from = now.quotientRoundingDown(by: Self.dayMicros) * Self.dayMicros
        guard let key = SipHash.Key(bytes: SpoolID().bytes) else { return nil }
        let offered = VisitorKey(
            from: from, until: from + Self.dayMicros, key: key, isOffered: true)
        state.known.keys.append(offered)
        // What is wrong with the file is told; it is not written over.
        guard state.fault == nil else { return offered }
        do throws(SpoolFault) { try folder.write(state.known) } catch { state.fault = error }
        return offered
    }
}
