// The access log on disk: lines are taken from event loops and written by a task of its own.
//
// A disk that is full, a pipe that nobody reads: neither holds a request up, nor the end of the
// server. A line is written whole or counted as lost, and what was lost is told once writing goes
// on. `reopen` is for programs that rotate logs by renaming them.

import Groundwork
import Synchronization
import SitegenCommands

/// A file, or standard output, that lines are appended to.
final class AccessLogFile: Sendable {
    private struct State {
        var lines: [UInt8] = []
        var isOver = false
        var isToReopen = false
    }

    private let path: String
    private let state = Mutex(State())
    private let lost = Atomic(0)
    /// Says that there is something to do; several times are one.
    private let work: AsyncStream<Void>.Continuation
    private let writing: Mutex<Task<Void, Never>?>

    /// The bytes that wait at most.
    static let waitingBytesMax = 4 << 20
    /// How long the end waits for a reader that takes nothing.
    static let finishingTime = Duration.seconds(1)
    /// How often a reader that takes nothing is tried again.
    static let pause = Duration.milliseconds(50)

    /// Opens the file, `-` for standard output, and starts the task.
    ///
    /// - Throws: a failure that names the file.
    init(_ path: String) throws {
        self.path = path
        guard let sink = LogSink(path) else {
            throw CommandFailure(
                .cannotWrite,
                "The access log \(path) cannot be opened.\nChoose a file that may be written.")
        }
        let (calls, work) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.work = work
        writing = Mutex(nil)
        let task = Task.detached { [self] in await run(calls, sink) }
        writing.withLock { $0 = task }
    }

    /// How many lines could not be written since the beginning.
    var lostLines: Int { lost.load(ordering: .relaxed) }

    /// Takes whole lines; never blocks.
    func add(_ lines: [UInt8]) {
        let isTaken = state.withLock { state in
            guard state.lines.count + lines.count <= Self.waitingBytesMax else { return false }
            state.lines += lines
            return true
        }
        if !isTaken { lose(lines[...]) }
        work.yield()
    }

    /// Opens the file anew before the next line.
    func reopen() {
        state.withLock { $0.isToReopen = true }
        work.yield()
    }

    /// Writes what waits, as far as somebody takes it, and closes.
    func finish() async {
        state.withLock { $0.isOver = true }
        work.yield()
        await writing.withLock { $0 }?.value
    }

    private func lose(_ lines: ArraySlice<UInt8>) {
        lost.add(lines.count { $0 == UInt8(ascii: "\n") }, ordering: .relaxed)
    }

    private func take() -> State {
        state.withLock { state in
            defer {
                state.lines = []
                state.isToReopen = false
            }
            return state
        }
    }

    private func run(_ calls: AsyncStream<Void>, _ first: LogSink) async {
        var sink = first
        var trouble = LogTrouble(path: path)
        for await _ in calls {
            let taken = take()
            if taken.isToReopen, path != "-" {
                if let opened = LogSink(path) {
                    sink = opened
                } else {
                    Terminal.note("the access log \(path) cannot be opened anew; the old one stays")
                }
            }
            await write(taken.lines, to: sink, &trouble)
            if taken.isOver { break }
        }
        trouble.end(lost: lostLines)
    }

    private func write(
        _ lines: [UInt8], to sink: LogSink, _ trouble: inout LogTrouble
    ) async {
        guard !lines.isEmpty else { return }
        var left = lines[...]
        var end: ContinuousClock.Instant?
        while true {
            let before = left.count
            switch sink.write(&left) {
            case .whole: return trouble.goOn(lost: lostLines)
            case .failed(let code):
                lose(left)
                return trouble.begin(code)
            case .full:
                // Nobody reads at the moment: what comes meanwhile waits, up to its limit.
                let now = ContinuousClock.now
                if left.count < before || !state.withLock({ $0.isOver }) { end = nil }
                let last = end ?? now + Self.finishingTime
                end = last
                guard now < last else { return lose(left) }
                try? await Task.sleep(for: Self.pause)
            }
        }
    }
}

/// Tells of trouble with a log once, and of its end.
private struct LogTrouble {
    let path: String
    private var isOn = false
    private var told = 0

    init(path: String) { self.path = path }

    mutating func begin(_ code: Int32) {
        guard !isOn else { return }
        isOn = true
        let reason = SystemCall.text(of: code)
        Terminal.note("the access log \(path) cannot be written (\(reason)): lines are lost")
    }

    mutating func goOn(lost: Int) {
        if isOn || lost > told {
            Terminal.note("the access log \(path) goes on; \(Self.lines(lost - told)) lost")
        }
        isOn = false
        told = lost
    }

    /// Says what was lost and not told yet.
    func end(lost: Int) {
        guard lost > told else { return }
        Terminal.note("the access log \(path) ends; \(Self.lines(lost - told)) lost")
    }

    private static func lines(_ count: Int) -> String {
        count == 1 ? "1 line was" : "\(count) lines were"
    }
}
