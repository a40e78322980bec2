// `sitegen build`: rows to a release.
//
// Signals end it as they end any program: nothing is live before the last rename, so there is
// nothing to undo.

import ArgumentParser
import FoundationEssentials
import SiteAuthoring
import SiteBuilding

/// Builds the site and goes live with it.
struct BuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Render every row into compressed pages and switch to them at once.",
        discussion: """
            Exit status: 0 published or nothing to do, 1 pages could not be made, 64 usage, \
            65 a row breaks its view's promise, 69 PostgreSQL unavailable, 73 output not \
            writable, 75 another build runs, 78 stale views or rows. Nothing is published \
            unless it is 0.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var release: ReleaseOptions
    @OptionGroup var options: BuildFlags
    @Flag(help: "Print the summary as one JSON object.") var json = false
    @Flag(help: "Print nothing but errors.") var quiet = false

    func run() async throws {
        let site = try SitegenCommand.requireSite()
        try await reportingFailures {
            let backend = try DatabaseBackend(database)
            defer { backend.stop() }
            let report = try await SiteBuilder(
                site,
                options: options.buildOptions(
                    root: database.folders.root, output: release.folder,
                    databaseURL: backend.url),
                report: BuildProgress(isQuiet: quiet || json).show
            ).build()
            if json {
                Terminal.line(BuildSummary(report).json)
            } else if !quiet {
                BuildSummary(report).lines.forEach(Terminal.line)
            }
        }
    }
}

extension BuildQuality: ExpressibleByArgument {}

/// The flags that builds, the demo and watching share.
struct BuildFlags: ParsableArguments {
    @Option(help: "fast: gzip 6, brotli 5. best: gzip 9, brotli 11.")
    var quality = BuildQuality.best

    @Option(help: "Where the site will be reached, such as https://example.com.")
    var origin: Origin?

    @Option(help: "How many pages to render at the same time; one per core unless set.")
    var jobs: Int?

    @Flag(help: "Also lay out index.html, .gz and .br files for other servers.")
    var tree = false

    @Option(help: "How many releases to keep.")
    var keep = 5

    func validate() throws {
        if let jobs, !(1...1024).contains(jobs) {
            throw ValidationError("--jobs must be between 1 and 1024.")
        }
        guard (1...10_000).contains(keep) else {
            throw ValidationError("--keep must be between 1 and 10000.")
        }
    }

    /// The options of a build with these flags.
    func buildOptions(root: String, output: String, databaseURL: String) -> BuildOptions {
        BuildOptions(
            root: root, output: output, databaseURL: databaseURL, quality: quality,
            origin: origin, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
            hasTree: tree, releasesKept: keep)
    }
}
