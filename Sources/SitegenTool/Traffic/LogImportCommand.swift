// `sitegen log import`: the logs of other programs, or of a time before the spool.
//
// What a log does not say is not guessed, but for what is a page. Importing again adds nothing.

import ArgumentParser
import SitegenCommands
import Traffic

extension LogForm: ExpressibleByArgument {}

/// Imports logs.
struct LogImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take logs in that other programs wrote, each line once.",
        discussion: CommandText(
            """
            A log is known by its first 4 KiB: a copy or another name of it adds nothing, and one \
            that has grown goes on where it ended. gzip is unpacked. Rows keep their days; those \
            of days whose rows are gone are passed over and counted.
            """,
            input: "the files; \(CommandText.database)",
            output: "a line for each file",
            status: "\(TrafficWork.status), 65 a file is no such log, 1 one cannot be read",
            files: "none; rows and counts in the database"
        ).discussion)

    @OptionGroup var database: DatabaseOptions
    @Argument(help: "The logs, oldest first.") var files: [String]
    @Option(
        help: """
            Their form: combined (Apache, nginx), json (sitegen), caddy, cloudfront, cloudflare or \
            fastly.
            """)
    var format = LogForm.combined
    @Option(help: "A name of the site, which is no source of visits. May be given many times.")
    var host: [String] = []

    func run() async throws {
        let files = files
        let format = format
        let hosts = host
        try await TrafficWork.connected(database) { connection in
            var work = LogImport(format, hosts: hosts)
            try work.begin(on: connection)
            for file in files {
                let report = try work.run(file, on: connection)
                Terminal.line("\(file): \(Self.text(of: report))")
            }
        }
    }

    private static func text(of report: LogImport.Report) -> String {
        if report.isEmpty { return "no request is in it yet" }
        var parts = ["\(Display.number(report.lines)) lines taken in"]
        if report.isKnown { parts.append("the rest was taken in before") }
        if report.unreadable > 0 {
            parts.append("\(Display.number(report.unreadable)) have another form")
        }
        if report.refused > 0 {
            parts.append("\(Display.number(report.refused)) are of days whose rows are gone")
        }
        return parts.joined(separator: ", ")
    }
}
