// One command as the bytes that go to the server.
//
// Arguments are bytes, never text to be split: a key with a space or a CRLF in it cannot become
// a second command, since every argument is sent with its length.

import CHiredis

/// A Redis command: its name and its arguments.
package struct RedisCommand: Equatable, Sendable {
    /// The name first, then the arguments.
    package private(set) var arguments: [[UInt8]]

    /// A command from its name and text arguments, which are sent as UTF-8.
    package init(_ name: String, _ arguments: String...) {
        self.arguments = [Array(name.utf8)] + arguments.map { Array($0.utf8) }
    }

    /// A command from its name and byte arguments.
    package init(_ name: String, bytes arguments: [[UInt8]]) {
        self.arguments = [Array(name.utf8)] + arguments
    }

    /// The name, for error texts.
    package var name: String { String(decoding: arguments[0], as: UTF8.self) }

    /// The command in RESP, written by `redisFormatCommandArgv`.
    ///
    /// - Throws: `.tooLarge` beyond `argumentsMax` arguments or `bulkBytesMax` bytes in one.
    package func encoded() throws(RedisError) -> [UInt8] {
        guard arguments.count <= RedisLimits.argumentsMax else {
            throw .tooLarge(limit: "argumentsMax")
        }
        var flat: [UInt8] = []
        var starts: [Int] = []
        var lengths: [Int] = []
        for argument in arguments {
            guard argument.count <= RedisLimits.bulkBytesMax else {
                throw .tooLarge(limit: "bulkBytesMax")
            }
            starts.append(flat.count)
            lengths.append(argument.count)
            flat += argument
        }
        flat.append(0)  // keeps the base address non-nil for commands of empty arguments
        var target: UnsafeMutablePointer<CChar>?
        let count = unsafe flat.withUnsafeBytes { bytes in
            let base = unsafe bytes.assumingMemoryBound(to: CChar.self)
            var pointers = unsafe starts.map { unsafe base.baseAddress?.advanced(by: $0) }
            return unsafe redisFormatCommandArgv(
                &target, Int32(arguments.count), &pointers, lengths)
        }
        guard count > 0, let target = unsafe target else { throw .tooLarge(limit: "memory") }
        defer { unsafe redisFreeCommand(target) }
        return unsafe target.withMemoryRebound(to: UInt8.self, capacity: Int(count)) { bytes in
            unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
        }
    }
}
