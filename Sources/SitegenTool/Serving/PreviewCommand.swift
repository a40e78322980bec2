// `sitegen preview`: the site with what is not public yet, for those who have its address.
//
// The site's program builds it into a folder of its own, again and again; the server there lets in
// who knows the token. The public release is neither read nor written.

import ArgumentParser
import ReleaseFormat
import SiteBuilding
import SiteServing
import SitegenCommands

/// Serves drafts and what publishes later.
struct PreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Serve the site with its drafts, or as it will be at another time.",
        discussion: CommandText(
            """
            Rows that `draft:` hides, and those without a time to publish at, are shown; with \
            --now, those that `publish-at:` and `expire-at:` show then. Nothing is written into \
            the database. Pages ask search engines not to list them.

            The address that it prints has a token in it, which a browser keeps as a cookie; \
            without it every path is 403. SITEGEN_PREVIEW_TOKEN names one that stays the same.
            """,
            input: "the site of --root; \(CommandText.database)",
            output: "the address",
            status: """
                0 stopped, 1 a page could not be made, 64 usage, 69 no address or no server, 78 \
                the site does not compile, or the folder holds the public site
                """,
            files: "a release below .sitegen/preview, or --release"
        ).discussion)

    @OptionGroup var database: DatabaseOptions

    @Option(help: "The folder of the preview; .sitegen/preview unless set.")
    var release: String?

    @Option(
        help: ArgumentHelp(
            "The time to show, such as 2027-01-01 or '2027-01-01 09:00+01'; now unless set.",
            valueName: "time"))
    var now: String?

    @Flag(help: "Leave drafts out; with --now: what will be public then.")
    var noDrafts = false

    @Option(help: "Where to listen: HOST:PORT, [IPv6]:PORT or unix:PATH.")
    var listen = "127.0.0.1:4001"

    @Option(help: "Redis's URL for fragments; else REDIS_URL, else every slot has its fallback.")
    var redis: String?

    @Option(help: "After how many seconds to look again for what has changed; 0 for never.")
    var every = 10

    func validate() throws {
        guard (0...86_400).contains(every) else {
            throw ValidationError("--every must be between 0 and 86400.")
        }
        guard !noDrafts || now != nil else {
            throw ValidationError("--no-drafts without --now is the public site: `sitegen serve`.")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let token = Environment.value("SITEGEN_PREVIEW_TOKEN") ?? Self.newToken()
            guard let gate = VisitorGate(token: token) else {
                throw CommandFailure(
                    .usage,
                    """
                    SITEGEN_PREVIEW_TOKEN is too short, or has other characters than those of URLs.
                    Use \(VisitorGate.tokenBytesMin) letters, digits, - and _, or more.
                    """)
            }
            let postgres = try DatabaseBackend(database)
            defer { postgres.stop() }
            let redis = redis ?? Environment.value("REDIS_URL")
            let program = try SiteProgram(root: database.folders.root)
            let site = SiteProcess(
                program: program, folders: database.folders, databaseURL: postgres.url,
                redisURL: redis ?? "")
            try await Signals.untilStopped {
                try await program.compile()
                try await site.show(buildCommand)
            }
            let signals = await Signals.trapReloading()
            async let _: Void = keepBuilding(site)
            let server = try RunningSite(release: folder, listen: listen, redisURL: redis) {
                $0.gate = gate
            }
            try await server.runUntilStopped(
                signals, isFollowing: true,
                onStart: { Terminal.line("Open \($0)\(basePath)/?token=\(token)") })
        }
    }

    private var folder: String { release ?? "\(database.folders.dataFolder)/preview" }

    /// The folder of the site on its host; empty for none.
    private var basePath: String {
        (try? StoredManifest.open(folder)).map { BuildInputs.basePath(in: $0.inputs) } ?? ""
    }

    private var buildCommand: [String] {
        ["build", "--release", folder, "--quality", "fast", "--keep", "2"]
            + (noDrafts ? [] : ["--drafts"]) + (now.map { ["--now", $0] } ?? [])
    }

    /// Builds again and again; what cannot be built is told, and the last preview stays.
    ///
    /// - Throws: `CancellationError`, and nothing else: a program that cannot be started, as while
    ///   it is being compiled, can be later.
    private func keepBuilding(_ site: SiteProcess) async throws {
        guard every > 0 else { return }
        var told = ""
        while true {
            try await Task.sleep(for: .seconds(every))
            do {
                try await site.run(buildCommand)
                told = ""
            } catch {
                try Task.checkCancellation()
                let message = CommandFailure(error).message
                if message != told { Terminal.note(message) }
                told = message
            }
        }
    }

    private static func newToken() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in String(generator.next() | 1 << 63, radix: 36) }.joined()
    }
}
