// `sitegen new`: a site of one's own, from the tables of a database or from nothing.
//
// On a terminal it asks before it writes; the database is only ever read. What it decided is
// printed and stands in the README of the new site.

import ArgumentParser
import FoundationEssentials
import Glibc
import Postgres
import SiteAuthoring
import SiteScaffolding
import SitegenCommands

/// Writes a new site.
struct NewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Write a new site: from the tables of a database, or a small one to begin with.",
        discussion: CommandText(
            """
            Without --database-url the site brings a small table of its own, which lives on the \
            private server that commands start by themselves. On a terminal, without --yes, it \
            asks first: what stands in brackets is taken when nothing is typed. Everything \
            compiles as it is written.
            """,
            input: """
                the catalogue of the database, read in one transaction that may not write; of \
                tables with JSON columns a hundred rows, for the keys of their objects
                """,
            output: "what became of each table and why, and the files",
            status: """
                0 written, or printed with --print, 64 a name or an option that is wrong, 69 the \
                database cannot be asked, 73 the folder is not empty or cannot be written
                """,
            files: """
                a Swift package in the folder NAME, which must be empty or not be there: \
                Package.swift, README.md with the next commands, site/ with pages, components, \
                styles and views, public/, Tests/
                """
        ).discussion)

    @Argument(help: "The folder of the new site; its last part is the name of its program.")
    var name: String

    @Option(help: "A database whose tables become pages; DATABASE_URL is not looked at.")
    var databaseURL: String?

    @Option(help: "A schema whose tables are looked at; may be given many times. [public]")
    var schema: [String] = []

    @Option(help: "The tables that get pages, separated by commas; all that qualify unless set.")
    var tables: String?

    @Option(help: "What the site is called; made from NAME unless set.")
    var title: String?

    @Option(help: "Where the site will be reached, such as https://example.com.")
    var origin: Origin?

    @Option(help: "Where the site gets sitegen from: the folder of a copy, or the address of one.")
    var sitegen: String?

    @Flag(help: "Ask nothing.") var yes = false

    @Flag(help: "Print what would be written and why; write nothing.") var print = false

    private static let usualOrigin = "http://127.0.0.1:4000"

    func validate() throws {
        if name.allSatisfy({ $0 == "/" || $0 == "." || $0.isWhitespace }) {
            throw ValidationError("NAME is the folder of the new site, such as shop.")
        }
        if databaseURL == nil, tables != nil || !schema.isEmpty {
            throw ValidationError("--tables and --schema need --database-url.")
        }
    }

    func run() async throws {
        try await reportingFailures {
            do {
                try SiteFolder.check(name)
                var scaffold = try scaffold(SiteAnswers())
                if isAsking {
                    scaffold = try self.scaffold(
                        SiteQuestions(
                            scaffold, usualOrigin: Self.usualOrigin, hasTables: tables != nil,
                            hasOrigin: origin != nil
                        ).ask { (tables) throws(ScaffoldingError) in
                            try check(tables)
                        })
                }
                show(scaffold.outline)
                if print {
                    scaffold.files.forEach { Terminal.line("\(name)/\($0.path)") }
                    Terminal.note("nothing was written, since --print was given")
                } else {
                    try SiteFolder.write(scaffold.files, to: name)
                    Terminal.line("wrote \(scaffold.files.count) files into \(name)")
                    Terminal.line("Next: cd \(name); README.md goes on from there.")
                }
            } catch let error as ScaffoldingError {
                throw CommandFailure(scaffolding: error)
            }
        }
    }

    /// Whether there is somebody to ask.
    private var isAsking: Bool {
        !yes && !print && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    }

    private func scaffold(_ answers: SiteAnswers) throws -> SiteScaffold {
        let identity = SiteIdentity(
            folder: URL(filePath: name).standardizedFileURL.lastPathComponent, title: title,
            origin: (answers.origin ?? origin)?.description ?? Self.usualOrigin, source: source)
        guard let databaseURL else { return try SiteScaffold.starter(identity) }
        let connection = try Connection(to: databaseURL)
        return try SiteScaffold.make(
            SiteScaffold.Request(
                identity: identity, schemas: schema.isEmpty ? ["public"] : schema,
                tables: answers.tables ?? tables.map(Self.list)), on: connection)
    }

    /// Whether tables can be had; what else is wrong is told when the site is written.
    private func check(_ tables: [String]) throws(ScaffoldingError) {
        do {
            _ = try scaffold(SiteAnswers(tables: tables))
        } catch let error as ScaffoldingError {
            throw error
        } catch {}
    }

    /// Names separated by commas.
    static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
    }

    private var source: SiteIdentity.Source {
        let version = SitegenCommand.version
        guard let sitegen else { return .address(SiteIdentity.address, from: version) }
        if sitegen.contains("://") || sitegen.hasPrefix("git@") {
            return .address(sitegen, from: version)
        }
        return .folder(URL(filePath: sitegen).standardizedFileURL.path)
    }

    private func show(_ outline: SiteOutline) {
        let width = outline.decisions.map(\.table.count).max() ?? 0
        for decision in outline.decisions {
            let space = String(repeating: " ", count: width - decision.table.count)
            Terminal.line("\(decision.table)\(space)  \(decision.outcome)")
        }
        for omission in outline.omissions { Terminal.line("left out: \(omission)") }
        if databaseURL != nil, !outline.decisions.contains(where: \.hasPages) {
            Terminal.line(
                "No table of these schemas has pages, so the site has its front page alone; "
                    + "--schema names others, `sitegen add page TABLE` adds one later.")
        }
    }
}

extension CommandFailure {
    init(scaffolding error: ScaffoldingError) {
        switch error {
        case .unknownSchema, .unknownTable, .ambiguousTable, .noPages, .tooManyTables, .folderName:
            self.init(.usage, "\(error)")
        case .unknownView, .unknownColumn, .noPagesOfView, .hiddenColumn, .noTime, .noText,
            .fragmentName,
            .nothingToShow:
            self.init(.usage, "\(error)")
        case .noSite, .unknownForm: self.init(.badConfiguration, "\(error)")
        case .site(let error): self.init(error)
        case .folderNotEmpty, .notWritten: self.init(.cannotWrite, "\(error)")
        case .view: self.init(.failure, "\(error)")
        case .database(let error): self.init(error)
        }
    }
}
