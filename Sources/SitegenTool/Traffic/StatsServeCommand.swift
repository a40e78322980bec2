// `sitegen stats serve`: the statistics as pages, on a listener of their own.
//
// It is for those who run the site: nothing of it is in a release, and no public server has it. It
// reads counts only, writes nothing, and may use the role `sitegen_stats`.

import ArgumentParser
import SiteServing
import SitegenCommands
import Traffic
import UnixSignals

/// `sitegen stats serve`.
struct StatsServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Show the statistics as pages, to this machine or behind a proxy.",
        discussion: CommandText(
            """
            Pages are made from the counts when they are asked for, stored nowhere, and may be \
            kept by nobody. No page has a script or takes a parameter. Whoever reaches the address \
            reads all of it: let a proxy ask for a password, or use ssh -L 9181:127.0.0.1:9181.
            """,
            input: CommandText.database,
            output: "the address",
            status: """
                0 stopped, 64 usage, 69 PostgreSQL unavailable or the address in use, 78 the \
                schema is not there or has another version
                """,
            files: "none, but the socket of --listen unix:PATH"
        ).discussion)

    /// What the server's answers say of keeping them.
    static let caching = "private, no-store"

    @OptionGroup var database: DatabaseOptions

    @Option(help: "127.0.0.1:PORT, [::1]:PORT or unix:PATH; others only with --open.")
    var listen = "127.0.0.1:9181"

    @Option(
        help: """
            A name this server answers to besides localhost, 127.0.0.1 and [::1], for a tunnel or \
            a proxy; others get 421. May be given many times.
            """)
    var host: [String] = []

    @Flag(
        help: """
            Let --listen name an address that other machines reach. All pages, sources, campaigns \
            and wrong addresses become readable to whoever reaches it.
            """)
    var open = false

    func run() async throws {
        try await reportingFailures {
            let address = try checked()
            let backend = try DatabaseBackend(database)
            defer { backend.stop() }
            if !address.isOfThisMachine { Terminal.note(Self.warning(address)) }
            let signals = await Signals.trap()
            let server = try await TrafficWork.asked(backend) {
                try await Self.start(at: address, names: names(address), backend)
            }
            for await _ in signals { break }
            Terminal.note("stopping")
            await server.stop()
        }
    }

    /// Starts to serve, and says where.
    ///
    /// - Throws: what keeps the counts from being read or the address from being opened.
    static func start(
        at address: ListenAddress, names: [String], _ backend: DatabaseBackend
    ) async throws -> DevelopmentServer {
        let desk = StatisticsDesk(backend)
        try desk.begin()
        let server = DevelopmentServer(
            address: address, hosts: .loopback(and: names), caching: caching
        ) { await desk.answer($0) }
        let bound = try await server.start()
        switch bound {
        case .tcp: Terminal.line("Statistics http://\(bound)/")
        default: Terminal.line("Statistics \(bound)")
        }
        return server
    }

    /// The address, if it may be listened on.
    private func checked() throws -> ListenAddress {
        let address = try ListenAddress(listen)
        if case .inherited = address { throw ServingError.badAddress(listen) }
        guard !address.isOfThisMachine else { return address }
        guard open else {
            throw CommandFailure(
                .usage,
                """
                \(address) can be reached by other machines, and statistics are for those who run \
                the site.
                Listen on 127.0.0.1 or a Unix socket, or give --open, which makes all pages, \
                sources, campaigns and wrong addresses readable to whoever reaches it.
                """)
        }
        if names(address).isEmpty {
            throw CommandFailure(
                .usage,
                """
                \(address) stands for every address of this machine, so no name says who is meant.
                Name it with --host, as it stands in the browser's address.
                """)
        }
        return address
    }

    /// The names to answer to besides those of loopback.
    private func names(_ address: ListenAddress) -> [String] {
        guard case .tcp(let name, _) = address, !["0.0.0.0", "::"].contains(name) else {
            return host
        }
        return host + [name.contains(":") ? "[\(name)]" : name]
    }

    private static func warning(_ address: ListenAddress) -> String {
        """
        whoever reaches \(address) reads all statistics: pages, sources, campaigns, wrong \
        addresses; no row of a visitor
        """
    }
}
