// One reply of a Redis server as a Swift value, copied out of hiredis' tree.
//
// RESP2 only: hiredis 0.14.1 knows six kinds of reply, and a server that was switched to RESP3
// would poison the reader. Status and error lines are text; a bulk string is bytes, since nothing
// says that it is UTF-8.

import CHiredis

/// A reply in the protocol RESP2.
///
/// Source: https://redis.io/docs/reference/protocol-spec.
package enum RedisReply: Equatable, Sendable {
    /// `+OK`
    case status(String)
    /// `-ERR …`: code (the first word) and the whole line.
    case error(code: String, line: String)
    /// `:1000`
    case integer(Int)
    /// A bulk string.
    case bytes([UInt8])
    /// The null bulk string or null array.
    case null
    /// An array of replies.
    case array([RedisReply])

    /// Copies hiredis' tree; the caller still frees it.
    @unsafe init(
        copying raw: borrowing redisReply, depth: Int = 1
    ) throws(RedisError) {
        switch unsafe raw.type {
        case REDIS_REPLY_STATUS:
            self = .status(String(decoding: try unsafe Self.text(raw), as: UTF8.self))
        case REDIS_REPLY_ERROR:
            let line = String(decoding: try unsafe Self.text(raw), as: UTF8.self)
            self = .error(code: String(line.prefix { $0 != " " }), line: line)
        case REDIS_REPLY_INTEGER:
            self = .integer(unsafe Int(raw.integer))
        case REDIS_REPLY_STRING:
            self = .bytes(try unsafe Self.text(raw))
        case REDIS_REPLY_NIL:
            self = .null
        case REDIS_REPLY_ARRAY:
            guard depth <= RedisLimits.nestingMax else {
                throw .tooLarge(limit: "nestingMax")
            }
            guard unsafe raw.elements <= RedisLimits.elementsMax else {
                throw .tooLarge(limit: "elementsMax")
            }
            var members: [RedisReply] = []
            members.reserveCapacity(unsafe raw.elements)
            for index in unsafe 0..<raw.elements {
                guard let member = unsafe raw.element?[index] else {
                    throw .protocolViolation(reason: "an array lacks a member")
                }
                members.append(try unsafe RedisReply(copying: member.pointee, depth: depth + 1))
            }
            self = .array(members)
        default:
            throw .protocolViolation(reason: "an unknown kind of reply")
        }
    }

    @unsafe private static func text(
        _ raw: borrowing redisReply
    ) throws(RedisError) -> [UInt8] {
        guard unsafe raw.len <= RedisLimits.bulkBytesMax else {
            throw .tooLarge(limit: "bulkBytesMax")
        }
        guard let start = unsafe raw.str else { return [] }
        let count = unsafe raw.len
        return unsafe start.withMemoryRebound(to: UInt8.self, capacity: count) { bytes in
            unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
        }
    }
}
