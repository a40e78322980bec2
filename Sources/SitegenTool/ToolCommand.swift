// The command line of the tool: it knows no site, serves releases and watches folders.
//
// It has the commands of a site's program besides its own; those that need a site hand over to that
// program (`SiteProgram`).

public import ArgumentParser
import SitegenCommands

/// The command `sitegen`.
public struct ToolCommand: AsyncParsableCommand {
    /// What `sitegen --help` says.
    public static let configuration = CommandConfiguration(
        commandName: "sitegen",
        abstract: "Pages as cheap as files and as fresh as the database.",
        discussion: """
            A site is built from rows of views in PostgreSQL and served from the files of a \
            release; fragments come from Redis.

            Commands that render compile the site's own program first, if its sources are newer: \
            for debugging, or as SITEGEN_CONFIGURATION says (debug, release). SITEGEN_PROGRAM \
            names one that is compiled.

            Without DATABASE_URL and REDIS_URL, commands start private servers below .sitegen/ \
            and stop them when they end. `serve` starts nothing.
            """,
        version: SitegenCommand.version,
        subcommands: [
            NewCommand.self, AddCommand.self, ServeCommand.self, WatchCommand.self,
            PreviewCommand.self,
            RoutesCommand.self, LogCommand.self, StatsCommand.self, DemoCommand.self,
        ] + SitegenCommand.shared)

    /// Made by the argument parser.
    public init() {}

    /// Runs the command line and exits.
    public static func main() async {
        await SitegenCommand.run(ToolCommand.self)
        ExitStatus.success.exit()
    }
}
