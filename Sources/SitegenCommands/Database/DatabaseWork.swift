// What the `db` commands do, as functions that other commands call too.
//
// They take a connection and never open or close one.

import FoundationEssentials
import MaterializedViews
package import Postgres

/// Work on the views of a database.
package enum DatabaseWork {
    /// The view files of a site.
    static func definitions(
        _ folders: FolderOptions, on connection: borrowing Connection
    ) throws -> [ViewDefinition] {
        try ViewDefinition.load(directory: folders.databaseFolder, in: connection.schema)
    }

    /// Installs the view files and prints what changed.
    ///
    /// - Throws: a `CommandFailure` when the database has the views of another site.
    package static func apply(_ folders: FolderOptions, on connection: borrowing Connection) throws
    {
        let definitions = try definitions(folders, on: connection)
        try requireOwnViews(folders.siteName, definitions, on: connection)
        let actions = try ViewInstaller.apply(definitions, on: connection) { moment in
            if case .warning(let problem) = moment { warn(problem) }
        }
        if let site = folders.siteName { try SiteMark.note(site, on: connection) }
        for action in actions {
            if case .unchanged = action { continue }
            Terminal.note("\(action)")
        }
    }

    /// Makes sure that the views of the database are those of this site.
    ///
    /// - Throws: a failure with status 78 that says whose they are.
    static func requireOwnViews(
        _ site: String?, _ definitions: [ViewDefinition], on connection: borrowing Connection
    ) throws {
        let reason: String
        switch try SiteMark.refusal(of: site, definitions, on: connection) {
        case nil: return
        case .anotherSite(let name): reason = "This database has the views of the site \(name)."
        case .strangers(let views):
            let shown = views.prefix(3).joined(separator: ", ") + (views.count > 3 ? ", …" : "")
            reason = "None of the views of this database has a file here: \(shown)."
        }
        throw CommandFailure(
            .badConfiguration,
            """
            \(reason)
            Name another database or the folder of that site; --take-over takes its views away.
            """)
    }

    /// Prints a remark about a view file.
    static func warn(_ problem: DefinitionProblem) { Terminal.note(problem.description) }

    /// Computes views again; all of them for an empty list.
    ///
    /// - Returns: the names of the views that were computed, in their order.
    @discardableResult
    static func refresh(
        _ names: [String], on connection: borrowing Connection
    ) throws -> [String] {
        try ViewInstaller.refresh(names.isEmpty ? nil : names, on: connection).map(\.name)
    }

    /// Names the rows and views that cannot be kept up to date.
    ///
    /// - Throws: a failure with status 65 if there are any.
    static func reportFailures(
        of names: [String]? = nil, on connection: borrowing Connection
    ) throws {
        let failures = try ViewInstaller.failures(of: names, on: connection)
        for failure in failures.listed { Terminal.note("\(failure)") }
        if let failure = failing(failures.count, in: connection.schema) { throw failure }
    }

    /// How a command ends while `count` rows and views cannot be kept up to date; nil for none.
    static func failing(_ count: Int, in schema: SiteSchema) -> CommandFailure? {
        guard count > 0 else { return nil }
        return CommandFailure(
            .badData,
            "\(count == 1 ? "1 row or view" : "\(Display.number(count)) rows or views") cannot be "
                + "kept up to date.\n\(schema).failure has all of them, with the errors.")
    }

    /// Makes sure that views are still made from what they were made from.
    ///
    /// - Throws: a failure with status 78 that names each view and what has changed.
    static func requireCurrent(_ folder: String, on connection: borrowing Connection) throws {
        // Without the files, or with wrong ones, what is installed is asked.
        let definitions = try? ViewDefinition.load(directory: folder, in: connection.schema)
        let outdated = try ViewInstaller.outdated(definitions, on: connection)
        if !outdated.isEmpty { throw ViewError.disagreement(outdated) }
    }

    /// Prints a line for each view.
    ///
    /// - Throws: a failure with status 78 if something has to be applied or generated.
    static func printStatus(
        _ folders: FolderOptions, on connection: borrowing Connection
    ) throws {
        let definitions = try definitions(folders, on: connection)
        let source = FileManager.default.contents(atPath: folders.rowsFile)
            .map { String(decoding: $0, as: UTF8.self) }
        let views = try ViewInstaller.status(
            of: definitions, generatedSource: source, on: connection)
        for view in views {
            Terminal.line(line(view, connection.schema))
            for warning in view.warnings { Terminal.line("  \(warning)") }
        }
        if views.contains(where: { $0.state != .installed }) {
            throw CommandFailure(
                .badConfiguration, "Some views are not as their files say.\nRun `sitegen db apply`."
            )
        }
        if views.contains(where: \.hasStaleSource) {
            throw CommandFailure(
                .badConfiguration,
                "\(folders.rowsFile) is older than some views.\nRun `sitegen db generate`.")
        }
        if let failure = failing(views.reduce(0) { $0 + $1.failures }, in: connection.schema) {
            throw failure
        }
    }

    private static func line(_ view: ViewStatus, _ schema: SiteSchema) -> String {
        let state =
            switch view.state {
            case .installed: "installed"
            case .changed: "its file has changed"
            case .missing: "not installed"
            case .orphan: "its file is gone"
            case .detached: "detached"
            case .drifted(let columns): "columns changed: \(columns.joined(separator: ", "))"
            case .outdated(let changes): "rows may be wrong: \(changes.joined(separator: "; "))"
            case .broken(let reason): "broken: \(reason)"
            }
        let rows = view.rows.map { "\(Display.number($0)) rows" } ?? "-"
        return [
            view.name, view.strategy.rawValue, rows, state,
            view.refreshedAt.map { "refreshed \($0)" } ?? "",
            view.failures > 0
                ? "\(Display.number(view.failures)) cannot be computed, see \(schema).failure" : "",
            view.hasStaleSource ? "row type is stale" : "",
        ].filter { !$0.isEmpty }.joined(separator: "  ")
    }

    /// Writes the row types; returns whether the file changed.
    package static func generate(_ folders: FolderOptions, on connection: borrowing Connection)
        throws
        -> Bool
    {
        let definitions = try definitions(folders, on: connection)
        return try write(rowTypes: RowGenerator.source(of: definitions, on: connection), folders)
    }

    /// Writes the source of the row types, unless it stands there.
    ///
    /// - Returns: whether it was written.
    /// - Throws: a `CommandFailure` when it cannot be.
    package static func write(rowTypes source: String, _ folders: FolderOptions) throws -> Bool {
        let data = Data(source.utf8)
        if FileManager.default.contents(atPath: folders.rowsFile) == data { return false }
        do {
            try data.write(to: URL(filePath: folders.rowsFile), options: .atomic)
        } catch {
            throw CommandFailure(
                .cannotWrite,
                """
                \(folders.rowsFile) cannot be written.
                Check the permissions of the folder, or name another one with --root.
                """)
        }
        return true
    }
}
