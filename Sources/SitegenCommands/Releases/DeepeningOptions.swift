import ArgumentParser
import FoundationEssentials
import ReleaseFormat
import ReleaseTools
import SiteAuthoring
import SiteBuilding

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
