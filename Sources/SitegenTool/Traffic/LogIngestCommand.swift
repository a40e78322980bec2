// `sitegen log ingest`: moves the records of a spool into the database.
//
// Without --follow it takes what is there and ends; with it, it goes on until a signal comes, and
// connects again when the database was away: meanwhile the spool keeps the records.

import AccessRecords
import ArgumentParser
import SitegenCommands
import Traffic

/// Takes in a spool.
struct LogIngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Take the records of an access spool into the database.",
        discussion: CommandText(
            """
            A record counts once, whatever is killed and however many ingesters run. Following \
            also makes keys of visitors and partitions ahead, drops rows whose time is over, and \
            proves each day when it has ended.
            """,
            input: "the spool of --access-spool; \(CommandText.database)",
            output: "what happened, as notes",
            status:
                "\(TrafficWork.status), 73 the spool cannot be used, 78 the schema is not there",
            files: "keys and marks in the spool; rows and counts in the database"
        ).discussion)

    @OptionGroup var database: DatabaseOptions

    @Option(help: "The folder of `serve --access-spool`.") var accessSpool: String

    @Flag(help: "Go on until a signal comes.") var follow = false
    @Flag(help: "Tell nothing but what is wrong.") var quiet = false

    func run() async throws {
        let folder = AccessSpoolFolder(accessSpool)
        let isQuiet = quiet
        if follow {
            let signals = await Signals.trap()
            try await reportingFailures {
                let backend = try DatabaseBackend(database)
                defer { backend.stop() }
                try await TrafficWork.asked(backend) {
                    try await IngestFollower(url: backend.url, folder, isQuiet: isQuiet)
                        .run(until: signals)
                }
            }
        } else {
            try await TrafficWork.connected(database) { connection in
                var total = 0
                let ingester = SpoolIngester(folder) { event in
                    if case .took(let records, _) = event { total += records }
                    IngestFollower.tell(event, isQuiet: true)
                }
                try ingester.begin(on: connection)
                try ingester.takeAll(on: connection)
                if !isQuiet { Terminal.line("\(Display.number(total)) records taken in") }
            }
        }
    }
}
