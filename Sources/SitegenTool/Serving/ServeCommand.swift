// `sitegen serve`: a release over HTTP, until it is told to stop.
//
// It starts nothing else and needs no site code: a release and, for fragments, a Redis.

import AccessRecords
import ArgumentParser
import Glibc
import SiteServing
import SitegenCommands

/// Serves a release.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a release, its fragments filled in from Redis.",
        discussion: CommandText(
            """
            Needs nothing but the release and, for fragments, REDIS_URL or --redis. Without \
            Redis every page shows its fallbacks.

            A new release is served from the moment it is current. SIGHUP looks for it at once, \
            reads the certificate again, opens the access log anew and closes the segments of the \
            access spool; SIGTERM and SIGINT finish the answers under way and stop.
            """,
            input: "a release below --release; Redis of --redis or REDIS_URL",
            output: "access lines and an access spool, if asked for; what happens as notes",
            status: """
                0 stopped, 64 usage, 69 the address is in use, 78 no release
                """,
            files: "the access log and the access spool, if named"
        ).discussion)

    @OptionGroup var release: ReleaseOptions

    @Option(
        help: """
            HOST:PORT, [IPv6]:PORT, unix:PATH, fd:NUMBER, or `inherited` for the first socket of \
            LISTEN_FDS (systemd).
            """)
    var listen = "127.0.0.1:8080"

    @Option(help: "Redis's URL; else REDIS_URL. redis://HOST:PORT or unix:PATH.")
    var redis: String?

    @Option(help: "How many bytes of files, pages and fragments to keep in memory.")
    var memory = 256 << 20

    @Option(help: "How many event loops serve; each has its own connections to Redis.")
    var threads = 1

    @OptionGroup(title: "TLS") var certificate: CertificateOptions

    @OptionGroup(title: "Limits") var limits: LimitOptions

    @OptionGroup(title: "Operations") var operations: OperationsOptions

    @OptionGroup(title: "Visits") var visits: VisitOptions

    func validate() throws {
        guard memory >= 0 else { throw ValidationError("--memory must not be negative.") }
        guard (1...256).contains(threads) else {
            throw ValidationError("--threads must be from 1 to 256.")
        }
        try visits.validate(threads: threads, listen: listen)
    }

    func run() async throws {
        try await reportingFailures {
            let signals = await Signals.trapReloading()
            let openFiles = OpenFiles.raiseLimit()
            let log = try operations.accessLog.map { try AccessLogFile($0) }
            let server = try RunningSite(
                release: release.folder, listen: try InheritedSocket.address(listen),
                redisURL: redis ?? Environment.value("REDIS_URL")
            ) { options in
                options.threads = threads
                options.limits.divide(memory: memory, threads: threads)
                certificate.apply(to: &options)
                limits.apply(to: &options)
                if options.limits.fit(openFiles: openFiles, threads: threads) {
                    Terminal.note(
                        """
                        --connections is \(limits.connections), and only \(openFiles) files may be \
                        open: at most \(options.limits.connectionsMax) connections are taken \
                        (`ulimit -Hn`, LimitNOFILE)
                        """)
                }
                try operations.apply(to: &options)
                visits.apply(to: &options)
                if let log {
                    options.onLogLines = { log.add($0) }
                    options.lostLogLines = { log.lostLines }
                }
            }
            try await server.runUntilStopped(
                signals, isFollowing: true, onHangUp: { log?.reopen() })
            await log?.finish()
        }
    }
}

/// The files of a certificate: both or none.
struct CertificateOptions: ParsableArguments {
    @Option(
        name: .customLong("certificate"),
        help: "The certificate and its chain, PEM: serves TLS with HTTP/2 and HTTP/1.1.")
    var chain: String?

    @Option(name: .customLong("certificate-key"), help: "The certificate's private key, PEM.")
    var key: String?

    @Option(
        help: ArgumentHelp(
            """
            How many seconds browsers shall ask for this host over TLS alone \
            (Strict-Transport-Security), or `off`. 63072000, two years, unless set.
            """, valueName: "seconds|off"))
    var hsts: StrictTransport?

    /// The files; nil serves without TLS.
    var files: CertificateFiles? {
        guard let chain, let key else { return nil }
        return CertificateFiles(chain: chain, key: key)
    }

