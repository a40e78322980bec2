// `sitegen build`: rows to a release.
//
// Signals end it as they end any program: nothing is live before the last rename, so there is
// nothing to undo.

import ArgumentParser
import FoundationEssentials
import MaterializedViews
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
    @Flag(help: "Say what would be made and why, and build nothing.") var plan = false
    @Flag(help: "Say for each page that is made why it is.") var explain = false
    @Flag(help: "Say what each component costs, in the pages that are rendered.") var costs = false
    @Flag(help: "Render every page, whatever has changed.") var all = false
    @Flag(help: "Render everything twice; publish nothing if a page comes out otherwise.")
    var verify = false
    @Flag(help: "Publish at once as `--quality gradual`, then compress better and publish again.")
    var deepen = false
    @OptionGroup var deepening: DeepeningOptions
    @Flag(help: "Stay: publish what changes, the moment it changes, until Ctrl-C.") var follow =
        false
    @Option(help: "With --follow: where fragments go; else REDIS_URL, else nowhere.")
    var redis: String?
    @Option(help: "Build the K-th of N parts of the site, as K/N, for `sitegen merge`.")
    var shard: Shard?
    @Option(help: "Read the snapshot that another transaction has exported.")
    var snapshot: String?
    @Flag(help: "Print the summary, or the plan, as one JSON object.") var json = false
    @Flag(help: "Print nothing but errors.") var quiet = false

    func validate() throws {
        let isAlone =
            !plan && !verify && !deepen && !explain && !costs && !options.releasing.tree
            && shard == nil && snapshot == nil
        guard !follow || isAlone else {
            throw ValidationError(
                "--follow goes without --plan, --explain, --costs, --verify, --deepen, --tree, "
                    + "--shard, --snapshot.")
        }
        guard !plan || (!verify && !deepen && !costs) else {
            throw ValidationError(
                "--plan builds nothing: it goes without --verify, --deepen, --costs.")
        }
        guard follow || redis == nil else {
            throw ValidationError("--redis goes with --follow; see `sitegen fragments publish`.")
        }
        guard deepen || (deepening.accessLog == nil && deepening.limit == nil) else {
            throw ValidationError("--access-log and --limit go with --deepen.")
        }
        guard !deepen || options.inputs.quality == nil || options.inputs.quality == .gradual else {
            throw ValidationError("--deepen makes the quality gradual first; leave --quality out.")
        }
        guard !explain || !json else {
            throw ValidationError("--explain goes without --json; `build --plan --json` has both.")
        }
    }

    func run() async throws {
        let site = try SitegenCommand.requireSite()
        try await reportingFailures {
            let backend = try DatabaseBackend(database)
            defer { backend.stop() }
            var build = options.buildOptions(
                root: database.folders.root, output: release.folder, databaseURL: backend.url)
            build.rendersAll = all
            build.isVerified = verify
            build.isMeasured = costs
            build.shard = shard?.part
            build.snapshot = snapshot
            if deepen { build.quality = .gradual }
            if follow {
                build.quality = options.inputs.quality ?? .gradual
                try await FollowDisplay.run(
                    site, options: build, redisURL: redis ?? Environment.value("REDIS_URL"),
                    json: json, isQuiet: quiet)
                return
            }
            let progress = BuildProgress(isQuiet: quiet || json, isExplaining: explain && !json)
            let builder = SiteBuilder(site, options: build, report: progress.show)
            if plan {
                let display = PlanDisplay(
                    try builder.plan(temporaryFolder: Environment.temporaryFolder))
                json ? Terminal.line(try display.json()) : try display.show(Terminal.line)
                return
            }
            let report = try await builder.build()
            if json {
                Terminal.line(BuildSummary(report).json)
            } else if !quiet {
                BuildSummary(report).lines.forEach(Terminal.line)
            }
            guard deepen else { return }
            let deepened = try await deepening.run(
                release.folder, keeping: build.keeping, jobs: build.jobs)
            if json || !quiet { deepening.show(deepened, json: json) }
        }
    }
}

extension BuildQuality: ExpressibleByArgument {}

/// A part of a site on the command line: `3/8`.
struct Shard: ExpressibleByArgument {
    let part: RowPart

    /// The most parts.
    static let countMax = 10_000

    init?(argument: String) {
        let numbers = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard numbers.count == 2, let number = Int(numbers[0]), let count = Int(numbers[1]),
            (1...Self.countMax).contains(count), (1...count).contains(number)
        else { return nil }
        part = RowPart(number - 1, of: count)
    }
}
