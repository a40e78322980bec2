import ArgumentParser
import FoundationEssentials
import MaterializedViews
import SiteAuthoring
import SiteBuilding

/// The flags that builds, the demo and watching share.
struct BuildFlags: ParsableArguments {
    @Option(
        help: """
            fast: gzip 6, brotli 5. best: gzip 9, brotli 11. gradual: fast for what changed, \
            until `sitegen deepen` makes it best. best unless set; with --follow, gradual.
            """)
    var quality: BuildQuality?

    @Option(help: "Where the site will be reached, such as https://example.com.")
    var origin: Origin?

    @Option(help: "How many pages to render at the same time; one per core unless set.")
    var jobs: Int?

    @Flag(help: "Also lay out index.html, .gz and .br files for other servers.")
    var tree = false

    @Option(help: "How many releases to keep, at least.")
    var keep = 5

    @Option(help: "Keep also every release that was live in the last so many hours.")
    var keepHours: Int?

    func validate() throws {
        if let jobs, !(1...1024).contains(jobs) {
            throw ValidationError("--jobs must be between 1 and 1024.")
        }
        guard (1...10_000).contains(keep) else {
            throw ValidationError("--keep must be between 1 and 10000.")
        }
        guard (0...100_000).contains(keepHours ?? 0) else {
            throw ValidationError("--keep-hours must be between 0 and 100000.")
        }
    }

    /// The options of a build with these flags.
    func buildOptions(root: String, output: String, databaseURL: String) -> BuildOptions {
        var options = BuildOptions(
            root: root, output: output, databaseURL: databaseURL, quality: quality ?? .best,
            origin: origin, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
            hasTree: tree, releasesKept: keep)
        options.program = (try? RunningProgram.path()).flatMap(FileDigest.of(program:))
        options.minifier = RunningProgram.path(of: "esbuild").flatMap(FileDigest.of(program:))
        options.secondsKept = (keepHours ?? 0) * 3600
        return options
    }
}
