// Turns the bytes of a connection into replies, however they are cut.
//
// This is hiredis' `redisReader` without its sockets: the event loop moves the bytes, so a reply
// that comes after its deadline is simply read and dropped. hiredis itself bounds neither the
// members of an array nor what it buffers; both are bounded here, before the memory is taken. A
// string that is too long is cut short, so that it spoils no other reply.

import CHiredis

/// An incremental RESP2 parser; after one failure it stays failed.
///
/// Sole owner of one `redisReader`, which is freed with it.
@safe package struct RedisReplyReader: ~Copyable {
    private let raw: UnsafeMutablePointer<redisReader>
    /// hiredis' own table of constructors, with `createArray` replaced by the bounded one.
    private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>
    private var failure: RedisError?
    private var cut: RedisStringCut

    /// A reader with nothing read; of a longer string it gives the first `stringBytesMax` bytes.
    package init(stringBytesMax: Int = RedisLimits.bulkBytesMax) {
        cut = RedisStringCut(bytesMax: stringBytesMax)
        guard let reader = unsafe redisReaderCreate(), let original = unsafe reader.pointee.fn
        else { preconditionFailure("hiredis could not allocate a reader: out of memory") }
        let functions = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
        unsafe functions.initialize(to: original.pointee)
        unsafe functions.pointee.createArray = boundedArray
        unsafe reader.pointee.fn = functions
        unsafe reader.pointee.privdata = UnsafeMutableRawPointer(original)
        unsafe self.raw = reader
        unsafe self.functions = functions
    }

    deinit {
        unsafe redisReaderFree(raw)
        unsafe functions.deallocate()
    }

    /// Takes the next bytes of the connection.
    ///
    /// - Throws: `.tooLarge` when an unfinished reply already fills `bufferedBytesMax`; the
    ///   failure of an earlier call again.
    package mutating func feed(_ bytes: Span<UInt8>) throws(RedisError) {
        if let failure { throw failure }
        guard !bytes.isEmpty else { return }
        let bytes = cut.pass(bytes)
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
        if unsafe raw.pointee.err == REDIS_ERR_OOM { return .tooLarge(limit: "elementsMax") }
        let text = unsafe withUnsafeBytes(of: &raw.pointee.errstr) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return .protocolViolation(reason: text)
    }
}

/// hiredis' `createArray`, refused (nil: hiredis reports it as out of memory) beyond the limit.
///
/// `privdata` holds hiredis' own table, set once by `RedisReplyReader.init`.
@unsafe private func boundedArray(
    task: UnsafePointer<redisReadTask>?, elements: Int32
) -> UnsafeMutableRawPointer? {
    guard elements <= RedisLimits.elementsMax, let task = unsafe task,
        let original = unsafe task.pointee.privdata
    else { return nil }
    let table = unsafe original.assumingMemoryBound(to: redisReplyObjectFunctions.self)
    return unsafe table.pointee.createArray(task, elements)
}
