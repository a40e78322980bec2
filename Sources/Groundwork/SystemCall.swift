// What every system call needs: to be made again when a signal ends it, to go on where it stopped,
// and its error in words.
//
// Nothing is opened, read or written here; the calls are the caller's.

internal import Glibc

/// System calls, repeated and told.
package enum SystemCall {
    /// The system's words for an error code.
    package static func text(of code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(
            decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Makes a call again for as long as a signal interrupts it.
    ///
    /// - Parameter call: gives a number below 0 where it fails, and leaves its code in `errno`.
    /// - Returns: what it gave, and 0 or the code.
    package static func uninterrupted(_ call: () -> Int) -> (result: Int, code: Int32) {
        while true {
            let result = call()
            let code = result < 0 ? errno : 0
            if code != EINTR { return (result, code) }
        }
    }

    /// Goes on with a call that does a part at a time until all is done.
    ///
    /// - Parameters:
    ///   - count: how many bytes there are.
    ///   - call: is given how many are done; gives how many more, 0 where nothing more can be.
    /// - Returns: how many were done, and 0 or the code of the failure.
    package static func whole(_ count: Int, _ call: (Int) -> Int) -> (done: Int, code: Int32) {
        var done = 0
        while done < count {
            let (more, code) = uninterrupted { call(done) }
            guard more > 0 else { return (done, code) }
            done += more
        }
        return (done, 0)
    }
}
