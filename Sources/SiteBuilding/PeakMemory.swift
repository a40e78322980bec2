// The largest resident size that this process has had, as the kernel counts it.
//
// From /proc/self/status, not from getrusage(2): that figure outlives exec, so that a program
// started by a large one would report the size of the other.

import Glibc

/// What this process has needed.
enum PeakMemory {
    /// The most bytes that a status is read to.
    private static let statusBytesMax = 8192

    /// The peak in bytes; 0 where the system does not say.
    static func bytes() -> Int {
        let descriptor = unsafe open("/proc/self/status", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var text = [UInt8](repeating: 0, count: statusBytesMax)
        let count = unsafe read(descriptor, &text, text.count)
        return parsed(String(decoding: text.prefix(max(count, 0)), as: UTF8.self))
    }

    /// Reads the line `VmHWM:    40960 kB` (proc_pid_status(5)).
    static func parsed(_ status: String) -> Int {
        for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
            let words = line.split { $0 == " " || $0 == "\t" }
            return words.count > 1 ? (Int(words[1]) ?? 0) * 1024 : 0
        }
        return 0
    }
}
