// A Unix socket before Redis that delays every byte, or swallows it.

import Foundation
import Glibc
import Synchronization

/// A proxy on threads of its own; ends with the object.
final class LaggingProxy: Sendable {
    private struct State {
        var lag = Duration.zero
        var isCut = false
        var descriptors: [Int32] = []
    }

    private let state = Mutex(State())
    private let path: String
    private let target: String

    var url: String { "unix:\(path)" }

    init(to target: String) throws {
        self.target = target
        path = NSTemporaryDirectory() + "sitegen-lag-\(UUID().uuidString.prefix(8)).sock"
        let listener = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard Self.with(path, { bind(listener, $0, $1) }) == 0, listen(listener, 16) == 0 else {
            throw CocoaError(.fileWriteUnknown)
        }
        keep(listener)
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0, let self else { return }
                self.join(client)
            }
        }
    }

    deinit {
        for descriptor in state.withLock({ $0.descriptors }) {
            shutdown(descriptor, Int32(SHUT_RDWR))
            close(descriptor)
        }
        unlink(path)
    }

    func set(lag: Duration) { state.withLock { $0.lag = lag } }

    func set(isCut: Bool) { state.withLock { $0.isCut = isCut } }

    private func keep(_ descriptor: Int32) { state.withLock { $0.descriptors.append(descriptor) } }

    private func join(_ client: Int32) {
        let server = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard Self.with(target, { connect(server, $0, $1) }) == 0 else {
            close(client)
            close(server)
            return
        }
        keep(client)
        keep(server)
        for (from, to) in [(client, server), (server, client)] {
            Thread.detachNewThread { [weak self] in
                var buffer = [UInt8](repeating: 0, count: 65_536)
                while true {
                    let count = recv(from, &buffer, buffer.count, 0)
                    guard count > 0, let lag = self?.lagNow() else { break }
                    guard let lag else { continue }
                    if lag > .zero { usleep(UInt32(lag / .microseconds(1))) }
                    Glibc.send(to, buffer, count, Int32(MSG_NOSIGNAL))
                }
                shutdown(to, Int32(SHUT_RDWR))
            }
        }
    }

    /// How long to wait with what came; nil swallows it.
    private func lagNow() -> Duration?? {
        state.withLock { $0.isCut ? .some(nil) : .some($0.lag) }
    }

    private static func with(
        _ path: String, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
