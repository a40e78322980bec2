// The few commands sitegen sends, each with the type of its answer.
//
// A value is bytes and stays bytes. EX counts whole seconds; Redis refuses 0.

extension RedisConnection {
    /// PING; returns when the server answered.
    package mutating func ping() throws(RedisError) {
        guard case .status("PONG") = try run(RedisCommand("PING")) else {
            throw .unexpectedReply(command: "PING")
        }
    }

    /// SET, with EX when `expiry` is given: whole seconds from now, at least 1; nil keeps the
    /// value for good.
    package mutating func set(
        _ key: [UInt8], to value: [UInt8], expiry: Int? = nil
    ) throws(RedisError) {
        let command = RedisCommand.set(key, to: value, expiry: expiry)
        guard case .status("OK") = try run(command) else {
            throw .unexpectedReply(command: "SET")
        }
    }

    /// MGET: one value per key in the order of `keys`; nil for a key without a string.
    package mutating func values(of keys: [[UInt8]]) throws(RedisError) -> [[UInt8]?] {
        if keys.isEmpty { return [] }
        let reply = try run(RedisCommand("MGET", bytes: keys))
        guard let values = reply.values, values.count == keys.count else {
            throw .unexpectedReply(command: "MGET")
        }
        return values
    }
}

extension RedisCommand {
    /// SET key value, with EX seconds (at least 1) when `expiry` is given.
    package static func set(_ key: [UInt8], to value: [UInt8], expiry: Int?) -> RedisCommand {
        guard let expiry else { return RedisCommand("SET", bytes: [key, value]) }
        return RedisCommand(
            "SET", bytes: [key, value, Array("EX".utf8), Array(String(max(1, expiry)).utf8)])
    }
}

extension RedisReply {
    /// The members of an MGET's answer; nil if this is no array of strings and nulls.
    package var values: [[UInt8]?]? {
        guard case .array(let members) = self else { return nil }
        var values: [[UInt8]?] = []
        values.reserveCapacity(members.count)
        for member in members {
            switch member {
            case .bytes(let bytes): values.append(bytes)
            case .null: values.append(nil)
            default: return nil
            }
        }
        return values
    }
}
