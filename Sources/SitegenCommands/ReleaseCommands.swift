// `sitegen history`, `diff`, `rollback` and `clean`: what there is, what differs between two of
// them, going back, and removing what is no longer needed.
//
// None of them needs a database or the site's code.

import ArgumentParser
import ReleaseFormat
import SiteBuilding

/// Lists the releases of a folder.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List the releases that can be served or gone back to, the newest first.")

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

/// Compares two releases.
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say what is different between two releases.",
        discussion: "With one name, it is compared with the release that is live.")

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

/// Goes live with an earlier release.
struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Go live with an earlier release at once.",
        discussion: """
            Without a name it is the one that was live before the present one. A running \
            `sitegen serve` switches by itself.
            """)

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

/// Removes what is no longer needed.
struct CleanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Remove old releases and the stored files that no release names.",
        discussion: """
            With --path, nothing but that path is removed, from all releases: its stored bytes go, \
            and running servers stop to show it. Remove it from the site and build before: what \
            the live release has stays. A file of public/ goes with all its fingerprinted names; \
            a fingerprinted name means those bytes alone. A build that has the same bytes at the \
            same path again publishes them again.
            """)

    @OptionGroup var release: ReleaseOptions
    @Option(help: "How many releases to keep, at least.") var keep = 5
    @Option(help: "Keep also every release that was live in the last so many hours.")
    var keepHours = 0
    @Option(help: "Take down what earlier releases have at this path. May be given many times.")
    var path: [String] = []
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        guard keep >= 1, (0...100_000).contains(keepHours) else {
            throw ValidationError("--keep must be 1 or more, --keep-hours 0 to 100000.")
        }
        guard path.map(PageAddress.path).allSatisfy({ $0.hasPrefix("/") }) else {
            throw ValidationError("--path must be a path of the site, or an address of it.")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let writer = try ReleaseWriter.open(release.folder, isNewAllowed: false)
            guard path.isEmpty else { return try takeDown(writer) }
            let removed = try writer.clean(
                keeping: ReleaseKeeping(count: keep, seconds: keepHours * 3600))
            if json {
                Terminal.line(
                    JSONLine.text([
                        "removedReleases": removed.releases, "removedFiles": removed.files,
                    ]))
            } else {
                Terminal.line(
                    "removed \(Display.number(removed.releases)) releases and "
                        + "\(Display.number(removed.files)) files")
            }
        }
    }

    private func takeDown(_ writer: ReleaseWriter) throws {
        // As it was written, or as a browser shows it.
        let named = Set(path.flatMap { [$0, PageAddress.path(of: $0)] })
        let done = try writer.withdraw { path in
            named.contains { AssetName.isPath(path, of: $0) }
        }
        if json {
            Terminal.line(
                JSONLine.text(
                    WithdrawnObject(paths: done.paths, live: done.live, removedFiles: done.files)))
        } else {
            for path in done.paths { Terminal.line("taken down: \(path)") }
            Terminal.line("removed \(Display.number(done.files)) files")
        }
        if !done.live.isEmpty {
            throw CommandFailure(
                .failure,
                """
                The live release still has \(done.live.joined(separator: ", ")).
                Remove it from the site, build, and run this again.
                """)
        }
        if done.paths.isEmpty {
            throw CommandFailure(
                .failure,
                """
                No earlier release has \(path.joined(separator: ", ")).
                Give the path as a browser asks for it; `sitegen check` lists what is left over.
                """)
        }
    }
}

/// The shape of `clean --path --json`.
private struct WithdrawnObject: Encodable {
    let paths: [String]
    let live: [String]
    let removedFiles: Int
}
