// What a name in a folder stands for, and why a file could not be read.
//
// The texts complete a sentence that begins with the file's name; whoever tells the fault says what
// to change, since that depends on what the file was wanted for.

import Groundwork

/// Why a file or folder could not be read.
package enum FileFault: Error, Hashable {
    /// It has no bytes that could be read.
    case notRegular(FileKind)
    /// It has more bytes than are allowed.
    case tooLong(limit: Int)
    /// The system refused.
    case refused(code: Int32)
}

extension FileFault: CustomStringConvertible {
    /// A sentence without its subject and its full stop.
    package var description: String {
        switch self {
        case .notRegular(let kind): "it is \(kind)"
        case .tooLong(let limit): "it has more than \(limit) bytes"
        case .refused(let code): "it cannot be read: \(SystemCall.text(of: code))"
        }
    }
}
