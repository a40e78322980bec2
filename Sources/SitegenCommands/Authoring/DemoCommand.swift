// `sitegen demo`: everything in one process, for a first look: private servers, sample data, a
// build, fragments, a server.
// Everything it makes lies below the data folder, unless DATABASE_URL or REDIS_URL name servers:
// then sample data, views and fragments go there. A second run finds what the first one made.

import ArgumentParser
import SiteAuthoring
import SiteBuilding
import SiteServing

/// Shows the site of this package.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Load sample data, build the site and serve it on this machine.")

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
        let site = try SitegenCommand.requireSite()
        try await reportingFailures {
            let postgres = try DatabaseBackend(database)
            defer { postgres.stop() }
            let redis = try FragmentBackend(url: nil, folders: database.folders)
            defer { redis.stop() }
            try SitePreparation.run(
                site, database: postgres.url, folders: database.folders, size: looks)
            let release = "\(database.folders.dataFolder)/demo"
            let options = try BuildFlags.parse([
                "--quality", quality.rawValue, "--origin", "http://127.0.0.1:\(port)",
            ]).buildOptions(
                root: database.folders.root, output: release, databaseURL: postgres.url)
            let report = try await SiteBuilder(
                site, options: options, report: BuildProgress(isQuiet: false).show
            ).build()
            BuildSummary(report).lines.forEach(Terminal.note)
            let fragments = FragmentPublication(site, options: options)
            for route in try fragments.publish(to: redis.url) {
                if let text = route.overflow?.warning(for: route.name) { Terminal.note(text) }
            }
            // Up to here a signal ends the process at once; its servers end with it.
            let signals = await Signals.trap()
            let publishing = Task { try await Self.publish(fragments, to: redis.url) }
            defer { publishing.cancel() }
            let server = try RunningSite(
                release: release, listen: "127.0.0.1:\(port)", redisURL: redis.url
            ) { $0.hosts = .loopback(and: loopback.host) }
            try await server.runUntilStopped(signals)
        }
    }

    /// Publishes fragments again and again, before the last ones run out.
    private static func publish(
        _ fragments: FragmentPublication, to redisURL: String
    ) async throws {
        while true {
            try await Task.sleep(for: .seconds(60))
            do { try fragments.publish(to: redisURL) } catch { Terminal.note("\(error)") }
        }
    }
}
