// `sitegen serve`: a release over HTTP, until it is told to stop.
//
// It starts nothing else and needs no site code: a release and, for fragments, a Redis.

import ArgumentParser
import SiteServing

/// Serves a release.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a release, its fragments filled in from Redis.",
        discussion: """
            Needs nothing but the release and, for fragments, REDIS_URL or --redis. Without \
            Redis every page shows its fallbacks.

            SIGHUP switches to the newest release; SIGTERM and SIGINT finish the answers under \
            way and stop.
            """)

    @OptionGroup var release: ReleaseOptions

    @Option(help: "HOST:PORT, [IPv6]:PORT or unix:PATH.")
    var listen = "127.0.0.1:8080"

    @Option(help: "Redis's URL; else REDIS_URL. redis://HOST:PORT or unix:PATH.")
    var redis: String?

    @Option(help: "How many bytes of stored files to keep in memory.")
    var memory = 256 << 20

    func validate() throws {
        guard memory >= 0 else { throw ValidationError("--memory must not be negative.") }
    }

    func run() async throws {
        try await reportingFailures {
            let signals = await Signals.trap()
            let server = try RunningSite(
                release: release.folder, listen: listen,
                redisURL: redis ?? Environment.value("REDIS_URL"), memoryMax: memory)
            try await server.runUntilStopped(signals)
        }
    }
}
