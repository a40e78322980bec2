// Where the server listens: a host and port, or a Unix socket.
//
// A socket file outlives the program that made it. It is removed only if it is a socket and
// nobody answers on it; anything else at that path is left alone and reported.

import Glibc
import NIOCore

/// An address to listen on, or the one that is listened on.
package enum ListenAddress: Hashable, Sendable {
    /// A host name or address (IPv6 without brackets), and a port; 0 takes any free one.
    case tcp(host: String, port: Int)
    /// The path of a Unix socket.
    case unix(path: String)
    /// A socket that listens already, by its descriptor: whoever started this program opened it.
    case inherited(Int32)

    /// The longest path of a Unix socket (`sun_path` of unix(7) less its NUL), in bytes.
    static let socketPathBytesMax = 107

    /// Reads `HOST:PORT`, `[IPV6]:PORT`, `:PORT` (loopback), `unix:PATH` or `fd:NUMBER`.
    ///
    /// - Throws: `.badAddress`.
    package init(_ text: String) throws(ServingError) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard !path.isEmpty, path.utf8.count <= Self.socketPathBytesMax,
                !path.utf8.contains(0)
            else { throw .badAddress(text) }
            self = .unix(path: path)
            return
        }
        if text.hasPrefix("fd:") {
            guard let number = Int32(text.dropFirst(3)), number > 2 else {
                throw .badAddress(text)
            }
            self = .inherited(number)
            return
        }
        guard let colon = text.lastIndex(of: ":") else { throw .badAddress(text) }
        let digits = text[text.index(after: colon)...]
        var host = text[..<colon]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy(Byte.isDigit),
            let port = Int(digits), port <= 65_535
        else { throw .badAddress(text) }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { throw .badAddress(text) }
        } else if host.contains(":") || host.contains("[") {
            throw .badAddress(text)
        }
        self = .tcp(host: host.isEmpty ? "127.0.0.1" : String(host), port: port)
    }

    /// Whether only programs of this machine reach it.
    package var isOfThisMachine: Bool {
        switch self {
        case .tcp(let host, _):
            host == "::1" || host.lowercased() == "localhost" || host.hasPrefix("127.")
        case .unix: true
        case .inherited: false
        }
    }

    /// What a bound channel listens on.
    init(_ bound: SocketAddress, asked: ListenAddress) {
        guard case .tcp(let host, _) = asked else {
            self = asked
            return
        }
        self = .tcp(host: bound.ipAddress ?? host, port: bound.port ?? 0)
    }

    /// Removes a socket file on which nobody listens.
    ///
    /// - Throws: `.socketInUse` or `.notASocket`.
    static func removeStaleSocket(_ path: String) throws(ServingError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { _ = Glibc.close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            unsafe room.copyBytes(from: path.utf8.prefix(socketPathBytesMax))
        }
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe connect(
                    descriptor, pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result != 0, errno == ECONNREFUSED else { throw .socketInUse(path: path) }
        _ = unsafe unlink(path)
    }
}

extension ListenAddress: CustomStringConvertible {
    /// The address as it is written on the command line.
    package var description: String {
        switch self {
        case .tcp(let host, let port):
            host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        case .inherited(let descriptor): "fd:\(descriptor)"
        }
    }
}
