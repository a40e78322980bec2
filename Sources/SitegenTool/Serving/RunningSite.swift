// A server together with the signals that steer it and the lines it prints.
//
// It is the one place that turns events of a server into lines; nothing of a request is in them.

import Redis
import SiteServing
import UnixSignals
import SitegenCommands

/// A release being served.
struct RunningSite {
    let server: Server
    private let isSecure: Bool

    /// Prepares to serve; nothing is opened before `start`.
    ///
    /// - Parameters:
    ///   - release: the output folder.
    ///   - listen: `HOST:PORT`, `[IPv6]:PORT` or `unix:PATH`.
    ///   - redisURL: where fragments are; nil shows every fallback.
    ///   - configure: changes what else there is to choose.
    /// - Throws: an address that cannot be read; what `configure` throws.
    init(
        release: String, listen: String, redisURL: String?,
        configure: (inout ServerOptions) throws -> Void = { _ in }
    ) throws {
        var options = ServerOptions(
            output: release, address: try ListenAddress(listen),
            redis: try redisURL.map { try RedisURL($0) })
        options.onEvent = Self.show
        try configure(&options)
        isSecure = options.certificate != nil
        server = Server(options)
    }

    /// Starts and says where.
    ///
    /// - Returns: the address, as a browser wants it.
    /// - Throws: what keeps the server from starting.
    @discardableResult
    func start() async throws -> String {
        let address = try await server.start()
        let url = address.url(isSecure: isSecure)
        Terminal.line("Serving \(url)")
        return url
    }

    /// Serves until a signal asks to stop.
    ///
    /// - Parameters:
    ///   - signals: those that ask.
    ///   - reloads: whether SIGHUP looks for a new release and a new certificate instead.
    ///   - isFollowing: whether new releases are served without being asked to.
    ///   - onStart: told the address, once the server answers there.
    ///   - onHangUp: what else SIGHUP does.
    /// - Throws: what `start` throws.
    func runUntilStopped(
        _ signals: UnixSignalsSequence, reloads: Bool = true, isFollowing: Bool = false,
        onStart: (String) -> Void = { _ in }, onHangUp: () -> Void = {}
    ) async throws {
        onStart(try await start())
        let following = isFollowing ? Task { await server.followReleases() } : nil
        for await signal in signals {
            guard reloads, signal == .sighup else { break }
            _ = try? server.reload()
            server.closeSegments()
            do throws(ServingError) {
                try server.reloadCertificate()
            } catch {
                Terminal.note("the old certificate stays: \(error)")
            }
            onHangUp()
        }
        Terminal.note("stopping")
        following?.cancel()
        await server.shutdown()
    }

    private static func show(_ event: ServerEvent) {
        switch event {
        case .storedBytesUnreadable(let error): Terminal.note("\(error)")
        case .fragmentsAvailable: Terminal.note("Redis answers; pages show their fragments")
        case .fragmentsUnavailable:
            Terminal.note("Redis does not answer; pages show what is known, or fallbacks")
        case .fragmentChangesUntold:
            Terminal.note(
                "Redis refuses to tell of changes (CLIENT TRACKING); fragments are asked for again "
                    + "every second")
        case .policyViolated(let directive):
            Terminal.note("a browser reports a violation of \(directive)")
        case .fragmentRefused(let name, let reason):
            Terminal.note("a fragment \(name) is not shown: \(reason)")
        case .fragmentOutgrewSlot(let name, let byteCount, let capacity, let needed):
            let remedy = needed.map { "`.inline(capacity: \($0))` or `.tail`" } ?? "`.tail`"
            Terminal.note(
                "a fragment \(name) of \(byteCount) bytes does not fit its slot of \(capacity), "
                    + "the fallback is shown: declare \(remedy)")
        case .connectionsRefused(let count):
            let what = count == 1 ? "a connection was" : "\(count) connections were"
            Terminal.note("\(what) refused: too many are open, in all or of one address")
        case .spoolWasCopied:
            Terminal.note(
                "the access spool comes from another machine; this server has a new name in it")
        case .spoolInTrouble(let fault):
            Terminal.note("visits are not recorded as they should: \(fault)")
        case .clientsArePrivate:
            Terminal.note(
                """
                nearly all clients have private addresses: if there is a proxy in front, name it \
                by --client-address and --trusted-proxy, or it is the only visitor
                """)
        case .spoolGoesOn: Terminal.note("visits are recorded again")
        case .releaseChanged(let id): Terminal.note("serving release \(id)")
        case .releaseRefused(let error):
            Terminal.note("the new release cannot be served, the old one stays: \(error)")
        }
    }
}

extension ListenAddress {
    /// The address as a browser wants it.
    fileprivate func url(isSecure: Bool) -> String {
        switch self {
        case .tcp: "\(isSecure ? "https" : "http")://\(self)"
        case .unix, .inherited: "\(self)"
        }
    }
}
