// The bounds of this module, each with its name.
//
// They are generous for a slow disk and a busy machine: a start that needs longer than these is
// stuck, and waiting on would only hide why.

/// How long and how much this module waits, reads and writes at most.
enum PrivateServerLimits {
    /// Seconds from starting a server until it answers; crash recovery of a cluster is included.
    static let startSecondsMax = 60
    /// Seconds from asking a server to stop until its supervisor is gone.
    static let stopSecondsMax = 60
    /// Pause between two looks at something that has no event to wait for, in milliseconds.
    static let pollMilliseconds = 5
    /// Lines at the end of a server's log that an error quotes.
    static let logLinesQuoted = 12
    /// Bytes at the end of a server's log that are read to find those lines.
    static let logBytesRead = 8_192
    /// Bytes of a small file (process id, socket name) that are read.
    static let smallFileBytesMax = 4_096
    /// Bytes of a Unix socket's path: `sun_path` holds 108 with its final zero, unix(7).
    static let socketPathBytesMax = 107
}
