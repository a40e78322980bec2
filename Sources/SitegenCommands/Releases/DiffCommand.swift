// `sitegen diff`: what differs between two releases, for people and as JSON.
//
// It needs neither a database nor the site's code.

import ArgumentParser
import ReleaseFormat
import SiteBuilding

/// Compares two releases.
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say what is different between two releases.",
        discussion: CommandText(
            "With one name, it is compared with the release that is live.",
            input: "two releases below --release",
            output: "a line for each path that differs, one object with --json",
            status: "0 told, whatever differs, 78 no such release",
            files: "none"
        ).discussion)

    @OptionGroup var release: ReleaseOptions
    @Flag(help: "Print one JSON object.") var json = false
    @Argument(help: "The earlier release.") var from: ReleaseID
    @Argument(help: "The later release; the one that is live unless set.") var to: ReleaseID?

    func run() async throws {
        try await reportingFailures {
            let one = try StoredManifest.open(release.folder, id: from)
            let other = try StoredManifest.open(release.folder, id: to)
            let difference = DiffDisplay(
                from: one.id, to: other.id, try ReleaseDiff.changes(from: one, to: other))
            json ? Terminal.line(difference.json) : difference.lines.forEach(Terminal.line)
        }
    }
}
