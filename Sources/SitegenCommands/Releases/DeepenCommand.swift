// `sitegen deepen`: compresses better what `build --quality gradual` made, the second step of a
// build that is done in two.
//
// It needs no database.

import ArgumentParser
import FoundationEssentials
import ReleaseFormat
import ReleaseTools
import SiteAuthoring
import SiteBuilding

/// Compresses better what a quick build compressed quickly.
struct DeepenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deepen",
        abstract: "Compress again, as well as possible, what `build --quality gradual` made.",
        discussion: CommandText(
            """
            The live release stays as it is until everything is compressed; then one switch puts \
            the smaller files in place. Interrupt it at any time.
            """,
            input: "the live release; an access log, if named",
            output: "how many entries were compressed",
            status: """
                0 done, 64 usage, 73 not writable, 75 a build runs, 78 no release, \
                130 interrupted
                """,
            files: "a release below --release, live by its last rename"
        ).discussion)

    @OptionGroup var release: ReleaseOptions
    @OptionGroup var deepening: DeepeningOptions
    @Flag(help: "Print one JSON object.") var json = false

    func run() async throws {
        try await reportingFailures {
            let report = try await deepening.run(release.folder, keeping: nil)
            deepening.show(report, json: json)
        }
    }
}
