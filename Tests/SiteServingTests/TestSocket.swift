// A client that sends exactly what it is told, for the tests of the live server.

import Foundation
import Testing

@testable import SiteServing

/// A plain blocking socket.
final class TestSocket {
    private let descriptor: Int32
    private var bytes: [UInt8] = []
    private var isAtEnd = false

    /// Connects; `receiveBuffer` bounds what the system takes for a client that does not read.
    init(_ address: ListenAddress, receiveBuffer: Int32? = nil) throws {
        guard case .tcp(_, let port) = address else { throw CocoaError(.featureUnsupported) }
        descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var timeout = timeval(tv_sec: 300, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        if var size = receiveBuffer {
            setsockopt(
                descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = in_port_t(port).bigEndian
        name.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// Reads until `text` has come; false if the connection ended before.
    func read(until text: String) -> Bool {
        while !String(decoding: bytes, as: UTF8.self).contains(text) {
            if !receive() { return false }
        }
        return true
    }

    /// Reads until `text` as bytes makes sense to `take`, which returns nil to ask for more.
    func read<Result>(_ take: ([UInt8]) -> Result?) -> Result? {
        while true {
            if let result = take(bytes) { return result }
            if !receive() { return nil }
        }
    }

    /// Takes the next answer off what has come; nil if the connection ended before.
    func nextAnswer(isHead: Bool = false) -> TestAnswer? {
        while true {
            var rest = bytes[...]
            if let answer = TestAnswer(&rest, isHead: isHead) {
                bytes = Array(rest)
                return answer
            }
            if !receive() { return nil }
        }
    }

    /// Whether there is something to read, or the end, without waiting for it.
    var isReadable: Bool {
        if !bytes.isEmpty || isAtEnd { return true }
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    /// Whether the server has closed, or closes within the time limit of reads.
    func isClosed() -> Bool {
        while receive() {}
        return isAtEnd
    }

    func readToEnd() -> String {
        while receive() {}
        return String(decoding: bytes, as: UTF8.self)
    }

    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { bytes += buffer[..<count] }
        if count == 0 || errno == ECONNRESET { isAtEnd = true }
        return count > 0
    }
}
