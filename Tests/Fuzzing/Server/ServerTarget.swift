// One input: some connections at once, of every kind, and what must hold of them.

import Foundation
import NIOCore
import NIOSSL
import TestSupport

/// The kinds of connections.
private enum Kind: CaseIterable {
    case plain
    case secure
    case multiplexed
}

/// The servers with everything that is sent to them.
struct ServerTarget {
    private let servers: RunningServers
    private let client = FuzzClient()
    private let http1: NIOSSLContext
    private let http2: NIOSSLContext

    /// Connections at a time.
    private static let connections = 8
    /// How much more memory than at the start this process may hold, in bytes.
    private static let growthMax = 256 << 20

    private let memoryAtStart: Int

    init(_ servers: RunningServers) throws {
        self.servers = servers
        http1 = try RunningServers.client(speaking: ["http/1.1"])
        http2 = try RunningServers.client(speaking: ["h2"])
        memoryAtStart = Self.residentBytes
    }

    /// The memory of this process, servers and clients.
    private static var residentBytes: Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4_096
    }

    /// What is wrong after an input, whatever that was.
    private func fault() -> String? {
        let request = Array("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8)
        for (port, context) in [(servers.plainPort, nil), (servers.securePort, http1)] {
            let future = client.exchange(port: port, request, cut: request.count, context)
            guard let answer = try? future.wait(), answer.starts(with: "HTTP/1.1 200 ".utf8) else {
                return "port \(port) does not answer any more"
            }
        }
        let growth = Self.residentBytes - memoryAtStart
        return growth > Self.growthMax ? "memory grew by \(growth >> 20) MiB" : nil
    }
}

extension ServerTarget: FuzzTarget {
    func run(_ random: inout SeededGenerator) throws -> (isAccepted: Bool, fault: String?) {
        var isAccepted = false
        var waiting: [(Kind, StreamInput, EventLoopFuture<[UInt8]>)] = []
        for _ in 0..<Self.connections {
            let kind = Kind.allCases.randomElement(using: &random) ?? .plain
            let input =
                kind == .multiplexed
                ? StreamInput.frames(&random) : StreamInput.requests(&random)
            let context: NIOSSLContext? =
                switch kind {
                case .plain: nil
                case .secure: http1
                case .multiplexed: http2
                }
            let port = kind == .plain ? servers.plainPort : servers.securePort
            let cut = Int.random(in: 0...input.bytes.count, using: &random)
            waiting.append(
                (kind, input, client.exchange(port: port, input.bytes, cut: cut, context)))
        }
        for (kind, input, future) in waiting {
            do {
                let answer = try future.wait()
                let isHTTP2 = kind == .multiplexed
                let fault =
                    isHTTP2
                    ? FrameCheck.fault(in: answer, of: input) : AnswerCheck.fault(in: answer)
                if let fault {
                    let sent = String(decoding: input.bytes, as: UTF8.self).debugDescription
                    let got = String(decoding: answer.suffix(400), as: UTF8.self).debugDescription
                    return (true, "\(kind): \(fault)\nsent \(sent)\ncame \(got)")
                }
                if !answer.isEmpty { isAccepted = true }
            } catch let fault as ConnectionFault {
                let sent = String(decoding: input.bytes, as: UTF8.self).debugDescription
                return (true, "\(kind): \(fault.reason)\nsent \(sent)")
            }
        }
        return (isAccepted, fault())
    }
}
