// `sitegen deepen` and `sitegen merge`: the second step of a build that was done in two.
//
// Neither needs a database.

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

/// The options of deepening.
struct DeepeningOptions: ParsableArguments {
    @Option(help: "An access log: the pages most asked for come first.") var accessLog: String?
    @Option(help: "The most entries to compress; all unless set.") var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more.") }
    }

    /// Deepens the live release; `keeping` says which releases stay, nil keeps all.
    func run(
        _ output: String, keeping: ReleaseKeeping?,
        jobs: Int = ProcessInfo.processInfo.activeProcessorCount
    ) async throws -> DeepeningReport {
        var counts = RequestCounts()
        if let accessLog {
            guard
                let data = try? Data(
                    contentsOf: URL(filePath: accessLog), options: .mappedIfSafe)
            else {
                throw CommandFailure(
                    .usage,
                    """
                    The access log \(accessLog) cannot be read.
                    Name another file, or leave --access-log out.
                    """)
            }
            counts = RequestCounts(log: data)
        }
        return try await Deepening(jobs: jobs, order: counts, keeping: keeping)
            .run(output, limit: limit)
    }

    func show(_ report: DeepeningReport, json: Bool) {
        if json {
            Terminal.line(
                JSONLine.text(
                    DeepeningObject(
                        release: "\(report.release)", deepened: report.deepened,
                        left: report.left, bytesSaved: report.bytesSaved)))
        } else if report.isMadeFast {
            Terminal.line(
                "nothing to compress again: release \(report.release) was made with "
                    + "--quality fast; build with gradual or best")
        } else {
            Terminal.line(
                "compressed \(Display.number(report.deepened)) entries again, "
                    + "\(Display.number(report.left)) left, saved "
                    + "\(Display.bytes(max(0, report.bytesSaved))); "
                    + "release \(report.release) is live")
        }
    }
}

/// The shape of `deepen --json`.
private struct DeepeningObject: Encodable {
    let release: String
    let deepened: Int
    let left: Int
    let bytesSaved: Int
}

/// Joins the parts of a site.
struct MergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Join the parts that `build --shard` made into one release.",
        discussion: """
            Takes the same program and the same options as the builds of the parts. The result is \
            the release that one build of the whole makes.
            """)

    @OptionGroup var folders: FolderOptions
    @OptionGroup var release: ReleaseOptions
    @OptionGroup var options: BuildFlags
    @Flag(help: "Print one JSON object.") var json = false
    @Argument(help: "The folders of the parts, in any order.") var parts: [String]

    func run() async throws {
        let site = try SitegenCommand.requireSite()
        try await reportingFailures {
            let build = options.buildOptions(
                root: folders.root, output: release.folder, databaseURL: "")
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
