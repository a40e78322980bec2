// A redis-server of one test's own, which the test may stop, continue and kill.
//
// It listens on a Unix socket in a new folder and keeps nothing on disk. Unlike ThrowAwayRedis,
// which all tests of a process share and nobody may disturb, it costs a start per test: use it
// where the server misbehaves, has settings of its own or must begin empty. A test process that is
// killed leaves it running; ThrowAwayRedis has a supervisor for that.

import Foundation
import Glibc
import Synchronization

/// A redis-server process that ends with the object.
public final class RedisProcess: Sendable {
    /// nil after its end, when its number may be another's.
    private let running: Mutex<ChildProgram?>
    private let folder: URL
    private let arguments: [String]

    /// The path of its socket.
    public var socket: String { folder.appendingPathComponent("redis.sock").path }

    /// Its address.
    public var url: String { "unix:\(socket)" }

    /// Starts a server and waits until its socket is there.
    public init(arguments: [String] = []) throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("sitegen-redis-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.arguments =
            [
                "--port", "0", "--unixsocket", folder.appendingPathComponent("redis.sock").path,
                "--save", "", "--appendonly", "no", "--daemonize", "no",
            ] + arguments
        running = Mutex(try Self.start(self.arguments, in: folder))
        waitUntilListening()
    }

    private static func start(_ arguments: [String], in folder: URL) throws -> ChildProgram {
        try ChildProgram("/usr/bin/redis-server", arguments, in: folder.path)
    }

    private func waitUntilListening() {
        let deadline = Date().addingTimeInterval(10)
        while !isListening, Date() < deadline { usleep(5_000) }
    }

    /// Starts it again, empty, after `end`.
    public func restart() throws {
        let process = try Self.start(arguments, in: folder)
        running.withLock { $0 = process }
        waitUntilListening()
    }

    /// Whether it takes connections: the socket's file is there a moment earlier.
    private var isListening: Bool {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socket.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    /// Stops it without ending it: connections stay open and nothing is answered.
    public func pause() { send(SIGSTOP) }

    /// Lets it go on.
    public func resume() { send(SIGCONT) }

    /// Kills it.
    public func end() {
        running.withLock { child in
            if let child {
                kill(child.process, SIGKILL)
                child.wait()
            }
            child = nil
        }
    }

    private func send(_ signal: Int32) {
        running.withLock { child in
            if let child { kill(child.process, signal) }
        }
    }

    deinit {
        end()
        try? FileManager.default.removeItem(at: folder)
    }
}
