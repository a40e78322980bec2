import ArgumentParser
import SiteBuilding

/// What a release has besides its pages, and which releases stay beside it.
struct ReleasingOptions: ParsableArguments {
    @Flag(help: "Also lay out index.html, .gz and .br files for other servers.")
    var tree = false

    @Option(help: "How many releases to keep, at least.")
    var keep = 5

    @Option(help: "Keep also every release that was live in the last so many hours.")
    var keepHours: Int?

    func validate() throws {
        guard (1...10_000).contains(keep) else {
            throw ValidationError("--keep must be between 1 and 10000.")
        }
        guard (0...100_000).contains(keepHours ?? 0) else {
            throw ValidationError("--keep-hours must be between 0 and 100000.")
        }
    }

    func apply(to options: inout BuildOptions) {
        options.hasTree = tree
        options.releasesKept = keep
        options.secondsKept = (keepHours ?? 0) * 3600
    }
}
