import Groundwork

/// A system call failed on a file that bytes are put aside in.
package struct SpoolError: Error, Equatable, Sendable {
    /// The call.
    package let call: String
    /// The folder or file that it was made for.
    package let file: String
    /// The system's code.
    package let code: Int32

    init(call: String, file: String, code: Int32) {
        self.call = call
        self.file = file
        self.code = code
    }
}

extension SpoolError: CustomStringConvertible {
    /// What happened, then what to change.
    package var description: String {
        """
        \(call) of \(file) failed: \(SystemCall.text(of: code)).
        Free some space there, or see to it that files can be made in it.
        """
    }
}
