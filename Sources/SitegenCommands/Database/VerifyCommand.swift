// `sitegen db verify`: tries whether every change of what views read reaches them.
//
// Progress goes to the terminal alone; what was found, and what could not be tried, is the output.

import ArgumentParser
import MaterializedViews
import Postgres

extension DatabaseCommand {
    /// `sitegen db verify`.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Change every column that views read, in transactions that are rolled back, "
                + "and look whether the views follow.",
            discussion: CommandText(
                """
                Compares the views with their statements first, then changes rows of each table in \
                every way that the database allows, and says which ways it does not allow and why. \
                Best on a copy of the database: changed rows are locked, and refreshing waits, for \
                as long as one change and its comparison take.
                """,
                input: "site/database; \(CommandText.database)",
                output: "what was changed, what was missed, what could not be tried",
                status: """
                    0 every change was followed, 1 a view differed before or a \
                    change was missed, 2 nothing was wrong and the time was up, 69 \
                    PostgreSQL unavailable, 130 interrupted
                    """,
                files: "none; every change is rolled back"
            ).discussion)

        @OptionGroup var options: DatabaseOptions

        @Option(help: "How many rows of each table are changed in each way.")
        var rows = MutationLimits().rows

        @Option(help: "Seconds after which no other change is begun.")
        var seconds = MutationLimits().seconds

        @Option(help: "Seconds that a change, its step or a comparison may take.")
        var changeSeconds = MutationLimits().changeSeconds

        @Flag(help: "Show no progress.") var quiet = false

        @Argument(help: "Views to compare and tables to change; all of them unless named.")
        var names: [String] = []

        func validate() throws {
            if !(1...MutationLimits.rowsMax).contains(rows) {
                throw ValidationError("--rows must be between 1 and \(MutationLimits.rowsMax).")
            }
            if !(1...1_000_000).contains(seconds) || !(1...1_000_000).contains(changeSeconds) {
                throw ValidationError(
                    "--seconds and --change-seconds must be between 1 and 1000000.")
            }
        }

        func run() async throws {
            var limits = MutationLimits()
            limits.rows = rows
            limits.seconds = seconds
            limits.changeSeconds = changeSeconds
            let (names, quiet) = (names, quiet)
            let progress = ProgressLine(isQuiet: quiet)
            try await progress.ticking {
                try await connected(options) { [limits] connection in
                    let database = try connection.rows("SELECT current_database()::text") {
                        (row) throws(PostgresError) in try row.value(0, as: String.self)
                    }
                    if !quiet {
                        Terminal.note(
                            "verifying in database \(database.first ?? "") for at most "
                                + "\(Display.number(limits.seconds)) s")
                    }
                    let report = try MutationCheck.run(names, limits: limits, on: connection) {
                        done, total, what in
                        progress.show(
                            total == 0
                                ? what
                                : "\(Display.number(done)) of \(Display.number(total)) changes, "
                                    + what, continues: done > 0)
                    }
                    progress.clear()
                    for line in report.lines { Terminal.line(line) }
                    Terminal.line(report.description)
                    try fail(report)
                }
            }
        }

        /// The exit status of a report that is not all good.
        private func fail(_ report: MutationReport) throws {
            if !report.misses.isEmpty {
                throw CommandFailure(
                    .failure,
                    "Some changes do not reach their views.\n"
                        + "Declare the way with `-- watch:`, or use `refresh: materialized`.")
            }
            if !report.differences.isEmpty {
                throw CommandFailure(
                    .failure,
                    "Some views differ from their statements, whatever changes.\n"
                        + "Run `sitegen db refresh VIEW`; a row without a key has to be left out "
                        + "by the statement.")
            }
            if !report.isComplete {
                throw CommandFailure(
                    .incomplete,
                    "The time was up before everything was tried.\n"
                        + "Give it more with --seconds and --change-seconds, or name views and "
                        + "tables.")
            }
        }
    }
}
