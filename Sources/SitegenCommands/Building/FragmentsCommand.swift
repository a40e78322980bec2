// `sitegen fragments publish`: rows to fragments in Redis.
//
// It needs no release: pages and fragments meet only when a page is served. If there is one, it
// says which fragments have outgrown their slots.

import ArgumentParser
import Postgres
import SiteBuilding

/// Commands about fragments.
struct FragmentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fragments", abstract: "Render fragments into Redis.",
        subcommands: [Publish.self])

    /// Publishes all fragments.
    struct Publish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "publish",
            abstract: "Render every row of the fragments' views into Redis.",
            discussion: CommandText(
                """
                Run it as often as fragments may be late; each has a lifetime of its own.
                """,
                input: """
                    rows of the fragments' views; \(CommandText.database); Redis of \
                    --redis or REDIS_URL
                    """,
                output: "a line for each fragment's name with its count",
                status: """
                    0 published, 1 a fragment could not be made, 64 usage, 65 a row has no \
                    fragment, 69 PostgreSQL \
                    or Redis unavailable, 78 stale views
                    """,
                files: "none; records in Redis"
            ).discussion)

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var release: ReleaseOptions
        @OptionGroup var site: OriginOption

        @Option(help: "Redis's URL; else REDIS_URL, else a private server.")
        var redis: String?

        func run() async throws {
            let origin = self.site.origin
            let site = try await SitegenCommand.requireSite(in: database.folders.root)
            try await reportingFailures {
                let postgres = try DatabaseBackend(database)
                defer { postgres.stop() }
                let target = try FragmentBackend(url: redis, folders: database.folders)
                defer { target.stop() }
                var options = BuildOptions(
                    root: database.folders.root, output: release.folder,
                    databaseURL: postgres.url, origin: origin, jobs: 1)
                options.schema = postgres.database.schema
                let publication = FragmentPublication(site, options: options)
                let routes = try await postgres.asked { try publication.publish(to: target.url) }
                for route in routes {
                    Terminal.line("published \(Display.number(route.count)) \(route.name)")
                    if let text = route.overflow?.warning(for: route.name) { Terminal.note(text) }
                }
            }
        }
    }
}

extension SlotOverflow {
    /// What pages will not show, and what to declare.
    func warning(for name: String) -> String {
        let placement = needed.map { "`.inline(capacity: \($0))` or `.tail`" } ?? "`.tail`"
        return "warning: \(Display.number(count)) \(name) do not fit a slot of \(capacity) bytes "
            + "(the longest has \(longest)), pages show the fallback; declare \(placement)"
    }
}
