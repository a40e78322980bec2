// A server together with the signals that steer it and the lines it prints.
//
// It is the one place that turns events of a server into lines; nothing of a request is in them.

import Redis
import SiteServing
import UnixSignals

/// A release being served.
struct RunningSite {
    let server: Server

    /// Prepares to serve; nothing is opened before `start`.
    ///
    /// - Parameters:
    ///   - release: the output folder.
    ///   - listen: `HOST:PORT`, `[IPv6]:PORT` or `unix:PATH`.
    ///   - redisURL: where fragments are; nil shows every fallback.
    ///   - memoryMax: the bytes of stored files to keep in memory.
    ///   - development: what `sitegen watch` adds.
    /// - Throws: an address that cannot be read.
    init(
        release: String, listen: String, redisURL: String?, memoryMax: Int? = nil,
        development: DevelopmentHooks? = nil
    ) throws {
        var options = ServerOptions(
            output: release, address: try ListenAddress(listen),
            redis: try redisURL.map { try RedisURL($0) })
        if let memoryMax { options.limits.memoryMax = memoryMax }
        options.development = development
        options.onEvent = Self.show
        server = Server(options)
    }

    /// Starts and says where.
    func start() async throws {
        let address = try await server.start()
        Terminal.line("Serving \(address.url)")
    }

    /// Serves until SIGINT or SIGTERM; SIGHUP switches to the newest release.
    func runUntilStopped(_ signals: UnixSignalsSequence) async throws {
        try await start()
        for await signal in signals {
            guard signal == .sighup else { break }
            _ = try? server.reload()
        }
        Terminal.note("stopping")
        await server.shutdown()
    }

    private static func show(_ event: ServerEvent) {
        switch event {
        case .answered: break
        case .storedBytesUnreadable(let error): Terminal.note("\(error)")
        case .fragmentsAvailable: Terminal.note("Redis answers; pages show their fragments")
        case .fragmentsUnavailable: Terminal.note("Redis does not answer; pages show fallbacks")
        case .fragmentRefused(let name, let reason):
            Terminal.note("a fragment \(name) is not shown: \(reason)")
        case .fragmentOutgrewSlot(let name, let byteCount, let capacity, let needed):
            let remedy = needed.map { "`.inline(capacity: \($0))` or `.tail`" } ?? "`.tail`"
            Terminal.note(
                "a fragment \(name) of \(byteCount) bytes does not fit its slot of \(capacity), "
                    + "the fallback is shown: declare \(remedy)")
        case .connectionRefused: Terminal.note("a connection was refused: too many are open")
        case .releaseChanged(let id): Terminal.note("serving release \(id)")
        case .releaseRefused(let error):
            Terminal.note("the new release cannot be served, the old one stays: \(error)")
        }
    }
}

extension ListenAddress {
    /// The address as a browser wants it.
    fileprivate var url: String {
        switch self {
        case .tcp: "http://\(self)"
        case .unix: "\(self)"
        }
    }
}
