// `sitegen build`: rows to a release.
//
// Signals end it as they end any program: nothing is live before the last rename, so there is
// nothing to undo.

import ArgumentParser
import FoundationEssentials
import MaterializedViews
import Postgres
import ReleaseFormat
import SiteAuthoring
import SiteBuilding

/// Builds the site and goes live with it.
struct BuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Render every row into compressed pages and switch to them at once.",
        discussion: CommandText(
            input: """
                rows of the views, the site's code, public/, site/Styles, the last \
                release; \(CommandText.database)
                """,
            output: """
                a summary or the plan, one object with --json; warnings as notes
                """,
            status: """
                0 published or nothing to do, 1 pages could not be made, 64 usage, \
                65 a row breaks its view's promise, 69 PostgreSQL unavailable, 73 \
                output not writable, 75 another build runs, 78 stale views or rows, \
                130 interrupted; nothing is published unless it is 0
                """,
            files: "a release below --release, live by its last rename"
        ).discussion)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var release: ReleaseOptions
    @OptionGroup var options: BuildFlags
    @Flag var modes: [BuildMode] = []
    @Flag(help: "Say for each page that is made why it is.") var explain = false
    @Flag(help: "Say what each component costs, in the pages that are rendered.") var costs = false
    @Flag(help: "Render every page, whatever has changed.") var all = false
    @OptionGroup var deepening: DeepeningOptions
    @Option(help: "With --follow: where fragments go; else REDIS_URL, else nowhere.")
    var redis: String?
    @Option(help: "Build the K-th of N parts of the site, as K/N, for `sitegen merge`.")
    var shard: Shard?
    @Option(
        help: ArgumentHelp(
            """
            Build a preview of the site at this time, such as 2027-01-01 or '2027-01-01 09:00+01', \
            into a folder of its own (--release).
            """, valueName: "time"))
    var now: String?
    @Flag(help: "Build a preview with drafts (`draft:`), into a folder of its own.")
    var drafts = false
    @Option(help: "Read the snapshot that another transaction has exported.")
    var snapshot: String?
    @Flag(help: "Print the summary, or the plan, as one JSON object.") var json = false
    @Flag(help: "Print nothing but errors.") var quiet = false

    func validate() throws {
        let mode = try BuildMode.one(of: modes)
        try BuildMode.check(given, in: mode)
        let isGradual = (options.inputs.quality ?? .gradual) == .gradual
        guard mode != .deepen || isGradual else {
            throw ValidationError("--deepen makes the quality gradual first; leave --quality out.")
        }
        guard !explain || !json else {
            throw ValidationError("--explain goes without --json; `build --plan --json` has both.")
        }
    }

    /// The options that not every way to build takes.
    private var given: [String] {
        [
            ("--explain", explain), ("--costs", costs), ("--tree", options.releasing.tree),
            ("--shard", shard != nil), ("--snapshot", snapshot != nil), ("--redis", redis != nil),
            ("--now", now != nil), ("--drafts", drafts),
            ("--access-log", deepening.accessLog != nil), ("--limit", deepening.limit != nil),
        ].filter(\.1).map(\.0)
    }

    func run() async throws {
        let site = try await SitegenCommand.requireSite(in: database.folders.root)
        let mode = modes.first
        try await reportingFailures {
            let backend = try DatabaseBackend(database)
            defer { backend.stop() }
            try await backend.asked { try await run(mode, site, on: backend.url) }
        }
    }

    private func run(_ mode: BuildMode?, _ site: Site, on url: String) async throws {
        var build = try options.buildOptions(
            root: database.folders.root, output: release.folder, databaseURL: url)
        build.rendersAll = all
        build.isVerified = mode == .verify
        build.isMeasured = costs
        build.shard = shard?.part
        build.snapshot = snapshot
        if now != nil || drafts {
            build.preview = Preview(
                time: try Preview.time(now, on: Connection(to: url)), showsDrafts: drafts)
        }
        if mode == .deepen { build.quality = .gradual }
        if mode == .follow {
            build.quality = options.inputs.quality ?? .gradual
            try await FollowDisplay.run(
                site, options: build, redisURL: redis ?? Environment.value("REDIS_URL"),
                json: json, isQuiet: quiet)
            return
        }
        let progress = BuildProgress(isQuiet: quiet || json, isExplaining: explain && !json)
        let builder = SiteBuilder(site, options: build, report: progress.show)
        if mode == .plan {
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
        guard mode == .deepen else { return }
        let deepened = try await deepening.run(
            release.folder, keeping: build.keeping, jobs: build.jobs)
        if json || !quiet { deepening.show(deepened, json: json) }
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
