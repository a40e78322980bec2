// The address of a Redis server, read from a URL.
//
// Forms: redis://[user[:password]@]host[:port][/database], unix:/path, unix:///path and
// redis+unix:///path, the last three with ?db=N. As in redis-cli, a lone name before `@` is a
// user and `:password@` a password of the default user. Passwords never appear in `description`.

import Groundwork

/// Where a Redis server listens, and as whom to log in.
package struct RedisURL: Equatable, Sendable {
    /// A network address or a socket in the file system.
    package enum Endpoint: Equatable, Sendable {
        /// A host name or address (IPv6 without brackets) and a port.
        case tcp(host: String, port: Int)
        /// The path of a Unix socket.
        case unix(path: String)
    }

    /// Where to connect.
    package var endpoint: Endpoint
    /// The user of AUTH; nil means Redis' default user.
    package var user: String?
    /// The password of AUTH; nil means that none is sent.
    var password: String?
    /// The database to SELECT; 0 is where every connection begins.
    package var database: Int

    /// An address from its parts.
    package init(
        endpoint: Endpoint, user: String? = nil, password: String? = nil, database: Int = 0
    ) {
        self.endpoint = endpoint
        self.user = user
        self.password = password
        self.database = database
    }

    /// Reads a URL.
    ///
    /// - Throws: `.badURL` naming the part, `.encryptionUnsupported` for `rediss://`.
    package init(_ text: String) throws(RedisError) {
        guard text.utf8.count <= RedisLimits.urlBytesMax else {
            throw .badURL(reason: "it is longer than \(RedisLimits.urlBytesMax) bytes")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .badURL(reason: "it holds a space or a byte that must be percent-encoded")
        }
        let scheme = text.prefix { $0 != ":" }
        var rest = text[scheme.endIndex...].dropFirst()
        switch scheme.lowercased() {
        case "redis":
            guard rest.hasPrefix("//") else { throw .badURL(reason: "`//` must follow `redis:`") }
            try self.init(network: rest.dropFirst(2))
        case "unix", "redis+unix":
            if rest.hasPrefix("//") { rest = rest.dropFirst(2) }
            try self.init(socket: rest)
        case "rediss":
            throw .encryptionUnsupported
        default:
            throw .badURL(reason: "its scheme is not redis, unix or redis+unix")
        }
    }

    private init(network text: Substring) throws(RedisError) {
        let authority = text.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        var path = text[authority.endIndex...]
        guard !path.contains("?"), !path.contains("#") else {
            throw .badURL(reason: "a redis:// address takes no `?` or `#`")
        }
        var (user, password): (String?, String?) = (nil, nil)
        var hostAndPort = authority
        if let at = authority.lastIndex(of: "@") {
            (user, password) = try Self.credentials(authority[..<at])
            hostAndPort = authority[authority.index(after: at)...]
        }
        let (host, port) = try Self.hostAndPort(hostAndPort)
        path = path.dropFirst()
        self.init(
            endpoint: .tcp(host: host, port: port), user: user, password: password,
            database: try Self.database(path))
    }

    private init(socket text: Substring) throws(RedisError) {
        var (user, password): (String?, String?) = (nil, nil)
        var rest = text
        if !rest.hasPrefix("/"), let at = rest.firstIndex(of: "@") {
            (user, password) = try Self.credentials(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        let path = try Self.decoded(rest.prefix { $0 != "?" }, part: "path")
        guard path.hasPrefix("/"), path.utf8.count > 1 else {
            throw .badURL(reason: "the socket's path must begin with `/`")
        }
        guard path.utf8.count <= RedisLimits.socketPathBytesMax else {
            throw .badURL(
                reason: "the socket's path exceeds \(RedisLimits.socketPathBytesMax) bytes")
        }
        var database = 0
        let query = rest.drop { $0 != "?" }.dropFirst()
        if !query.isEmpty {
            guard query.hasPrefix("db=") else { throw .badURL(reason: "only ?db=N is known") }
            database = try Self.database(query.dropFirst(3))
        }
        self.init(
            endpoint: .unix(path: path), user: user, password: password, database: database)
    }

    private static func credentials(
        _ text: Substring
    ) throws(RedisError) -> (String?, String?) {
        let user = try decoded(text.prefix { $0 != ":" }, part: "user")
        let rest = text.drop { $0 != ":" }
        let password = rest.isEmpty ? nil : try decoded(rest.dropFirst(), part: "password")
        if password == nil, !user.isEmpty {
            throw .badURL(reason: "it names a user but no password")
        }
        return (user.isEmpty ? nil : user, password?.isEmpty == true ? nil : password)
    }

    private static func hostAndPort(_ text: Substring) throws(RedisError) -> (String, Int) {
        var host = text.prefix { $0 != ":" }
        var rest = text[host.endIndex...]
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else {
                throw .badURL(reason: "`]` is missing after the IPv6 address")
            }
            host = text[..<close].dropFirst()
            rest = text[text.index(after: close)...]
        }
        guard !host.isEmpty else { throw .badURL(reason: "the host is missing") }
        if rest.isEmpty { return (String(host), 6379) }
        guard rest.hasPrefix(":"), let port = number(rest.dropFirst()), (1...65_535).contains(port)
        else { throw .badURL(reason: "the port is not a number from 1 to 65535") }
        return (String(host), port)
    }

    private static func database(_ text: Substring) throws(RedisError) -> Int {
        if text.isEmpty { return 0 }
        guard let number = number(text) else {
            throw .badURL(reason: "the database is not a number")
        }
        return number
    }

    /// Digits only: `Int` alone would take `+1`.
    private static func number(_ text: Substring) -> Int? {
        guard (1...9).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(text)
    }

    private static func decoded(_ text: Substring, part: String) throws(RedisError) -> String {
        let coded = Array(text.utf8)
        guard let bytes = PercentCoding.decoded(coded.span, coded.indices), !bytes.contains(0)
        else { throw .badURL(reason: "the \(part) holds a `%` without two digits") }
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw .badURL(reason: "the \(part) is not UTF-8")
        }
        return string
    }

    /// What a fresh connection sends first: AUTH and SELECT, each only if needed.
    package var handshake: [RedisCommand] {
        var commands: [RedisCommand] = []
        if let password {
            commands.append(
                user.map { RedisCommand("AUTH", $0, password) } ?? RedisCommand("AUTH", password))
        }
        if database != 0 { commands.append(RedisCommand("SELECT", String(database))) }
        return commands
    }
}

extension RedisURL: CustomStringConvertible {
    /// The address without user and password.
    package var description: String {
        switch endpoint {
        case .tcp(let host, let port):
            host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): path
        }
    }
}
