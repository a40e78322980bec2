// The options of a build in groups, so that a command takes what it uses and nothing else.
//
// `why` asks about the inputs alone, `merge` about no rendering, `fragments publish` about the
// site's address: an option that one of them ignored would promise something.

import ArgumentParser
import FoundationEssentials
import MaterializedViews
import SiteAuthoring
import SiteBuilding

/// Where the site will be reached.
struct OriginOption: ParsableArguments {
    @Option(help: "Where the site will be reached, such as https://example.com.")
    var origin: Origin?
}

/// What pages are made from besides their rows: a build and what asks about it must agree.
struct InputOptions: ParsableArguments {
    @Option(
        help: """
            fast: gzip 6, brotli 5. best: gzip 9, brotli 11. gradual: fast for what changed, \
            until `sitegen deepen` makes it best. best unless set; with --follow, gradual.
            """)
    var quality: BuildQuality?

    @OptionGroup var site: OriginOption

    /// The options of a build with these inputs.
    func buildOptions(root: String, output: String, databaseURL: String) -> BuildOptions {
        var options = BuildOptions(
            root: root, output: output, databaseURL: databaseURL, quality: quality ?? .best,
            origin: site.origin, jobs: ProcessInfo.processInfo.activeProcessorCount)
        options.program = (try? RunningProgram.path()).flatMap(FileDigest.of(program:))
        options.minifier = RunningProgram.path(of: "esbuild").flatMap(FileDigest.of(program:))
        return options
    }
}

/// The flags of a build.
struct BuildFlags: ParsableArguments {
    @OptionGroup var inputs: InputOptions
    @OptionGroup var releasing: ReleasingOptions

    @Option(help: "How many pages to render at the same time; one per core unless set.")
    var jobs: Int?

    func validate() throws {
        if let jobs, !(1...1024).contains(jobs) {
            throw ValidationError("--jobs must be between 1 and 1024.")
        }
    }

    /// The options of a build with these flags.
    func buildOptions(root: String, output: String, databaseURL: String) -> BuildOptions {
        var options = inputs.buildOptions(root: root, output: output, databaseURL: databaseURL)
        releasing.apply(to: &options)
        if let jobs { options.jobs = jobs }
        return options
    }
}
