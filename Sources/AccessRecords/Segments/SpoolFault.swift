// What can be wrong with a spool. A server that is running meets none of these in a request: there
// a record without room is counted, and nothing else happens. Each text says what happened and
// what to change.

import Glibc
internal import Groundwork

/// Why a spool or a segment cannot be used.
package enum SpoolFault: Error, Equatable, Sendable {
    /// A system call failed.
    case system(call: String, file: String, code: Int32)
    /// The file is empty, or its writer has not begun: read it later.
    case notBegun(file: String)
    /// The file is no segment, or its header is damaged.
    case notASegment(file: String)
    /// The segment was written by a newer sitegen; it is left alone.
    case newerVersion(file: String, version: Int)
    /// The folder holds as much as it may.
    case full(folder: String, bytesMax: Int)
    /// The file with the keys of visitors is none.
    case badKeys(file: String, line: Int)
}

extension SpoolFault {
    /// Whether the disk, or this user's share of it, has no room: it may have some later.
    package var isFullDisk: Bool {
        guard case .system(_, _, let code) = self else { return false }
        return code == ENOSPC || code == EDQUOT
    }
}

extension SpoolFault: CustomStringConvertible {
    /// What happened, then what to change.
    package var description: String {
        switch self {
        case .system(let call, let file, let code):
            """
            \(call) of \(file) failed: \(SystemCall.text(of: code)).
            See to it that the spool's folder exists, may be written and has room.
            """
        case .notBegun(let file):
            "\(file) has no records yet.\nRead it later."
        case .notASegment(let file):
            "\(file) is no segment of an access spool.\nMove it out of the folder."
        case .newerVersion(let file, let version):
            """
            \(file) has version \(version) of the spool's format, which this sitegen does not know.
            Read it by the sitegen that wrote it, or a newer one.
            """
        case .full(let folder, let bytesMax):
            """
            The access spool \(folder) holds \(bytesMax) bytes, which is all it may.
            Run `sitegen log ingest`, which empties it, or allow more by --spool-max.
            """
        case .badKeys(let file, let line):
            """
            Line \(line) of \(file) is no key of visitors.
            Remove the file: the server makes a key, and `sitegen log ingest` writes the file anew.
            """
        }
    }
}
