// Programs that tests start: posix_spawn(3), waitpid(2), and files to be fed from and written to.
//
// Foundation's Process is not used: it waits in a run loop while another thread takes the end of
// the child apart, and now and then that ends the test process on a busy machine. Files cannot fill
// up as pipes do, so neither side ever waits for the other.

import CLinux
import Glibc

/// A child that was started and has to be waited for.
public struct ChildProgram: Sendable {
    /// Its process.
    public let process: Int32

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: the file of the program.
    ///   - arguments: those behind its name.
    ///   - folder: where it works; nil for this process's own.
    ///   - input: a descriptor to read from; nil for nothing to read.
    ///   - output: a descriptor to write to; nil throws away what it writes.
    ///   - errors: the same for its standard error.
    /// - Throws: `ChildProgramError` if it cannot be started.
    public init(
        _ path: String, _ arguments: [String], in folder: String? = nil, input: Int32? = nil,
        output: Int32? = nil, errors: Int32? = nil
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, given, mode) in [
            (0, input, O_RDONLY), (1, output, O_WRONLY), (2, errors, O_WRONLY),
        ] {
            if let given {
                posix_spawn_file_actions_adddup2(&actions, given, Int32(descriptor))
            } else {
                posix_spawn_file_actions_addopen(
                    &actions, Int32(descriptor), "/dev/null", mode, 0)
            }
        }
        // Threads that run tests hold signals back, and a child would go on doing that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        // A program that held a connection of this process would keep it from ending.
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        let command = (folder.map { ["/usr/bin/env", "-C", $0] } ?? []) + [path] + arguments
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        defer { for word in words { free(word) } }
        words.append(nil)
        var process: pid_t = 0
        let code = posix_spawn(&process, command[0], &actions, &attributes, words, environ)
        guard code == 0 else { throw ChildProgramError(program: path, code: code) }
        self.process = process
    }

    /// Waits for its end: the exit status, or 128 and the signal that ended it.
    @discardableResult public func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }
}

/// A program could not be started, or its files not be made.
public struct ChildProgramError: Error {
    /// The program.
    public let program: String
    /// The `errno`.
    public let code: Int32
}

/// Runs a program with bytes on its standard input; gives its output and its exit status.
///
/// With `joiningErrors`, what it writes to standard error is part of the output.
public func run(
    _ program: String, _ arguments: [String], in folder: String? = nil, input: [UInt8] = [],
    joiningErrors: Bool = false
) throws -> (output: [UInt8], status: Int32) {
    let (inward, outward) = try (scratchFile(), scratchFile())
    defer {
        close(inward)
        close(outward)
    }
    var written = 0
    while written < input.count {
        let count = input.withUnsafeBytes {
            write(inward, $0.baseAddress?.advanced(by: written), input.count - written)
        }
        guard count > 0 else { throw ChildProgramError(program: program, code: errno) }
        written += count
    }
    lseek(inward, 0, SEEK_SET)
    let child = try ChildProgram(
        program, arguments, in: folder, input: inward, output: outward,
        errors: joiningErrors ? outward : nil)
    let status = child.wait()
    lseek(outward, 0, SEEK_SET)
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(outward, &chunk, chunk.count)
        guard count > 0 else { return (output, status) }
        output += chunk[..<count]
    }
}

/// A file without a name, gone with its descriptor.
private func scratchFile() throws -> Int32 {
    var template = Array("/tmp/sitegen-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw ChildProgramError(program: "mkstemp", code: errno) }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
}
