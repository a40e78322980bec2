// `sitegen add …`: a page, a list, a fragment, a feed or a column for a site that is there.
//
// Each writes new files and lines between the marks of `sitegen new`, prints what it did, and
// brings views and row types up to date. It needs no site's code; the next command that does
// compiles what is new.

import ArgumentParser
import Postgres
import SiteScaffolding
import SitegenCommands

/// Adds to a site.
struct AddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add pages, a list, a fragment, a feed, JSON, redirects or a column to a site.",
        discussion: """
            Input: the site's view files, and the catalogue of its database. Output: what was \
            written, a line each; what has to be done by hand, where a file has lost its marks. \
            Status: 0 done, or there already; 64 a name that is wrong; 69 the database cannot be \
            asked; 73 a file cannot be written. Files: new ones below site/, and lines between \
            `// sitegen:…` and `// sitegen:end`. A second run changes nothing.
            """,
        subcommands: [
            Page.self, List.self, FragmentOfRows.self, Feed.self, JSON.self, Redirects.self,
            Column.self,
        ])

    /// What an addition takes and gives.
    private static func text(_ input: String) -> CommandText {
        CommandText(
            "A second run changes nothing.",
            input: "\(input); \(CommandText.database)",
            output: "what was written, installed and generated, a line each",
            status: """
                0 done, 64 a name that is wrong, 69 PostgreSQL unavailable, 73 a file cannot be \
                written, 78 no site here or another site's database
                """,
            files: "new files below site/ and Tests/, lines between the markers of files that are "
                + "there, and the row types; views in the database")
    }

    /// Makes an addition, writes it, and brings views and row types up to date.
    static func run(
        _ options: DatabaseOptions,
        _ make: @escaping (ExistingSite, borrowing Connection) throws -> SiteAddition
    ) async throws {
        try await reportingFailures {
            do {
                let backend = try DatabaseBackend(options)
                defer { backend.stop() }
                let site = try ExistingSite(
                    root: options.folders.root, in: backend.database.schema)
                try await backend.asked {
                    try await BlockingWork.connected(to: backend.database) { connection in
                        let addition = try make(site, connection)
                        try addition.write()
                        addition.lines.forEach(Terminal.line)
                        try DatabaseWork.apply(options.folders, on: connection)
                        if try DatabaseWork.generate(options.folders, on: connection) {
                            Terminal.line("\(options.folders.rowsFile) written")
                        }
                    }
                }
            } catch let error as ScaffoldingError {
                throw CommandFailure(scaffolding: error)
            }
        }
    }

    /// `sitegen add page`.
    struct Page: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "page",
            abstract: "The pages of a table: views, a page for each row, a list, routes, tests.",
            discussion: text("a table of the catalogue").discussion)

        @OptionGroup var options: DatabaseOptions
        @Argument(help: "The table, with its schema where several have one of that name.")
        var table: String

        func run() async throws {
            let table = table
            try await AddCommand.run(options) { site, connection in
                try SiteAddition.page(of: table, to: site, on: connection)
            }
        }
    }

    /// `sitegen add list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "All rows of a view in another order, by the page.",
            discussion: text("a view file").discussion)

        @OptionGroup var options: DatabaseOptions
        @Argument(help: "A view with a slug and a name, such as album_page.") var view: String
        @Option(help: "The column that rows are ordered by.") var by = "name"
        @Option(help: "How many links a page has.") var size = 24

        func validate() throws {
            guard (1...1_000).contains(size) else {
                throw ValidationError("--size must be between 1 and 1000.")
            }
        }

        func run() async throws {
            let (view, column, size) = (view, by, size)
            try await AddCommand.run(options) { site, connection in
                try SiteAddition.list(
                    of: view, by: column, size: size, to: site, on: connection)
            }
        }
    }

    /// `sitegen add fragment`.
    struct FragmentOfRows: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fragment",
            abstract: "The rows of a view as fragments; prints the slot with a measured capacity.",
            discussion: text("a view file, and the length of what its rows show").discussion)

        @OptionGroup var options: DatabaseOptions
        @Argument(help: "The fragment's name: a–z, 0–9 and hyphens.") var name: String
        @Argument(help: "The view whose rows it shows.") var view: String
        @Option(help: "The cookie whose value is the row's key; without it all share a fragment.")
        var cookie: String?

        func run() async throws {
            let (name, view, cookie) = (name, view, cookie)
            try await AddCommand.run(options) { site, connection in
                try SiteAddition.fragment(
                    name, of: view, cookie: cookie, to: site, on: connection)
            }
        }
    }

    /// `sitegen add feed`.
    struct Feed: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "feed", abstract: "An Atom feed of the rows of a view that changed last.",
            discussion: text("a view file").discussion)

        @OptionGroup var options: DatabaseOptions
        @Argument(help: "A view with a slug, a name and a time, such as album_page.")
        var view: String
        @Option(help: "The column with the time.") var by = "modified"

        func run() async throws {
            let (view, column) = (view, by)
            try await AddCommand.run(options) { site, connection in
                try SiteAddition.feed(of: view, by: column, to: site, on: connection)
            }
        }
    }

    /// `sitegen add json`.
    struct JSON: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "json",
            abstract: "The names and addresses of all rows of a view in a file, to be searched.",
            discussion: text("a view file").discussion)

        @OptionGroup var options: DatabaseOptions
        @Argument(help: "A view with a slug and a name, such as album_card.") var view: String

        func run() async throws {
            let view = view
            try await AddCommand.run(options) { site, connection in
                try SiteAddition.json(of: view, to: site, on: connection)
            }
        }
    }

    /// `sitegen add redirects`.
    struct Redirects: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "redirects",
            abstract: "Old addresses in a table, each with the new one; NULL is gone.",
            discussion: text("a table of the catalogue").discussion)

        @OptionGroup var options: DatabaseOptions
        @Argument(help: "The table, with its schema where several have one of that name.")
        var table: String
        @Option(help: "The column with the old path, such as /old/.") var from = "old_path"
        @Option(help: "The column with the new path, or with a whole address.") var to = "new_path"

        func run() async throws {
            let (table, from, to) = (table, from, to)
            try await AddCommand.run(options) { site, connection in
                try SiteAddition.redirects(of: table, from: from, to: to, in: site, on: connection)
            }
        }
    }

    /// `sitegen add column`.
    struct Column: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "column",
            abstract: "A column of the table, new since a migration, for a view and its page.",
            discussion: text("a view file and a column of the catalogue").discussion)

        @OptionGroup var options: DatabaseOptions
        @Argument(help: "The view, such as album_page.") var view: String
        @Argument(help: "The column of the table that the view is of.") var column: String

        func run() async throws {
            let (view, column) = (view, column)
            try await AddCommand.run(options) { site, connection in
                try SiteAddition.column(column, of: view, to: site, on: connection)
            }
        }
    }
}
