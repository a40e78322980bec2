// The servers of a watch: one for this machine, and, if that is wished, one for its local network.
//
// Who comes over the network needs the token of its address; this machine's own server is known by
// its names alone. Both have one port.

import Glibc
import Groundwork
import SiteServing
import SitegenCommands

/// The servers of one watch.
struct WatchServers: Sendable {
    /// The address on this machine.
    let address: String
    /// The address in the network, with its token; nil if it is not served there.
    private let network: (address: String, token: String)?
    private let servers: [DevelopmentServer]
    /// What is to be said about them.
    private let note: String?

    /// What stands for the address that the machine has in its network.
    static let ownAddress = "auto"
    private static let usualPort = 4000
    /// How many ports behind the usual one are tried when it is taken.
    private static let otherPorts = 9
    /// The letters of a token: those that a QR code and a typing hand take well.
    private static let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
    private static let tokenLetters = 26

    /// Starts to serve; if nobody asked for a port and the usual one is taken, behind it.
    ///
    /// - Parameters:
    ///   - watched: makes the answers.
    ///   - port: the port; nil for the usual one.
    ///   - names: names to answer to besides those of the machine.
    ///   - lan: the address in the network, or `ownAddress`; nil for none.
    /// - Returns: what serves now.
    /// - Throws: a `ServingError`; a failure with status 69 where the machine has no network.
    static func start(
        _ watched: WatchedSite, port: Int?, names: [String], lan: String?
    ) async throws -> WatchServers {
        let outer: String? = lan.flatMap { $0 == ownAddress ? LocalNetwork.address() : $0 }
        if lan != nil, outer == nil {
            throw CommandFailure(
                .unavailable,
                """
                This machine has no address in a local network.
                Name one with --lan ADDRESS, or leave --lan out.
                """)
        }
        let first = port ?? usualPort
        let last = port ?? usualPort + otherPorts
        for port in first...last {
            do {
                return try await start(
                    watched, at: port, names: names, outer: outer,
                    note: port == first ? nil : "port \(first) is taken; this is \(port)")
            } catch let error as ServingError where error.isTaken && port < last {
                continue
            }
        }
        throw ServingError.badAddress("127.0.0.1:\(first)")
    }

    private static func start(
        _ watched: WatchedSite, at port: Int, names: [String], outer: String?, note: String?
    ) async throws -> WatchServers {
        let own = DevelopmentServer(
            address: try ListenAddress("127.0.0.1:\(port)"), hosts: .loopback(and: names)
        ) { await watched.answer($0) }
        let address = try await own.start()
        guard let outer, case .tcp(_, let taken) = address else {
            return WatchServers(
                address: "http://\(address)", network: nil, servers: [own], note: note)
        }
        do {
            let token = newToken()
            let host = outer.contains(":") ? "[\(outer)]" : outer
            let others = DevelopmentServer(
                address: try ListenAddress("\(host):\(taken)"),
                hosts: .loopback(and: names + [host]),
                gate: VisitorGate(token: token, kind: .watch)
            ) { await watched.answer($0) }
            let bound = try await others.start()
            return WatchServers(
                address: "http://\(address)", network: ("http://\(bound)", token),
                servers: [own, others], note: note)
        } catch {
            await own.stop()
            throw error
        }
    }

    private static func newToken() -> String {
        String((0..<tokenLetters).map { _ in letters[Int.random(in: 0..<letters.count)] })
    }

    /// Says where they are; on a terminal also as a square for a phone's camera.
    func tell(_ lines: WatchLines) {
        if let note { Terminal.note(note) }
        lines.serving(at: address)
        guard let network else { return }
        lines.serving(at: network.address, token: network.token)
        guard isatty(STDOUT_FILENO) == 1 else { return }
        let code = QRCode("\(network.address)/?token=\(network.token)")
        for line in code?.lines ?? [] { lines.other(line) }
    }

    /// Closes everything.
    func stop() async { for server in servers { await server.stop() } }
}
