import ArgumentParser
import FoundationEssentials
import ReleaseFormat
import SiteAuthoring
import SiteBuilding

/// Joins the parts of a site.
struct MergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Join the parts that `build --shard` made into one release.",
        discussion: CommandText(
            """
            Takes the same program and the same options as the builds of the parts. The result is \
            the release that one build of the whole makes.
            """,
            input: "the releases of the parts, public/ and site/Styles",
            output: "the release that is live",
            status: """
                0 published, 1 two parts have one address, 64 usage, 73 not writable, \
                75 a build runs, 78 parts that make no whole
                """,
            files: "a release below --release, live by its last rename"
        ).discussion)

    @OptionGroup var folders: FolderOptions
    @OptionGroup var release: ReleaseOptions
    @OptionGroup var inputs: InputOptions
    @OptionGroup var releasing: ReleasingOptions
    @Flag(help: "Print one JSON object.") var json = false
    @Argument(help: "The folders of the parts, in any order.") var parts: [String]

    func run() async throws {
        let site = try await SitegenCommand.requireSite(in: folders.root)
        try await reportingFailures {
            var build = try inputs.buildOptions(
                root: folders.root, output: release.folder, databaseURL: "")
            releasing.apply(to: &build)
            let merging = PartMerging(site, options: build) { Terminal.note("warning: \($0)") }
            let (id, entries) = try await merging.merge(parts)
            if json {
                Terminal.line(JSONLine.text(MergeObject(release: "\(id)", entries: entries)))
            } else {
                Terminal.line("release \(id) with \(Display.number(entries)) paths is live")
            }
        }
    }
}

/// The shape of `merge --json`.
private struct MergeObject: Encodable {
    let release: String
    let entries: Int
}
