// The options of a build in groups, so that a command takes what it uses and nothing else.
//
// `why` asks about the inputs alone, `merge` about no rendering, `fragments publish` about the
// site's address: an option that one of them ignored would promise something.

import ArgumentParser
import FoundationEssentials
import MaterializedViews
import ReleaseFormat
import SiteAuthoring
import SiteBuilding

/// Where the site will be reached.
struct OriginOption: ParsableArguments {
    @Option(
        help: """
            Where the site will be reached, such as https://example.com, or \
            https://example.com/shop in a folder.
            """)
    var origin: Origin?
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
    func buildOptions(root: String, output: String, databaseURL: String) throws -> BuildOptions {
        var options = try inputs.buildOptions(root: root, output: output, databaseURL: databaseURL)
        releasing.apply(to: &options)
        if let jobs { options.jobs = jobs }
        return options
    }
}
