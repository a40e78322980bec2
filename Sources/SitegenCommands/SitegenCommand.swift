// The command line of a site's own program: every command that reads rows or releases.
//
// This module and SitegenTool alone read arguments and environment, print and exit. A site's
// program hands its `Site` over; each command finds it in `SitegenCommand.site`. The tool has the
// same commands and no site: where one is needed, the site's program takes its place.

public import ArgumentParser
import FoundationEssentials
public import SiteAuthoring

/// The command line of a site's program.
public struct SitegenCommand: AsyncParsableCommand {
    /// The site whose program this is; nil in the tool.
    @TaskLocal static var site: Site?

    /// The version of the tool and of the package.
    package static let version = "0.1.0"

    /// The commands that a site's program and the tool have in common.
    package static let shared: [any ParsableCommand.Type] = [
        BuildCommand.self, FragmentsCommand.self, DatabaseCommand.self, WhyCommand.self,
        CheckCommand.self, HistoryCommand.self, DiffCommand.self, RollbackCommand.self,
        CleanCommand.self, ExportCommand.self, DeepenCommand.self, MergeCommand.self,
    ]

    /// What `--help` says.
    public static let configuration = CommandConfiguration(
        commandName: "sitegen",
        abstract: "The program of a site: what renders and builds it.",
        discussion: """
            The tool `sitegen` compiles and runs it; in a deploy pipeline it works alone. Serving \
            and watching are the tool's.

            Without DATABASE_URL and REDIS_URL, commands start private servers below .sitegen/ \
            and stop them when they end.
            """,
        version: version, subcommands: shared + [RenderCommand.self])

    /// Made by the argument parser.
    public init() {}

    /// Runs the command line of `site` and exits.
    public static func main(site: Site) async -> Never {
        // A renderer ends with its crash; the watcher tells of it and starts another.
        if !RenderCommand.isAsked { await CrashReport.begin() }
        await $site.withValue(site) {
            await run(SitegenCommand.self)
        }
        ExitStatus.success.exit()
    }

    /// Runs the command that the arguments name, below `root`; exits if it fails.
    package static func run(_ root: (some AsyncParsableCommand).Type) async {
        do {
            var command = try root.parseAsRoot(Array(CommandLine.arguments.dropFirst()))
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            Terminal.error(failure.message)
            failure.status.exit()
        } catch {
            root.exit(withError: error)
        }
    }

    /// The site; in the tool, its program takes over instead.
    ///
    /// - Parameter root: the folder of the site.
    /// - Returns: the site whose program this is.
    /// - Throws: a `CommandFailure` when there is no site or it does not compile.
    static func requireSite(in root: String) async throws -> Site {
        if let site {
            try readSettings(of: site)
            return site
        }
        let program = try SiteProgram(root: root)
        try await program.compile()
        try program.replaceThisProcess()
    }

    private static func readSettings(of site: Site) throws(CommandFailure) {
        do {
            try SettingReading.readAll(site.settings, from: ProcessInfo.processInfo.environment)
        } catch {
            throw CommandFailure(.badConfiguration, "\(error)")
        }
    }

    /// The site; nil in the tool, where there is none.
    ///
    /// - Parameter root: the folder in which a site may be.
    /// - Returns: the site whose program this is, or nil.
    /// - Throws: as `requireSite`.
    static func siteIfAny(in root: String) async throws -> Site? {
        if let site {
            try readSettings(of: site)
            return site
        }
        return SiteProgram.isThere(in: root) ? try await requireSite(in: root) : nil
    }
}
