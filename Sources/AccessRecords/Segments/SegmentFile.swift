// A segment's file, opened to be read, or closed in the place of a writer that was killed. Reading
// asks for nothing but the file and takes no lock, so it disturbs no writer. No link is followed,
// and a pipe in the place of a file does not wait for its writer.

import Glibc
import Groundwork

/// Sole owner of an open file.
struct SegmentFile: ~Copyable {
    let path: String
    private let number: Int32

    /// Opens a file.
    init(at path: String, isWritable: Bool = false) throws(SpoolFault) {
        self.path = path
        let flags = (isWritable ? O_RDWR : O_RDONLY) | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        number = unsafe open(path, flags)
        guard number >= 0 else { throw .system(call: "open", file: path, code: errno) }
    }

    deinit { close(number) }

    /// Its length.
    func length() throws(SpoolFault) -> Int {
        var info = stat()
        guard unsafe fstat(number, &info) == 0 else { throw fault("stat") }
        return Int(info.st_size)
    }

    /// The bytes of a range, fewer where the file ends.
    func read(_ range: Range<Int>) throws(SpoolFault) -> [UInt8] {
        var code: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            let room = UnsafeMutableRawBufferPointer(buffer)
            (filled, code) = SystemCall.whole(range.count) { done in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[done...])
                return unsafe pread(number, rest.baseAddress, rest.count, range.lowerBound + done)
            }
        }
        guard code == 0 else { throw .system(call: "read", file: path, code: code) }
        return bytes
    }

    /// Writes bytes in the middle of the file.
    func write(_ bytes: [UInt8], at offset: Int) throws(SpoolFault) {
        let (done, code) = SystemCall.whole(bytes.count) { done in
            unsafe bytes.withUnsafeBytes {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: $0[done...])
                return unsafe pwrite(number, rest.baseAddress, rest.count, offset + done)
            }
        }
        guard done == bytes.count else { throw .system(call: "write", file: path, code: code) }
    }

    /// Cuts the file off.
    func truncate(to length: Int) throws(SpoolFault) {
        guard ftruncate(number, length) == 0 else { throw fault("truncate") }
    }

    /// Waits until the file is on disk.
    func sync() throws(SpoolFault) {
        guard fdatasync(number) == 0 else { throw fault("fdatasync") }
    }

    /// Takes the lock that a writer holds for as long as it lives; false if one does.
    func lock() -> Bool { flock(number, LOCK_EX | LOCK_NB) == 0 }

    /// The header.
    func header() throws(SpoolFault) -> SegmentHeader {
        try SegmentHeader(try read(0..<SegmentHeader.byteCount), file: path)
    }

    /// The head of a frame; nil if the file ends before it, or it cannot be one.
    func frame(_ index: Int) throws(SpoolFault) -> SegmentFrame? {
        let start = SegmentFrame.start(index)
        return SegmentFrame(
            try read(start..<(start + SegmentFrame.headBytes)), index: index)
    }

    /// The body of a frame as far as its head says.
    func body(of frame: SegmentFrame) throws(SpoolFault) -> [UInt8] {
        try read(SegmentFrame.body(frame.index)..<frame.end)
    }

    /// The body of a closed frame, with the clocks before it; nil if it has another checksum.
    func summed(_ frame: SegmentFrame) throws(SpoolFault) -> [UInt8]? {
        let start = SegmentFrame.body(frame.index) - SegmentFrame.clockBytes
        let bytes = try read(start..<frame.end)
        let isWhole = bytes.count == SegmentFrame.clockBytes + frame.length
        return isWhole && SegmentFrame.storedSum(of: bytes.span) == frame.sum ? bytes : nil
    }

    private func fault(_ call: String) -> SpoolFault {
        .system(call: call, file: path, code: errno)
    }
}
