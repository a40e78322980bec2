// The access log on disk: lines are taken from event loops and written by a task of its own.
//
// A disk that is slow or full never holds a request up: what does not fit the buffer is dropped,
// counted, and told once it goes on. `reopen` is for programs that rotate logs by renaming them.

import Glibc
import Synchronization

/// A file, or standard output, that lines are appended to.
final class AccessLogFile: Sendable {
    private struct State {
        var lines: [UInt8] = []
        var droppedBytes = 0
        var isOver = false
        var isToReopen = false
    }

    private let path: String
    private let state = Mutex(State())
    /// Says that there is something to do; several times are one.
    private let work: AsyncStream<Void>.Continuation
    private let writing: Mutex<Task<Void, Never>?>

    /// The bytes that wait at most.
    static let waitingBytesMax = 4 << 20

    /// Opens the file, `-` for standard output, and starts the task.
    ///
    /// - Throws: a failure that names the file.
    init(_ path: String) throws {
        self.path = path
        guard let descriptor = Self.open(path) else {
            throw CommandFailure(
                .cannotWrite,
                "The access log \(path) cannot be opened.\nChoose a file that may be written.")
        }
        let (calls, work) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.work = work
        writing = Mutex(nil)
        let task = Task.detached { [self] in await run(calls, descriptor) }
        writing.withLock { $0 = task }
    }

    /// Takes lines; never blocks.
    func add(_ lines: [UInt8]) {
        state.withLock { state in
            if state.lines.count + lines.count > Self.waitingBytesMax {
                state.droppedBytes += lines.count
            } else {
                state.lines += lines
            }
        }
        work.yield()
    }

    /// Opens the file anew before the next line.
    func reopen() {
        state.withLock { $0.isToReopen = true }
        work.yield()
    }

    /// Writes what waits and closes.
    func finish() async {
        state.withLock { $0.isOver = true }
        work.yield()
        await writing.withLock { $0 }?.value
    }

    private static func open(_ path: String) -> Int32? {
        if path == "-" { return STDOUT_FILENO }
        let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        return descriptor >= 0 ? descriptor : nil
    }

    private func run(_ calls: AsyncStream<Void>, _ first: Int32) async {
        var descriptor = first
        for await _ in calls {
            let taken = state.withLock { state in
                defer {
                    state.lines = []
                    state.droppedBytes = 0
                    state.isToReopen = false
                }
                return state
            }
            if taken.isToReopen, path != "-" {
                if let opened = Self.open(path) {
                    close(descriptor)
                    descriptor = opened
                } else {
                    Terminal.note("the access log \(path) cannot be opened anew; the old one stays")
                }
            }
            if taken.droppedBytes > 0 {
                Terminal.note("\(taken.droppedBytes) bytes of the access log were dropped")
            }
            Self.write(taken.lines, to: descriptor)
            if taken.isOver { break }
        }
    }

    private static func write(_ lines: [UInt8], to descriptor: Int32) {
        var done = 0
        while done < lines.count {
            let count = unsafe lines.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            done += count
        }
    }
}
