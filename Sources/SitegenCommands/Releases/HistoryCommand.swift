import ArgumentParser
import ReleaseFormat
import SiteBuilding

/// Lists the releases of a folder.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List the releases that can be served or gone back to, the newest first.",
        discussion: CommandText(
            input: "the release folder of --release",
            output: "a line for each release, one object with --json",
            status: "0 told, 78 no release",
            files: "none"
        ).discussion)

    @OptionGroup var release: ReleaseOptions
    @Flag(help: "Print one JSON object for each.") var json = false

    func run() async throws {
        try await reportingFailures {
            let current = try ReleaseReader.currentID(release.folder)
            var shown: Set<ReleaseID> = []
            for line in try ReleaseReader.history(release.folder).reversed()
            where shown.insert(line.id).inserted {
                guard let reader = try? ReleaseReader.open(release.folder, id: line.id) else {
                    continue
                }
                let state = DatabaseState.of(line.id, in: release.folder)
                if json {
                    Terminal.line(
                        JSONLine.text(
                            ReleaseObject(
                                id: "\(line.id)", time: line.time, isLive: line.id == current,
                                entries: reader.manifest.count, lsn: state?.lsn,
                                event: state?.event)))
                } else {
                    Terminal.line(
                        "\(line.id)  \(line.time)  \(Display.number(reader.manifest.count)) paths"
                            + (state.map { "  snapshot \($0.lsn)" } ?? "")
                            + (line.id == current ? "  live" : ""))
                }
            }
        }
    }
}

/// The shape of a line of `history --json`.
private struct ReleaseObject: Encodable {
    let id: String
    let time: String
    let isLive: Bool
    let entries: Int
    let lsn: String?
    let event: Int64?
}
