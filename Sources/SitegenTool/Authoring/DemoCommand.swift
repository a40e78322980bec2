// `sitegen demo`: everything in one command, for a first look: private servers, sample data, a
// build, fragments, a server, and the traffic: what is read on it trends within seconds. The site's
// program does what needs the site.
//
// Everything it makes lies below the data folder, whatever the environment names: sample data goes
// into a database of others only if --db says so. A second run finds what the first one made.

import ArgumentParser
import AccessRecords
import ReleaseFormat
import SiteBuilding
import SiteServing
import SitegenCommands

/// Shows the site of a folder.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Load sample data, build the site and serve it on this machine.",
        discussion: CommandText(
            input: "the site of --root and its sample",
            output: "the addresses of the site and of its statistics",
            status: """
                0 stopped, 64 usage, 69 no address or no server, 78 the site does \
                not compile
                """,
            files: "a release and private servers below .sitegen/"
        ).discussion)

    @OptionGroup var database: DatabaseOptions

    @OptionGroup var loopback: LoopbackOptions

    @Option(help: "How many looks the sample data has; used when it is loaded first.")
    var looks: Int?

    @Option(help: "fast: gzip 6, brotli 5. best: gzip 9, brotli 11.")
    var quality = BuildQuality.fast

    func validate() throws {
        if let looks, !(1...1_000_000).contains(looks) {
            throw ValidationError("--looks must be between 1 and 1000000.")
        }
    }

    private static let usualPort = 8080

    func run() async throws {
        let port = loopback.port ?? Self.usualPort
        try await reportingFailures {
            if database.ignoresEnvironment {
                Terminal.note(
                    "the demo uses servers of its own, not those of DATABASE_URL and REDIS_URL; "
                        + "--db names a database that it may write into")
            }
            let postgres = try DatabaseBackend(database, isOwn: true)
            defer { postgres.stop() }
            let redis = try FragmentBackend(privateIn: database.folders)
            defer { redis.stop() }
            let program = try SiteProgram(root: database.folders.root)
            let site = SiteProcess(
                program: program, folders: database.folders, databaseURL: postgres.url,
                redisURL: redis.url)
            let release = "\(database.folders.dataFolder)/demo"
            let spool = "\(database.folders.dataFolder)/demo-spool"
            let build = [
                "build", "--quality", quality.rawValue, "--release", release, "--origin",
                "http://127.0.0.1:\(port)",
            ]
            let following = build + ["--follow", "--quiet"]
            try await TrafficWork.asked(postgres) {
                try await TrafficWork.install(at: postgres.url)
            }
            try await Signals.untilStopped {
                try await program.compile()
                let size = looks.map { ["--size", "\($0)"] } ?? []
                for command in [
                    ["db", "seed", "--optional"] + size, ["db", "apply"], ["db", "refresh"],
                    build, ["fragments", "publish", "--release", release],
                ] { try await site.show(command) }
            }
            let signals = await Signals.trap()
            let server = try RunningSite(
                release: release, listen: "127.0.0.1:\(port)", redisURL: redis.url
            ) { options in
                options.hosts = .loopback(and: loopback.host)
                options.spool = SpoolOptions(folder: spool)
            }
            let ingester = IngestFollower(
                url: postgres.url, AccessSpoolFolder(spool), isQuiet: true)
            let statistics = try await Self.statistics(beside: port, postgres)
            var work: [Task<Void, Never>] = []
            try await server.runUntilStopped(signals, reloads: false) { _ in
                work = [
                    Task { await Self.keep(ingester.follow) },
                    Task { await Self.keep { try await site.keepRunning(following) } },
                ]
            }
            ingester.stop()
            await statistics.stop()
            for task in work { task.cancel() }
            for task in work { await task.value }
        }
    }

    /// Shows the statistics at the next port, or at any that is free.
    private static func statistics(
        beside port: Int, _ postgres: DatabaseBackend
    ) async throws -> DevelopmentServer {
        func start(_ port: Int) async throws -> DevelopmentServer {
            try await StatsServeCommand.start(
                at: .tcp(host: "127.0.0.1", port: port), names: [], postgres)
        }
        guard (1..<65_535).contains(port) else { return try await start(0) }
        do { return try await start(port + 1) } catch ServingError.cannotListen {
            return try await start(0)
        }
    }

    /// Does work that never ends, and tells why it did.
    private static func keep(_ work: @Sendable () async throws -> Void) async {
        do { try await work() } catch {
            if !Task.isCancelled { Terminal.note(CommandFailure(error).message) }
        }
    }
}