    func validate() throws {
        guard (chain == nil) == (key == nil) else {
            throw ValidationError("--certificate and --certificate-key belong together.")
        }
        guard hsts == nil || chain != nil else {
            throw ValidationError(
                """
                --hsts needs --certificate: browsers heed it over TLS alone.
                Behind a proxy that speaks TLS, the release says it: `build --origin https://…`.
                """)
        }
    }

    func apply(to options: inout ServerOptions) {
        options.certificate = files
        if let hsts { options.strictTransportSeconds = hsts.seconds }
    }
}

/// How long browsers shall keep to TLS.
struct StrictTransport: ExpressibleByArgument {
    /// Ten years; a longer time is a slip of the hand.
    static let secondsMax = 315_360_000

    /// nil for `off`.
    let seconds: Int?

    init?(argument: String) {
        guard argument != "off" else {
            seconds = nil
            return
        }
        guard let seconds = Int(argument), (0...Self.secondsMax).contains(seconds) else {
            return nil
        }
        self.seconds = seconds
    }
}

/// What clients may ask of the server.
struct LimitOptions: ParsableArguments {
    @Option(help: "A name this server answers to; others get 421. May be given many times.")
    var host: [String] = []

    @Option(help: "The most open connections.")
    var connections = 10_000

    @Option(help: "The most open connections of one client address; 0 for any number.")
    var connectionsPerAddress = 0

    @Option(help: "The requests a second of one client address; 0 for any number.")
    var requestsPerAddress = 0.0

    func validate() throws {
        guard connections > 0, connectionsPerAddress >= 0, requestsPerAddress >= 0 else {
            throw ValidationError("A limit must not be negative, and --connections not 0.")
        }
    }

    func apply(to options: inout ServerOptions) {
        options.hosts = host.isEmpty ? .any : .only(host)
        options.limits.connectionsMax = connections
        options.limits.connectionsPerAddressMax = connectionsPerAddress
        options.limits.requestsPerAddressRate = requestsPerAddress
        options.limits.requestsPerAddressBurst = max(10, requestsPerAddress * 2)
    }
}

/// What the server tells about itself.
struct OperationsOptions: ParsableArguments {
    @Option(
        name: .customLong("operations"),
        help: "Where to tell /-/health, /-/ready and /-/metrics: HOST:PORT or unix:PATH.")
    var address: String?

    @Option(
        help: """
            A name that --operations on loopback answers to besides localhost, 127.0.0.1 and \
            [::1]. May be given many times.
            """)
    var operationsHost: [String] = []

    @Option(help: "A file for a line about each answer, or `-` for standard output.")
    var accessLog: String?

    @Option(help: "The form of these lines: json or combined.")
    var accessLogFormat = AccessLogFormat.json

    @Option(help: "How much of a client's address a line has: none, network or full.")
    var accessLogAddress = LoggedAddress.network

    @Flag(help: "Have browsers report violations of a page's policy to /-/csp, and count them.")
    var cspReports = false

    @Flag(help: "Tell in Server-Timing how long a page's fragments took.")
    var serverTiming = false

    func apply(to options: inout ServerOptions) throws {
        options.operations = try address.map { try ListenAddress($0) }
        options.operationsHosts = operationsHost
        options.accessLog = accessLog == nil ? nil : accessLogFormat
        options.loggedAddress = accessLogAddress
        options.takesReports = cspReports
        options.tellsTiming = serverTiming
    }
}

extension AccessLogFormat: ExpressibleByArgument {}
extension LoggedAddress: ExpressibleByArgument {}

/// The sockets that the program was started with (sd_listen_fds(3)).
enum InheritedSocket {
    /// The descriptor of the first of them.
    static let first = 3

    /// The address to listen on, `inherited` replaced by what it means.
    static func address(_ text: String) throws -> String {
        guard text == "inherited" else { return text }
        guard Environment.value("LISTEN_PID") == "\(getpid())",
            let count = Environment.value("LISTEN_FDS").flatMap({ Int($0) }), count > 0
        else {
            throw CommandFailure(
                .usage,
                """
                --listen inherited finds no socket: LISTEN_FDS and LISTEN_PID do not name one.
                Start sitegen by a systemd socket unit, or name an address.
                """)
        }
        return "fd:\(first)"
    }
}
