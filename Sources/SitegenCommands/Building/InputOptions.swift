import ArgumentParser
import FoundationEssentials
import ReleaseFormat
import SiteAuthoring
import SiteBuilding

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
    ///
    /// - Throws: a failure with status 78 if the site's name is none.
    func buildOptions(root: String, output: String, databaseURL: String) throws -> BuildOptions {
        var options = BuildOptions(
            root: root, output: output, databaseURL: databaseURL, quality: quality ?? .best,
            origin: site.origin, jobs: ProcessInfo.processInfo.activeProcessorCount)
        options.program = (try? RunningProgram.path()).flatMap(FileDigest.of(program:))
        options.schema = try SiteName.schema(root: root)
        options.settings = SettingReading.found
        options.minifier = RunningProgram.path(of: "esbuild").flatMap(FileDigest.of(program:))
        return options
    }
}
