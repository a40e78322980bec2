// `sitegen stats`: the traffic of some days in the terminal, or for programs.
//
// Texts that strangers sent (paths, hosts, campaigns) cannot move the cursor: control characters
// are replaced.

import ArgumentParser
import Postgres
import SitegenCommands
import Traffic

/// Commands that read statistics.
struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Show what was read, by whom and from where.",
        discussion: """
            `sitegen stats yesterday --by sources`. Statistics are there once `sitegen log \
            install` and `sitegen log ingest` were run.
            """,
        subcommands: [
            StatsShowCommand.self, StatsServeCommand.self, StatsPrivacyCommand.self,
        ],
        defaultSubcommand: StatsShowCommand.self)
}

extension StatisticsSubject: ExpressibleByArgument {}

/// `sitegen stats show`.
struct StatsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the numbers of some days.",
        discussion: CommandText(
            """
            PERIOD is today, yesterday, 7d, 2026, 2026-11, 2026-11-30 or two of them with .. \
            between. visitors are exact within a day; over days they add up to visitor-days. \
            Conditions are answered from rows, which are kept for some weeks only.
            """,
            input: CommandText.database,
            output: "lines of columns, a line of JSON each with --json, CSV with --csv",
            status: "\(TrafficWork.status), 78 the schema is not there or has another version",
            files: "none"
        ).discussion)

    @OptionGroup var database: DatabaseOptions

    @Argument(help: "The days; today unless given.") var period = "today"
    @Option(help: "What to have a line for each of: days, pages, sources …")
    var by = StatisticsSubject.days
    @Option(
        name: .customLong("where"),
        help: "Only rows that fulfil this: page=/looks/*,source=example.org")
    var conditions: String?
    @Option(help: "The most lines.") var limit = 50
    @Flag(help: "Print one JSON object for each line.") var json = false
    @Flag(help: "Print comma-separated values (RFC 4180).") var csv = false
    @Flag(help: "Show it again every second, until Ctrl-C.") var watch = false

    func validate() throws {
        guard (1...100_000).contains(limit) else {
            throw ValidationError("--limit must be between 1 and 100000.")
        }
        if json, csv { throw ValidationError("Give --json or --csv, not both.") }
        if watch, json || csv {
            throw ValidationError("--watch is for people: no --json or --csv.")
        }
    }

    func run() async throws {
        let command = self
        try await TrafficWork.connected(database) { connection in
            try TrafficSchema.require(on: connection)
            try command.tellReach(on: connection)
            repeat {
                let lines = try command.lines(on: connection)
                if command.watch { Terminal.line("\u{1b}[H\u{1b}[2J\(command.period)") }
                lines.forEach(Terminal.line)
                if command.watch { try connection.run("SELECT pg_catalog.pg_sleep(1)") }
            } while command.watch
        }
    }

    /// Says how far back conditions reach, if that is not far enough.
    private func tellReach(on connection: borrowing Connection) throws {
        guard conditions != nil,
            let first = try StatisticsQuestion.firstDayOfRows(on: connection),
            try days(on: connection).first < first
        else { return }
        Terminal.note("rows are kept from \(first) on; conditions find nothing older")
    }

    private func days(on connection: borrowing Connection) throws -> StatisticsPeriod {
        let today = try connection.rows("SELECT traffic.day_of(now())::text") {
            row throws(PostgresError) in try row.value(0, as: String.self)
        }
        return try StatisticsPeriod(period, today: today.first ?? "")
    }

    private func lines(on connection: borrowing Connection) throws -> [String] {
        let question = StatisticsQuestion(
            by, try days(on: connection),
            conditions: try conditions.map { try StatisticsCondition.all(in: $0) } ?? [],
            limit: limit)
        let answer = try question.ask(on: connection)
        let display = StatisticsDisplay(answer)
        return json ? display.json : csv ? display.csv : display.table
    }
}

/// `sitegen stats privacy`.
struct StatsPrivacyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "privacy",
        abstract: "Print the statement for a privacy page, from the settings in force.",
        discussion: CommandText(
            input: CommandText.database,
            output: "a text for visitors, and behind it what proves it",
            status: "\(TrafficWork.status), 78 the schema is not there or has another version",
            files: "none"
        ).discussion)

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        try await TrafficWork.connected(database) { connection in
            try TrafficSchema.require(on: connection)
            let statement = try PrivacyStatement(on: connection)
            Terminal.line(statement.text)
        }
    }
}
