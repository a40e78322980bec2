import ArgumentParser
import ReleaseFormat
import ReleaseTools
import SiteBuilding

/// Removes what is no longer needed.
struct CleanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Remove old releases and the stored files that no release names.",
        discussion: CommandText(
            """
            With --path, nothing but that path is removed, from all releases: its stored bytes go, \
            and running servers stop to show it. Remove it from the site and build before: what \
            the live release has stays. A file of public/ goes with all its fingerprinted names; \
            a fingerprinted name means those bytes alone. A build that has the same bytes at the \
            same path again publishes them again.
            """,
            input: "the release folder of --release",
            output: "how many releases and files went",
            status: """
                0 done, 1 nothing of that path was removed, 64 usage, 73 not removable, 75 \
                a build runs, 78 no release
                """,
            files: "old releases and stored files are removed"
        ).discussion)

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
        let live = try? StoredManifest.open(release.folder)
        let site = BuildInputs.basePath(in: live?.inputs ?? [])
        let done = try writer.withdraw { path in
            named.contains { AssetName.isPath(path, of: $0, under: site) }
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
