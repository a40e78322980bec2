// `sitegen why URL`: what a page was made from, and the first thing that has changed since.
//
// It reads the release, the site's folder and one row of the database; it changes nothing.

import ArgumentParser
import ReleaseFormat
import ReleaseTools
import SiteBuilding

/// Says what a page was made from and whether a build would make it anew.
struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say what a page was made from, and the first input that has changed since.",
        discussion: CommandText(
            "The flags must be those of the build: its quality and origin are inputs.",
            input: "a release, public/, site/Styles; \(CommandText.database)",
            output: "the page's row, its inputs, and the first that has changed",
            status: """
                0 told, 64 usage, 69 PostgreSQL unavailable, 78 no release, 1 it has no \
                such page
                """,
            files: "none"
        ).discussion)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var release: ReleaseOptions
    @OptionGroup var inputs: InputOptions
    @Flag(help: "Print one JSON object.") var json = false
    @Argument(help: "The page's address, such as /looks/x/.") var path: String

    func run() async throws {
        let site = try await SitegenCommand.requireSite(in: database.folders.root)
        try await reportingFailures {
            let backend = try DatabaseBackend(database)
            defer { backend.stop() }
            let builder = SiteBuilder(
                site,
                options: try inputs.buildOptions(
                    root: database.folders.root, output: release.folder, databaseURL: backend.url),
                report: { _ in })
            let found = try await backend.asked { try builder.provenance(of: path) }
            guard let page = found else {
                throw CommandFailure(
                    .failure,
                    """
                    The release has no \(path).
                    Run `sitegen routes` for the addresses it has.
                    """)
            }
            json ? Terminal.line(Self.json(page)) : Self.lines(page).forEach(Terminal.line)
        }
    }

    private static func lines(_ page: PageProvenance) -> [String] {
        let source = page.source
        var lines = ["\(page.path) in release \(page.release)"]
        let maker = source.route.isEmpty ? source.view : "\(source.route) of view \(source.view)"
        lines.append("made by \(maker)" + (source.key.isEmpty ? "" : ", row \(source.key)"))
        if let row = source.row { lines.append("row digest \(row)") }
        lines += page.inputs.map { "\($0.name) \($0.value)" }
        lines.append(
            page.cause == .unchanged
                ? "nothing of that has changed: a build leaves the page as it is"
                : "a build makes it anew: \(page.cause)")
        return lines
    }

    private static func json(_ page: PageProvenance) -> String {
        JSONLine.text(
            WhyObject(
                path: page.path, release: "\(page.release)", view: page.source.view,
                key: page.source.key, route: page.source.route,
                row: page.source.row.map { "\($0)" },
                inputs: Dictionary(
                    page.inputs.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
                isUpToDate: page.cause == .unchanged, cause: "\(page.cause)"))
    }
}

/// The shape of `why --json`.
private struct WhyObject: Encodable {
    let path: String
    let release: String
    let view: String
    let key: String
    let route: String
    let row: String?
    let inputs: [String: String]
    let isUpToDate: Bool
    let cause: String
}
