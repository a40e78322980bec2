// `sitegen deepen`: compresses better what `build --quality gradual` made, the second step of a
// build that is done in two.
//
// It needs no database.

import ArgumentParser
import FoundationEssentials
import ReleaseFormat
import SiteAuthoring
import SiteBuilding

/// Compresses better what a quick build compressed quickly.
struct DeepenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deepen",
        abstract: "Compress again, as well as possible, what `build --quality gradual` made.",
        discussion: """
            The live release stays as it is until everything is compressed; then one switch puts \
            the smaller files in place. Interrupt it at any time.
            """)

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
