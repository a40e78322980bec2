// An open log: a file, a pipe, a terminal or a socket.
//
// It never waits for whoever reads, so standard output is opened anew by its name in /proc where
// it could: there it does not wait, while it goes on to do so for everybody else who has it. A line
// of which a part was written when the disk was full is taken back, so that the next one begins on
// a line of its own; it never writes over what others wrote.

import Glibc
import Groundwork
import Synchronization
import SitegenCommands

/// Writes lines to a descriptor of its own.
final class LogSink: Sendable {
    /// How far a write came.
    enum Outcome: Equatable {
        case whole
        /// Whoever reads has to take something first.
        case full
        /// The system's code.
        case failed(Int32)
    }

    private enum Kind {
        case file
        case socket
        case other
    }

    /// Writes some of the bytes; how many, or the system's code below 0.
    typealias Writing = @Sendable (_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Int

    private let descriptor: Int32
    private let kind: Kind
    private let writing: Writing
    /// Whether the last line has no end.
    private let isInsideLine: Atomic<Bool>

    /// Opens a file, `-` for standard output; nil if that cannot be.
    ///
    /// `writing` is the system's own unless a test has a disk that is full.
    init?(_ path: String, writing: Writing? = nil) {
        let flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK
        var opened: Int32 = -1
        if path != "-" {
            opened = unsafe Glibc.open(path, flags | O_CREAT, 0o640)
        } else {
            if Self.kind(of: STDOUT_FILENO) == .other {
                opened = unsafe Glibc.open("/proc/self/fd/1", flags)
            }
            if opened < 0 { opened = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3) }
        }
        guard opened >= 0 else { return nil }
        descriptor = opened
        kind = Self.kind(of: opened)
        self.writing = writing ?? (kind == .socket ? Self.send : Self.write)
        isInsideLine = Atomic(path != "-" && kind == .file && !Self.endsWithLine(path))
    }

    deinit { close(descriptor) }

    /// Writes as many of these lines as go, and takes them off; what is left begins with a line
    /// that is not written, or with the rest of one that is `full`.
    func write(_ lines: inout ArraySlice<UInt8>) -> Outcome {
        if isInsideLine.load(ordering: .relaxed) {
            var end = [UInt8(ascii: "\n")][...]
            let outcome = put(&end)
            guard outcome == .whole else { return outcome }
            isInsideLine.store(false, ordering: .relaxed)
        }
        let whole = lines
        let outcome = put(&lines)
        guard case .failed = outcome else { return outcome }
        let written = whole[..<lines.startIndex]
        let lineStart = written.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
        let begun = lines.startIndex - (lineStart ?? written.startIndex)
        guard begun > 0 else { return outcome }
        if !takeBack(begun) { isInsideLine.store(true, ordering: .relaxed) }
        lines = whole[(lines.startIndex - begun)...]
        return outcome
    }

    private func put(_ bytes: inout ArraySlice<UInt8>) -> Outcome {
        while !bytes.isEmpty {
            let count = writing(descriptor, bytes)
            switch Int32(clamping: -count) {
            case EAGAIN: return .full
            case 0: return .failed(EIO)
            case let code where code > 0: return .failed(code)
            default: bytes = bytes.dropFirst(count)
            }
        }
        return .whole
    }

    private static func write(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Int {
        counted {
            unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
        }
    }

    private static func send(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Int {
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        return counted {
            unsafe bytes.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, flags)
            }
        }
    }

    /// How many bytes a call took; below 0 is an error's code with its sign turned.
    private static func counted(_ call: () -> Int) -> Int {
        let (count, code) = SystemCall.uninterrupted(call)
        return code == 0 ? count : -Int(code)
    }

    /// Removes the last bytes that were written, unless somebody has written behind them.
    private func takeBack(_ count: Int) -> Bool {
        guard kind == .file else { return false }
        let end = lseek(descriptor, 0, SEEK_CUR)
        var info = stat()
        guard end >= count, unsafe fstat(descriptor, &info) == 0, info.st_size == end,
            ftruncate(descriptor, end - count) == 0
        else { return false }
        return lseek(descriptor, end - count, SEEK_SET) >= 0
    }

    private static func kind(of descriptor: Int32) -> Kind {
        var info = stat()
        guard unsafe fstat(descriptor, &info) == 0 else { return .other }
        return switch info.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFSOCK: .socket
        default: .other
        }
    }

    /// Whether a file is empty or ends with a line; a program that was killed may have left it so.
    private static func endsWithLine(_ path: String) -> Bool {
        let file = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return true }
        defer { close(file) }
        let length = lseek(file, 0, SEEK_END)
        var last = UInt8(ascii: "\n")
        guard length > 0, unsafe pread(file, &last, 1, length - 1) == 1 else { return true }
        return last == UInt8(ascii: "\n")
    }
}
