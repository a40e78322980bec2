// `sitegen export nginx|caddy`: configuration for those who serve the plain tree with their own
// server.
//
// It prints; where the text goes is the owner's business.

import ArgumentParser
import FoundationEssentials
import ReleaseFormat
import ReleaseTools
import SiteBuilding

/// Prints configuration of another server.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print configuration of nginx or Caddy for the plain tree of the live release.",
        discussion: CommandText(
            """
            The release must have been built with --tree. Slots show their fallbacks: filling \
            them takes `sitegen serve`. Print it again after a build that changed headers.
            """,
            input: "the live release, built with --tree",
            output: "configuration",
            status: "0 printed, 64 usage, 78 no release",
            files: "none"
        ).discussion)

    @OptionGroup var release: ReleaseOptions
    @Option(help: "The address that the server listens on.") var listen = "127.0.0.1:8080"
    @Flag(help: "Print one JSON object with the text in it.") var json = false
    @Argument(help: "nginx or caddy.") var server: ServerKind

    func run() async throws {
        try await reportingFailures {
            let manifest = try ReleaseReader.open(release.folder).manifest
            guard manifest.hasTree else {
                throw CommandFailure(
                    .badConfiguration,
                    """
                    Release \(manifest.id) has no plain tree of files.
                    Run `sitegen build --tree`.
                    """)
            }
            let folder = URL(filePath: release.folder).standardizedFileURL
                .path(percentEncoded: false)
            let absolute = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
            let text = ServerSnippet(manifest, folder: absolute).text(for: server, listen: listen)
            if json {
                Terminal.line(
                    JSONLine.text([
                        "server": server.rawValue, "release": "\(manifest.id)", "text": text,
                    ]))
            } else {
                Terminal.line(String(text.dropLast()))
            }
        }
    }
}

extension ServerKind: ExpressibleByArgument {}
