// Every way in which talking to Redis fails.
//
// A reader would expect that a timeout leaves the connection usable: it does not. The late reply
// would be taken for the next command's, so the connection is poisoned and must be opened again.
// No text here holds a value, a key or a password.

/// Why a Redis address, connection or command failed.
package enum RedisError: Error, Equatable, Sendable {
    /// The address cannot be read; `reason` says which part.
    case badURL(reason: String)
    /// The address asks for TLS, which this client does not speak.
    case encryptionUnsupported
    /// No connection could be made; `reason` is the system's text.
    case unreachable(address: String, reason: String)
    /// The server did not answer within the connection's timeout.
    case timedOut
    /// The server closed the connection, or the network did.
    case disconnected(reason: String)
    /// An earlier failure left replies unread: this connection must be opened again.
    case poisoned
    /// The server's bytes are no RESP2 reply.
    case protocolViolation(reason: String)
    /// A reply or a command is larger than `RedisLimits` allows; `limit` is the limit's name.
    case tooLarge(limit: String)
    /// The server answered with an error; `code` is its first word, such as `WRONGPASS`.
    case refused(code: String)
    /// The reply has another shape than the command's answer has.
    case unexpectedReply(command: String)
}

extension RedisError: CustomStringConvertible {
    /// What happened, then what to change; fit for logs.
    package var description: String {
        switch self {
        case .badURL(let reason):
            """
            The Redis address cannot be used: \(reason).
            Write redis://[user:password@]host[:port][/database] or unix:/path/of/the/socket.
            """
        case .encryptionUnsupported:
            """
            The Redis address starts with rediss://, but this client does not speak TLS.
            Use a Unix socket, a private network or a local TLS tunnel, with redis://.
            """
        case .unreachable(let address, let reason):
            "Redis at \(address) cannot be reached: \(reason).\nStart it, or change the address."
        case .timedOut:
            "Redis did not answer in time.\nCheck its load, or allow it more time."
        case .disconnected(let reason):
            "The connection to Redis ended: \(reason).\nOpen it again."
        case .poisoned:
            "An earlier failure made this connection to Redis unusable.\nOpen it again."
        case .protocolViolation(let reason):
            "The peer does not speak Redis' protocol: \(reason).\nCheck the address."
        case .tooLarge(let limit):
            "A command or reply exceeds RedisLimits.\(limit).\nStore less, or in smaller parts."
        case .refused(let code):
            "Redis refused a command: \(code).\nCheck the user's password and permissions."
        case .unexpectedReply(let command):
            "Redis answered \(command) in an unknown way.\nCheck the server's version."
        }
    }
}
