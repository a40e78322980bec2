// A blocking connection to Redis for programs that may wait: the publisher of fragments.
//
// A reader would expect hiredis to write and read, too. It writes with write(2), so that a server
// which goes away kills the whole process by SIGPIPE, and it bounds nothing that it reads; hiredis
// only connects. It never reconnects: `redisReconnect` of 0.14.1 forgets the timeout.

import CHiredis
import Glibc
import Groundwork

/// One open connection; closed when the value goes out of scope.
///
/// Sole owner of one `redisContext`.
@safe package struct RedisConnection: ~Copyable {
    private let raw: UnsafeMutablePointer<redisContext>
    private var reader = RedisReplyReader()
    private var isPoisoned = false

    /// The bytes of one read.
    private static let readBytes = 16 << 10

    @unsafe private init(owning raw: UnsafeMutablePointer<redisContext>) {
        unsafe self.raw = unsafe raw
    }

    deinit { unsafe redisFree(raw) }

    /// Connects, logs in and selects the database.
    ///
    /// - Parameters:
    ///   - url: the server's address.
    ///   - timeout: for connecting, and then for each wait for the server; at least 1 ms.
    /// - Returns: the connection, logged in.
    /// - Throws: `.unreachable`, `.timedOut`, or `.refused` when AUTH or SELECT is.
    package static func open(
        _ url: RedisURL, timeout: Duration = .seconds(2)
    ) throws(RedisError) -> RedisConnection {
        let wait = timeval(max(timeout, .milliseconds(1)))
        let context =
            switch url.endpoint {
            case .tcp(let host, let port):
                unsafe redisConnectWithTimeout(host, Int32(port), wait)
            case .unix(let path):
                unsafe redisConnectUnixWithTimeout(path, wait)
            }
        guard let context = unsafe context else { throw .tooLarge(limit: "memory") }
        guard unsafe context.pointee.err == 0 else {
            let reason = unsafe text(of: context)
            unsafe redisFree(context)
            throw .unreachable(address: url.description, reason: reason)
        }
        var connection = unsafe RedisConnection(owning: context)
        guard unsafe redisSetTimeout(context, wait) == REDIS_OK else {
            throw .unreachable(address: url.description, reason: "no timeout could be set")
        }
        for command in url.handshake { _ = try connection.run(command) }
        return connection
    }

    /// Sends one command and waits for its reply.
    ///
    /// - Throws: `.refused` for an error reply (the connection stays usable); any other error
    ///   poisons the connection.
    package mutating func run(_ command: RedisCommand) throws(RedisError) -> RedisReply {
        let replies = try pipeline([command])
        if case .error(let code, _) = replies[0] { throw .refused(code: code) }
        return replies[0]
    }

    /// Sends several commands in one write and waits for all replies.
    ///
    /// - Parameter commands: at most `RedisLimits.pipelineMax`.
    /// - Returns: one reply per command, in order; error replies among them.
    /// - Throws: `.tooLarge` before anything is sent; any other error poisons the connection.
    package mutating func pipeline(
        _ commands: [RedisCommand]
    ) throws(RedisError) -> [RedisReply] {
        guard !isPoisoned else { throw .poisoned }
        guard commands.count <= RedisLimits.pipelineMax else {
            throw .tooLarge(limit: "pipelineMax")
        }
        var bytes: [UInt8] = []
        for command in commands { bytes += try command.encoded() }
        do {
            try send(bytes)
            var replies: [RedisReply] = []
            replies.reserveCapacity(commands.count)
            for _ in commands { replies.append(try receive()) }
            return replies
        } catch {
            isPoisoned = true
            throw error
        }
    }

    private func send(_ bytes: [UInt8]) throws(RedisError) {
        let descriptor = unsafe raw.pointee.fd
        let (sent, code) = SystemCall.whole(bytes.count) { sent in
            unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
        }
        guard sent < bytes.count else { return }
        throw code == EAGAIN ? .timedOut : .disconnected(reason: SystemCall.text(of: code))
    }

    private mutating func receive() throws(RedisError) -> RedisReply {
        while true {
            if let reply = try reader.next() { return reply }
            var code: Int32 = 0
            let descriptor = unsafe raw.pointee.fd
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Self.readBytes) {
                (buffer, count) in
                let got = SystemCall.uninterrupted {
                    unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
                }
                (count, code) = (max(0, got.result), got.code)
            }
            switch code {
            case 0 where bytes.isEmpty: throw .disconnected(reason: "the server closed it")
            case 0: try reader.feed(bytes.span)
            case EAGAIN: throw .timedOut
            default: throw .disconnected(reason: SystemCall.text(of: code))
            }
        }
    }

    @unsafe private static func text(of raw: UnsafeMutablePointer<redisContext>) -> String {
        unsafe withUnsafeBytes(of: &raw.pointee.errstr) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

extension timeval {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}
