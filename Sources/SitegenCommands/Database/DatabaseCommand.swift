// `sitegen db …`: the views of a site in its database, and the Swift types of their rows.
//
// Each command opens one connection, and a private server if no URL names another, and closes both
// before it ends.

import ArgumentParser
import MaterializedViews
import Postgres
import SiteAuthoring
import SiteBuilding

/// Commands about the database.
struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db",
        abstract: "Install views, generate row types, load sample data.",
        discussion: """
            After a change of a view file: `sitegen db apply`, then `sitegen db generate`, then \
            build again. Neither needs the site's program.
            """,
        subcommands: [
            Plan.self, Apply.self, Generate.self, Status.self, Explain.self, Verify.self,
            Refresh.self, Doctor.self, Detach.self, Attach.self, Drop.self, Seed.self,
        ])

    /// Runs `work` on a connection to the database of the options; a signal stops it.
    static func connected(
        _ options: DatabaseOptions, _ work: @escaping (borrowing Connection) throws -> Void
    ) async throws {
        try await reportingFailures {
            let backend = try DatabaseBackend(options)
            defer { backend.stop() }
            try await backend.asked { try await BlockingWork.connected(to: backend.database, work) }
        }
    }

    /// Installs the view files, and says what is under way and what is done.
    ///
    /// - Parameters:
    ///   - options: where.
    ///   - isQuiet: whether no progress is shown.
    ///   - takesOver: whether views of another site may be taken away.
    /// - Throws: a `CommandFailure`.
    static func apply(
        _ options: DatabaseOptions, isQuiet: Bool, takesOver: Bool = false
    ) async throws {
        let progress = ProgressLine(isQuiet: isQuiet)
        try await progress.ticking {
            try await connected(options) { connection in
                let definitions = try DatabaseWork.definitions(options.folders, on: connection)
                let site = options.folders.siteName
                if !takesOver {
                    try DatabaseWork.requireOwnViews(site, definitions, on: connection)
                }
                let actions = try ViewInstaller.apply(definitions, on: connection) { moment in
                    switch moment {
                    case .warning(let problem):
                        progress.clear()
                        DatabaseWork.warn(problem)
                    case .filling(let view, let place, let count):
                        progress.show("computing the rows of \(view) (\(place) of \(count))")
                    case .done(let action):
                        progress.clear()
                        Terminal.line("\(action)")
                    }
                }
                if let site { try SiteMark.note(site, on: connection) }
                progress.clear()
                for case .unchanged(let view) in actions {
                    Terminal.line("\(InstallAction.unchanged(view: view))")
                }
                try DatabaseWork.reportFailures(on: connection)
            }
        }
    }

    /// `sitegen db apply`.
    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "apply",
            abstract: "Install new and changed views; a second run changes nothing.",
            discussion: CommandText(
                """
                Readers see the old views until the new ones are complete, and no view that is \
                there waits while rows are computed. New views are installed one after the other, \
                those that change together. A row that no view can keep, since its key is NULL, \
                not unique or too long or since it cannot be computed, is named and set aside: \
                exit status 65, with all else done. SIGINT or SIGTERM stops it: its query ends, \
                what is not complete is taken back, the exit status is 130, and the next \
                `db apply` goes on from there.
                """,
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
        @Flag(help: "Take away the views of another site that the database has.")
        var takeOver = false

        func run() async throws {
            try await DatabaseCommand.apply(options, isQuiet: quiet, takesOver: takeOver)
        }
    }

    /// `sitegen db generate`.
    struct Generate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "generate",
            abstract: "Write site/Rows.generated.swift from PostgreSQL's description of the views.",
            discussion: CommandText(
                input: "site/database; \(CommandText.database)",
                output: "whether the file was written",
                status: """
                    \(CommandText.databaseStatus), 78 the views are not those of the \
                    files
                    """,
                files: "site/Rows.generated.swift"
            ).discussion)

        @OptionGroup var options: DatabaseOptions

        func run() async throws {
            try await connected(options) { connection in
                let hasChanged = try DatabaseWork.generate(options.folders, on: connection)
                Terminal.line(
                    "\(options.folders.rowsFile) \(hasChanged ? "written" : "is up to date")")
            }
        }
    }

    /// `sitegen db status`.
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "Show each view: installed or not, its rows, its last refresh.",
            discussion: CommandText(
                input: """
                    site/database, site/Rows.generated.swift; \
                    \(CommandText.database)
                    """,
                output: "a line for each view",
                status: """
                    \(CommandText.databaseStatus), 78 something has to be applied or \
                    generated
                    """,
                files: "none"
            ).discussion)

        @OptionGroup var options: DatabaseOptions

        func run() async throws {
            try await connected(options) { connection in
                try DatabaseWork.printStatus(options.folders, on: connection)
            }
        }
    }

    /// `sitegen db seed`.
    struct Seed: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "seed",
            abstract: "Load the site's sample data into a database that has none.",
            discussion: CommandText(
                input: "the site's sample; \(CommandText.database)",
                output: "how many rows were loaded",
                status: "\(CommandText.databaseStatus), 78 the sample cannot be made",
                files: "none; a schema in the database"
            ).discussion)

        @OptionGroup var options: DatabaseOptions

        @Option(help: "How large the sample is; the site decides what it counts.")
        var size: Int?

        @Option(help: "The same size and seed give the same rows.")
        var seed: UInt64 = 1

        @Flag(help: "Succeed, too, if the site has no sample data.")
        var optional = false

        func validate() throws {
            if let size, !(1...10_000_000).contains(size) {
                throw ValidationError("--size must be between 1 and 10000000.")
            }
        }

        func run() async throws {
            let site = try await SitegenCommand.requireSite(in: options.folders.root)
            guard let sample = site.sample else {
                if optional { return }
                throw CommandFailure(
                    .badConfiguration,
                    "The site has no sample data.\nGive its `Site` a `sample`.")
            }
            try await reportingFailures {
                let backend = try DatabaseBackend(options)
                defer { backend.stop() }
                let rows = try SampleLoader(sample, root: options.folders.root).load(
                    into: backend.url, size: size, seed: seed)
                if let rows {
                    Terminal.line("loaded \(Display.number(rows)) rows")
                } else {
                    Terminal.line("schema \(sample.schemaName) exists already; nothing was loaded")
                }
            }
        }
    }
}
