// The command line of a site: one executable with every command.
//
// This module alone reads arguments and environment, prints and exits. A site's executable hands
// its `Site` over; each command finds it in `SitegenCommand.site`. Commands that need no site code
// (`serve`, `db apply`) never touch it.

public import ArgumentParser
public import SiteAuthoring

/// The command `sitegen`.
public struct SitegenCommand: AsyncParsableCommand {
    /// The site whose executable this is.
    @TaskLocal static var site: Site?

    /// What `sitegen --help` says.
    public static let configuration = CommandConfiguration(
        commandName: "sitegen",
        abstract: "Pages as cheap as files and as fresh as the database.",
        discussion: """
            A site is built from rows of views in PostgreSQL and served from the files of a \
            release; fragments come from Redis.

            Without DATABASE_URL and REDIS_URL, commands start private servers below .sitegen/ \
            and stop them when they end. `serve` starts nothing.
            """,
        version: "0.1.0",
        subcommands: [
            BuildCommand.self, ServeCommand.self, WatchCommand.self, FragmentsCommand.self,
            DatabaseCommand.self, RoutesCommand.self, WhyCommand.self, CheckCommand.self,
            HistoryCommand.self, DiffCommand.self, RollbackCommand.self, CleanCommand.self,
            ExportCommand.self, DeepenCommand.self, MergeCommand.self,
            DemoCommand.self,
        ])

    /// Made by the argument parser.
    public init() {}

    /// Runs the command line of `site` and exits.
    public static func main(site: Site) async -> Never {
        await $site.withValue(site) {
            await run(arguments: Array(CommandLine.arguments.dropFirst()))
        }
        ExitStatus.success.exit()
    }

    private static func run(arguments: [String]) async {
        do {
            var command = try parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            Terminal.error(failure.message)
            failure.status.exit()
        } catch {
            exit(withError: error)
        }
    }
}
