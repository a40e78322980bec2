// `sitegen db plan|explain|refresh|detach|attach|drop`: how views follow their tables.
//
// What a reader would get wrong: `attach` is `apply` under the name that belongs to `detach`; both
// bring the database to what the files say.

import ArgumentParser
import MaterializedViews
import Postgres

extension DatabaseCommand {
    /// `sitegen db plan`.
    struct Plan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "plan",
            abstract: "Print the SQL that `db apply` would run; change nothing.",
            discussion: CommandText(
                input: "site/database; \(CommandText.database)",
                output: "the SQL that would be run",
                status: """
                    \(CommandText.databaseStatus), 78 a view file cannot be used
                    """,
                files: "none"
            ).discussion)

        @OptionGroup var options: DatabaseOptions

        func run() async throws {
            try await connected(options) { connection in
                let definitions = try DatabaseWork.definitions(options.folders, on: connection)
                let statements = try ViewInstaller.plan(definitions, on: connection)
                if statements.isEmpty { Terminal.note("nothing to do") }
                for statement in statements {
                    let isDone = statement.hasPrefix("--") || statement.hasSuffix(";")
                    Terminal.line(statement + (isDone ? "" : ";") + "\n")
                }
            }
        }
    }

    /// `sitegen db explain`.
    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "explain",
            abstract: "Show how each view follows its tables: key by key, or as a whole, and why.",
            discussion: CommandText(
                input: "site/database; \(CommandText.database)",
                output: "for each view its tables, and how their changes reach it",
                status: """
                    \(CommandText.databaseStatus), 78 a view file cannot be used
                    """,
                files: "none"
            ).discussion)

        @OptionGroup var options: DatabaseOptions

        @Argument(help: "The views; all of them unless named.")
        var views: [String] = []

        func run() async throws {
            try await connected(options) { connection in
                let definitions = try DatabaseWork.definitions(options.folders, on: connection)
                let explanations = try ViewInstaller.explain(
                    views.isEmpty ? nil : views, of: definitions, on: connection)
                for line in explanations.flatMap(\.lines) { Terminal.line(line) }
            }
        }
    }

    /// `sitegen db refresh`.
    struct Refresh: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "refresh",
            abstract: "Bring views up to date; readers are not disturbed.",
            discussion: CommandText(
                """
                Incremental views follow what is queued; those that are named are compared with \
                their statements row by row, with --all every view. Materialized views are \
                computed again. With --follow, the command stays and does what is queued within \
                milliseconds of its commit; several may run, one works. What cannot be computed \
                is named; exit status 65 says that it still cannot when the command ends, 78 that \
                a view was made from something that is another thing now.
                """,
                input: "what is queued in the database; \(CommandText.database)",
                output: "the views with how many rows changed",
                status: """
                    \(CommandText.databaseStatus), 65 something could not be brought \
                    up to date, 78 a view was made from what is another thing now
                    """,
                files: "none; rows of views in the database"
            ).discussion)

        @OptionGroup var options: DatabaseOptions

        @Flag(help: "Stay, and follow changes until SIGTERM or Ctrl-C.")
        var follow = false

        @Flag(help: "Compare every row of every view, as after a restore.")
        var all = false

        @Argument(help: "The views; all of them unless named.")
        var views: [String] = []

        func validate() throws {
            if follow, !views.isEmpty || all {
                throw ValidationError("--follow follows all views; name none.")
            }
            if all, !views.isEmpty {
                throw ValidationError("--all compares all views; name none.")
            }
        }

        func run() async throws {
            if follow {
                try await reportingFailures {
                    let signals = await Signals.trap()
                    let backend = try DatabaseBackend(options)
                    defer { backend.stop() }
                    try await ChangeFollower(backend.database).run(until: signals)
                }
                return
            }
            try await connected(options) { connection in
                let names = all ? try ViewInstaller.names(on: connection) : views
                for name in try DatabaseWork.refresh(names, on: connection) {
                    Terminal.line("refreshed \(name)")
                }
                let folder = options.folders.databaseFolder
                do {
                    try DatabaseWork.reportFailures(
                        of: views.isEmpty ? nil : views, on: connection)
                } catch {
                    try DatabaseWork.requireCurrent(folder, on: connection)
                    throw error
                }
                try DatabaseWork.requireCurrent(folder, on: connection)
            }
        }
    }

    /// `sitegen db detach`.
    struct Detach: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "detach",
            abstract: "Step aside for another program's migrations; rows stay readable.",
            discussion: CommandText(
                "`sitegen db attach` ends it and finds what changed in between.",
                input: "\(CommandText.database)",
                output: "the views that are detached",
                status: "\(CommandText.databaseStatus)",
                files: "none; triggers leave the database"
            ).discussion)

        @OptionGroup var options: DatabaseOptions

        func run() async throws {
            try await connected(options) { connection in
                for name in try ViewInstaller.detach(on: connection) {
                    Terminal.line("detached \(name)")
                }
            }
        }
    }

    /// `sitegen db attach`.
    struct Attach: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "attach",
            abstract: "Follow the tables again after `db detach`; the same as `db apply`.",
            discussion: CommandText(
                input: "site/database; \(CommandText.database)",
                output: "a line for each view",
                status: """
                    \(CommandText.databaseStatus), 65 rows were set aside, 78 a view \
                    file cannot be used
                    """,
                files: "none; views and triggers in the database"
            ).discussion)

        @OptionGroup var options: DatabaseOptions

        @Flag(help: "Show no progress.") var quiet = false

        func run() async throws { try await DatabaseCommand.apply(options, isQuiet: quiet) }
    }

    /// `sitegen db drop`.
    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "drop",
            abstract: "Remove all views, triggers and functions of the site from the database.",
            discussion: CommandText(
                input: "\(CommandText.database)",
                output: "what was removed",
                status: "\(CommandText.databaseStatus)",
                files: "none; the schema of the site leaves the database"
            ).discussion)

        @OptionGroup var options: DatabaseOptions

        @Flag(help: "Do it; without this flag nothing is dropped.")
        var yes = false

        func run() async throws {
            guard yes else {
                let schema = try SiteName.schema(root: options.folders.root)
                throw CommandFailure(
                    .usage,
                    "This drops the schema \(schema) and its triggers.\nRepeat it with --yes.")
            }
            try await connected(options) { connection in
                for name in try ViewInstaller.drop(on: connection) {
                    Terminal.line("dropped \(name)")
                }
            }
        }
    }
}
