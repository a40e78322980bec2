// Rows whose pages end the program: a trap in a component cannot be caught, so the program begins
// again without that row (see CCrash.h).
//
// What crashed is in a file without a name that stays open from one run to the next. A row is set
// aside as long as it has the same digest; a route of which five rows crashed and none was made in
// between is not tried any more. Nothing of a row but its key is kept.

internal import CCrash
import Glibc
import ReleaseFormat
import Synchronization

/// What crashed in earlier runs, and the handler of crashes in this one.
package enum CrashLog {
    /// So many rows of a route in a row crash until its others are not tried.
    static let crashesInRowMax = 5
    /// The most records that are read; more are not written.
    static let recordsMax = 1_000

    private struct State: Sendable {
        var crashes: [Crash] = []
        var places: [String?] = []
        /// How many rows of a route crashed since one was made.
        var inRow: [String: Int] = [:]
    }

    private static let state = Mutex(State())

    /// Handles crashes from now on, and reads what crashed before.
    ///
    /// Once in a process.
    ///
    /// - Parameters:
    ///   - program: the program's file, which begins again after a crash.
    ///   - arguments: its arguments, the name first.
    ///   - environment: its environment without `variable`, each as `NAME=value`.
    ///   - variable: the name of the variable that tells the next run of the file.
    ///   - inherited: what the variable said; nil in the first run.
    /// - Returns: the crashes up to now, the one that ended the run before this one last; none in
    ///   the first run, and where crashes cannot be handled.
    package static func begin(
        program: String, arguments: [String], environment: [String], variable: String,
        inherited: String?
    ) -> [Crash] {
        var file: Int32 = -1
        if let number = inherited.flatMap({ Int32($0) }), let records = records(of: number) {
            file = number
            take(records)
        } else {
            file = sitegen_anonymous_file()
        }
        guard file >= 0 else { return [] }
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        // For the handler, as long as the process lives.
        let path = unsafe strdup(program)
        let list = unsafe pointers(arguments)
        let variables = unsafe pointers(environment + ["\(variable)=\(file)"])
        guard let path = unsafe path,
            unsafe sitegen_handle_crashes(file, path, list, variables) == 0
        else { return [] }
        return state.withLock { $0.crashes }
    }

    /// Says where the crashes were, each by file and line of the site's source, in their order; nil
    /// where that is not known.
    package static func locate(_ places: [String?]) {
        state.withLock { state in
            for (index, place) in places.enumerated() where state.places.indices.contains(index) {
                state.places[index] = place
            }
        }
    }

    /// This thread calls code of the author's from now on; a crash is put down to `work`.
    static func begin(_ work: NotedWork) {
        let (high, low) = work.digest?.halves ?? (0, 0)
        unsafe sitegen_begin_work(
            work.route, work.view, work.key, work.digest == nil ? 0 : 1, high, low)
    }

    /// It does so no more.
    static func end() { sitegen_end_work() }

    /// Calls code of the author's.
    static func during<T>(_ work: NotedWork, _ body: () -> T) -> T {
        begin(work)
        defer { end() }
        return body()
    }

    /// Why some work is not tried; nil if it is.
    static func obstacle(to work: NotedWork) -> PageProblem? {
        state.withLock { state in
            guard !state.crashes.isEmpty else { return nil }
            let recorded = work.recorded
            if let index = state.crashes.firstIndex(where: { $0.work == recorded }) {
                return state.crashes[index].problem(at: state.places[index])
            }
            let count = state.inRow[recorded.route, default: 0]
            guard count >= crashesInRowMax || state.crashes.count >= recordsMax / 2 else {
                return nil
            }
            return PageProblem(
                route: work.route, place: work.place,
                reason: "it was not tried, since \(count) rows of its type crashed, one after the "
                    + "other.\nMend those first.")
        }
    }

    /// Notes that something of a route was made, so that its crashes are of single rows.
    static func succeeded(_ route: String) {
        let isNews = state.withLock { state in
            guard !state.crashes.isEmpty else { return false }
            let recorded = NotedWork(route: route, view: "", key: "", digest: nil).recorded.route
            guard state.inRow[recorded, default: 0] > 0 else { return false }
            state.inRow[recorded] = 0
            return true
        }
        guard isNews else { return }
        var record = sitegen_crash_record()
        unsafe sitegen_set_work(&record.work, route, "", "", 0, 0, 0)
        let file = sitegen_crash_descriptor()
        _ = unsafe withUnsafeBytes(of: &record) { unsafe write(file, $0.baseAddress, $0.count) }
    }

    // MARK: Records

    private static func take(_ records: [sitegen_crash_record]) {
        state.withLock { state in
            for record in records {
                let crash = Crash(record)
                if crash.signal == 0 {
                    state.inRow[crash.work.route] = 0
                } else {
                    state.crashes.append(crash)
                    state.places.append(nil)
                    state.inRow[crash.work.route, default: 0] += 1
                }
            }
        }
    }

    /// The records of a file that an earlier run left open; nil if it is none of its.
    private static func records(of file: Int32) -> [sitegen_crash_record]? {
        let size = MemoryLayout<sitegen_crash_record>.size
        let end = lseek(file, 0, SEEK_END)
        guard end > 0, end % off_t(size) == 0, end / off_t(size) <= off_t(recordsMax) else {
            return nil
        }
        var records = [sitegen_crash_record](
            repeating: sitegen_crash_record(), count: Int(end) / size)
        let count = unsafe records.withUnsafeMutableBytes { bytes in
            unsafe pread(file, bytes.baseAddress, bytes.count, 0)
        }
        return count == Int(end) ? records : nil
    }

    /// Texts as C has them, the last followed by nothing; never given back.
    private static func pointers(
        _ texts: [String]
    ) -> UnsafePointer<UnsafeMutablePointer<CChar>?> {
        let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
            capacity: texts.count + 1)
        for (index, text) in texts.enumerated() {
            unsafe (list + index).initialize(to: strdup(text))
        }
        unsafe (list + texts.count).initialize(to: nil)
        return unsafe UnsafePointer(list)
    }
}

extension NotedWork {
    /// The work as a record has it: with texts that are cut to what fits.
    var recorded: NotedWork {
        let (high, low) = digest?.halves ?? (0, 0)
        var work = sitegen_noted_work()
        unsafe sitegen_set_work(&work, route, view, key, digest == nil ? 0 : 1, high, low)
        return NotedWork(work)
    }

    fileprivate init(_ work: sitegen_noted_work) {
        var work = work
        route = unsafe withUnsafeBytes(of: &work.route) { unsafe String(field: $0) }
        view = unsafe withUnsafeBytes(of: &work.view) { unsafe String(field: $0) }
        key = unsafe withUnsafeBytes(of: &work.key) { unsafe String(field: $0) }
        digest =
            work.has_row != 0 ? RowDigest(high: work.digest_high, low: work.digest_low) : nil
    }
}

extension Crash {
    fileprivate init(_ record: sitegen_crash_record) {
        var record = record
        work = NotedWork(record.work)
        signal = record.signal
        components = unsafe withUnsafeBytes(of: &record.components) { unsafe String(field: $0) }
        let count = min(max(Int(record.frame_count), 0), Int(SITEGEN_CRASH_FRAMES_MAX))
        frames = unsafe withUnsafeBytes(of: &record.frames) { bytes in
            unsafe Array(bytes.bindMemory(to: UInt64.self).prefix(count))
        }
    }
}

extension String {
    /// The text in front of the first 0 of a field.
    fileprivate init(field: UnsafeRawBufferPointer) {
        self = unsafe String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }
}
