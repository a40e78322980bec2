// `sitegen routes`: what a release holds and which headers it answers with.
//
// It reads the release alone: no database, no site code, no lock.

import ArgumentParser
import ReleaseFormat
import ReleaseTools
import SitegenCommands

/// Lists the addresses of a release.
struct RoutesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes",
        abstract: "List the addresses of the release that is live, or show one in full.",
        discussion: CommandText(
            input: "the live release below --release",
            output: """
                a line for each address, or one in full, one object with --json
                """,
            status: "0 told, 64 usage, 78 no release, 1 it has no such address",
            files: "none"
        ).discussion)

    @OptionGroup var release: ReleaseOptions
    @Flag(help: "Show only the headers that the address answers with.") var headers = false
    @Flag(help: "Print one JSON object for each address.") var json = false
    @Argument(help: "Show this address with its headers, files and slots.") var path: String?

    func validate() throws {
        if headers, path == nil {
            throw ValidationError("--headers needs an address, such as /looks/x/.")
        }
        if headers, json {
            throw ValidationError("--json has the headers and the rest; leave out --headers.")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let manifest = try StoredManifest.open(release.folder)
            guard let path else {
                var outlines = manifest.outlines()
                while let outline = try outlines.next() {
                    let display = RouteDisplay(outline.entry)
                    Terminal.line(json ? display.listedJSON : display.listed)
                }
                return
            }
            guard let entry = try PageAddress.entry(at: path, in: manifest) else {
                throw CommandFailure(
                    .failure,
                    """
                    The release has no \(path).
                    Run `sitegen routes` for the addresses it has.
                    """)
            }
            let display = RouteDisplay(entry)
            if json {
                Terminal.line(display.json)
            } else {
                (headers ? display.headers : display.lines).forEach(Terminal.line)
            }
        }
    }
}
