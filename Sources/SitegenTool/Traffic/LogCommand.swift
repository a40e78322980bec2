// `sitegen log …`: what the server answered becomes rows and counts in PostgreSQL.
//
// The serving process writes a spool and knows no database; these commands know the database and
// serve nothing. Each opens one connection, and a private server if no URL names another.

import AccessRecords
import ArgumentParser
import Postgres
import SitegenCommands
import Traffic

/// Commands about traffic.
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Take the server's answers into the database, and prove what is counted.",
        discussion: """
            `sitegen log install --zone Europe/Paris` once, then `sitegen serve --access-spool \
            DIR` and beside it `sitegen log ingest --access-spool DIR --follow`. No address, no \
            User-Agent and no cookie is kept.
            """,
        subcommands: [
            Install.self, LogIngestCommand.self, Seal.self, Verify.self, LogImportCommand.self,
            LogStatusCommand.self, Forget.self, Drop.self,
        ])

    /// `sitegen log install`.
    struct Install: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "install",
            abstract: "Install the schema `traffic`, or bring it up to date, and set it up.",
            discussion: CommandText(
                """
                Makes the roles sitegen_ingest (may ingest, may read no row) and sitegen_stats \
                (may read counts), if this user may. A second run changes nothing but what its \
                options say. Another zone counts from tomorrow on, or from the day behind it if \
                that has begun there; --visit-minutes and --assets hold from tomorrow on.
                """,
                input: CommandText.database,
                output: "what was installed, and the settings in force",
                status: "\(TrafficWork.status), 78 a setting, a zone or the schema's version",
                files: "none; the schema traffic and two roles"
            ).discussion)

        @OptionGroup var database: DatabaseOptions

        @Option(help: "The time zone of days and hours: Europe/Paris. UTC unless set.")
        var zone: String?

        @Option(help: "Minutes without a view after which a visit is over; 30 unless set.")
        var visitMinutes: Int?

        @Option(help: "Minutes in which what was read counts half for what trends; 360 unless set.")
        var halfLifeMinutes: Int?

        @Option(help: "Days for which rows are kept; 30 unless set.")
        var hitDays: Int?

        @Option(help: "Months for which counts are kept; 25 unless set.")
        var countMonths: Int?

        @Flag(help: "Let --count-months be more than 25.") var longer = false

        @Flag(
            inversion: .prefixedNo,
            help:
                "Whether pages show styles or pictures: who never asks for any is a robot."
        )
        var assets: Bool?

        func run() async throws {
            var changes = TrafficSettings.Changes()
            changes.zone = zone
            changes.visitMinutes = visitMinutes
            changes.halfLifeMinutes = halfLifeMinutes
            changes.hitDays = hitDays
            changes.countMonths = countMonths
            changes.allowsLonger = longer
            changes.asksForAssets = assets
            let wanted = changes
            try await TrafficWork.connected(database) { connection in
                let ran = try TrafficSchema.install(wanted, on: connection)
                Terminal.line(
                    ran.isEmpty
                        ? "schema traffic is up to date"
                        : "schema traffic installed (version \(ran.last ?? 0))")
                try TrafficWork.lines(on: connection).forEach(Terminal.line)
                for role in try TrafficSchema.missingRoles(on: connection) {
                    Terminal.note(
                        """
                        the role \(role) is missing, and this user may not make it
                        Run `CREATE ROLE \(role) LOGIN` as one who may, then this command again.
                        """)
                }
            }
        }
    }

    /// `sitegen log seal`.
    struct Seal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "seal",
            abstract: "Prove days that are over: count their rows anew and compare.",
            discussion: CommandText(
                """
                An ingester that follows does this by itself, two hours after a day's end. What \
                differs is told and put right: it is a fault, so please report it.
                """,
                input: CommandText.database,
                output: "a line for each day, and one for each difference",
                status:
                    "\(TrafficWork.status), 65 something differed, 1 a day has no rows any more",
                files: "none; counts in the database"
            ).discussion)

        @OptionGroup var database: DatabaseOptions
        @Argument(help: "The days, as 2026-11-30; else all that are over and not proved.")
        var days: [String] = []

        func run() async throws {
            try TrafficWork.check(days: days)
            let days = days
            try await TrafficWork.connected(database) { connection in
                try TrafficSchema.require(on: connection)
                let chosen = days.isEmpty ? try DaySealing.unsealed(on: connection) : days
                var count = 0
                for day in chosen {
                    count += TrafficWork.tell(
                        try DaySealing.seal(day, on: connection), of: day, done: "sealed")
                }
                if !chosen.isEmpty { try DaySealing.correctTrend(on: connection) }
                if chosen.isEmpty { Terminal.line("no day is to be sealed") }
                try TrafficWork.fail(differences: count, "They are right now.")
            }
        }
    }

    /// `sitegen log verify`.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Compare the counts of days with their rows, and change nothing.",
            discussion: CommandText(
                input: CommandText.database,
                output: "a line for each day, and one for each difference",
                status: "\(TrafficWork.status), 65 something differs, 1 a day has no rows any more",
                files: "none"
            ).discussion)

        @OptionGroup var database: DatabaseOptions
        @Argument(help: "The days, as 2026-11-30.") var days: [String]

        func run() async throws {
            try TrafficWork.check(days: days)
            let days = days
            try await TrafficWork.connected(database) { connection in
                try TrafficSchema.require(on: connection)
                var count = 0
                for day in days {
                    count += TrafficWork.tell(
                        try DaySealing.verify(day, on: connection), of: day, done: "verified")
                }
                try TrafficWork.fail(differences: count, "`sitegen log seal` puts them right.")
            }
        }
    }

    /// `sitegen log forget`.
    struct Forget: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "forget",
            abstract: "Remove a path's text wherever it is kept; its counts stay, without a name.",
            discussion: CommandText(
                input: CommandText.database,
                output: "how many texts were removed",
                status: "\(TrafficWork.status), 1 no such path is kept",
                files: "none; texts in the database"
            ).discussion)

        @OptionGroup var database: DatabaseOptions
        @Option(help: "The path, as the statistics show it.") var path: String

        func run() async throws {
            let path = path
            try await TrafficWork.connected(database) { connection in
                try TrafficSchema.require(on: connection)
                let count = try TrafficSchema.forget(path: path, on: connection)
                guard count > 0 else {
                    throw CommandFailure(
                        .failure,
                        """
                        No text of this path is kept.
                        Give it as `sitegen stats --by pages` shows it.
                        """)
                }
                Terminal.line("\(Display.number(count)) texts removed")
            }
        }
    }

    /// `sitegen log drop`.
    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "drop",
            abstract: "Remove the schema `traffic` with all rows and counts.",
            discussion: CommandText(
                input: CommandText.database,
                output: "that it is gone",
                status: "\(TrafficWork.status), 78 there is no such schema",
                files: "none; the schema traffic of the database"
            ).discussion)

        @OptionGroup var database: DatabaseOptions
        @Flag(help: "Yes: nothing of it can be had back.") var yes = false

        func run() async throws {
            guard yes else {
                throw CommandFailure(
                    .usage,
                    "This removes all rows and counts for ever.\nGive --yes if that is meant.")
            }
            try await TrafficWork.connected(database) { connection in
                try TrafficSchema.drop(on: connection)
                Terminal.line("schema traffic removed")
            }
        }
    }
}
