import ArgumentParser
import ReleaseFormat
import SiteBuilding

/// Goes live with an earlier release.
struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Go live with an earlier release at once.",
        discussion: CommandText(
            """
            Without a name it is the one that was live before the present one. A running \
            `sitegen serve` switches by itself.
            """,
            input: "the release folder of --release",
            output: "what is live now",
            status:
                "0 switched, 1 there is none to go back to, 75 a build runs, 78 no such release",
            files: "the link to the live release, and its history"
        ).discussion)

    @OptionGroup var release: ReleaseOptions
    @Argument(help: "The release; see `sitegen history`.") var id: ReleaseID?
    @Flag(help: "Print one JSON object.") var json = false

    func run() async throws {
        try await reportingFailures {
            let writer = try ReleaseWriter.open(release.folder, isNewAllowed: false)
            let current = try writer.currentID()
            let history = try ReleaseReader.history(release.folder)
            let previous = history.last { $0.id != current && writer.isFinished($0.id) }?.id
            guard let chosen = id ?? previous else {
                throw CommandFailure(
                    .failure,
                    """
                    There is no earlier release to go back to.
                    Run `sitegen history` to see what there is.
                    """)
            }
            try writer.activate(chosen)
            if json {
                Terminal.line(
                    JSONLine.text(["release": "\(chosen)", "before": current.map { "\($0)" }]))
            } else {
                Terminal.line("release \(chosen) is live")
            }
        }
    }
}
