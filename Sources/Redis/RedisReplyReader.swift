// Turns the bytes of a connection into replies, however they are cut.
//
// This is hiredis' `redisReader` without its sockets: the event loop moves the bytes, so a reply
// that comes after its deadline is simply read and dropped. hiredis itself bounds nothing: what it
// gets has passed `RedisReplyBounds` before.

import CHiredis

/// An incremental RESP2 parser; after one failure it stays failed.
///
/// Sole owner of one `redisReader`, which is freed with it.
@safe package struct RedisReplyReader: ~Copyable {
    private let raw: UnsafeMutablePointer<redisReader>
    private var failure: RedisError?
    private var bounds: RedisReplyBounds

    /// A reader with nothing read; of a longer string it gives the first `stringBytesMax` bytes.
    package init(stringBytesMax: Int = RedisLimits.bulkBytesMax) {
        bounds = RedisReplyBounds(stringBytesMax: stringBytesMax)
        guard let reader = unsafe redisReaderCreate() else {
            preconditionFailure("hiredis could not allocate a reader: out of memory")
        }
        unsafe self.raw = reader
    }

    deinit { unsafe redisReaderFree(raw) }

    /// Takes the next bytes of the connection.
    ///
    /// - Throws: `.tooLarge` when a reply is beyond a limit, `.protocolViolation` for a length that
    ///   is none; the failure of an earlier call again.
    package mutating func feed(_ bytes: Span<UInt8>) throws(RedisError) {
        if let failure { throw failure }
        let passed: [UInt8]
        do {
            passed = try bounds.pass(bytes)
        } catch {
            throw fail(error)
        }
        let bytes = passed
        guard !bytes.isEmpty else { return }
        let waiting = unsafe raw.pointee.len - raw.pointee.pos
        guard waiting + bytes.count <= RedisLimits.bufferedBytesMax else {
            throw fail(.tooLarge(limit: "bufferedBytesMax"))
        }
        let status = unsafe bytes.withUnsafeBytes { raw in
            unsafe redisReaderFeed(
                self.raw, raw.assumingMemoryBound(to: CChar.self).baseAddress, raw.count)
        }
        guard status == REDIS_OK else { throw fail(.tooLarge(limit: "memory")) }
    }

    /// The next whole reply; nil when more bytes are needed.
    ///
    /// - Throws: `.protocolViolation` or `.tooLarge`; the reader then stays failed.
    package mutating func next() throws(RedisError) -> RedisReply? {
        if let failure { throw failure }
        var reply: UnsafeMutableRawPointer?
        guard unsafe redisReaderGetReply(raw, &reply) == REDIS_OK else {
            throw fail(unsafe Self.reason(of: raw))
        }
        guard let reply = unsafe reply else { return nil }
        defer { unsafe freeReplyObject(reply) }
        do {
            return try unsafe RedisReply(
                copying: reply.assumingMemoryBound(to: redisReply.self).pointee)
        } catch {
            throw fail(error)
        }
    }

    private mutating func fail(_ error: RedisError) -> RedisError {
        failure = error
        return error
    }

    private static func reason(of raw: UnsafeMutablePointer<redisReader>) -> RedisError {
        if unsafe raw.pointee.err == REDIS_ERR_OOM { return .tooLarge(limit: "memory") }
        let text = unsafe withUnsafeBytes(of: &raw.pointee.errstr) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return .protocolViolation(reason: text)
    }
}
