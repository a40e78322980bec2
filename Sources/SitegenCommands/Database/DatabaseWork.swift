// What the `db` commands do, as functions that other commands call too.
//
// They take a connection and never open or close one.

import FoundationEssentials
import MaterializedViews
import Postgres

/// Work on the views of a database.
enum DatabaseWork {
    /// Installs the view files and prints what changed.
    static func apply(folder: String, on connection: borrowing Connection) throws {
        let definitions = try ViewDefinition.load(directory: folder)
        let actions = try ViewInstaller.apply(definitions, on: connection) { moment in
            if case .warning(let problem) = moment { warn(problem) }
        }
        for action in actions {
            if case .unchanged = action { continue }
            Terminal.note("\(action)")
        }
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
        if let failure = failing(failures.count) { throw failure }
    }

    /// How a command ends while `count` rows and views cannot be kept up to date; nil for none.
    static func failing(_ count: Int) -> CommandFailure? {
        guard count > 0 else { return nil }
        return CommandFailure(
            .badData,
            "\(count == 1 ? "1 row or view" : "\(Display.number(count)) rows or views") cannot be "
                + "kept up to date.\nsitegen.failure has all of them, with the errors.")
    }

    /// Makes sure that views are still made from what they were made from.
    ///
    /// - Throws: a failure with status 78 that names each view and what has changed.
    static func requireCurrent(_ folder: String, on connection: borrowing Connection) throws {
        // Without the files, or with wrong ones, what is installed is asked.
        let definitions = try? ViewDefinition.load(directory: folder)
        let outdated = try ViewInstaller.outdated(definitions, on: connection)
        if !outdated.isEmpty { throw ViewError.disagreement(outdated) }
    }

    /// Prints a line for each view.
    ///
    /// - Throws: a failure with status 78 if something has to be applied or generated.
    static func printStatus(
        _ folders: FolderOptions, on connection: borrowing Connection
    ) throws {
        let definitions = try ViewDefinition.load(directory: folders.databaseFolder)
        let source = FileManager.default.contents(atPath: folders.rowsFile)
            .map { String(decoding: $0, as: UTF8.self) }
        let views = try ViewInstaller.status(
            of: definitions, generatedSource: source, on: connection)
        for view in views {
            Terminal.line(line(view))
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
        if let failure = failing(views.reduce(0) { $0 + $1.failures }) { throw failure }
    }

    private static func line(_ view: ViewStatus) -> String {
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
                ? "\(Display.number(view.failures)) cannot be computed, see sitegen.failure" : "",
            view.hasStaleSource ? "row type is stale" : "",
        ].filter { !$0.isEmpty }.joined(separator: "  ")
    }

    /// Writes the row types; returns whether the file changed.
    static func generate(_ folders: FolderOptions, on connection: borrowing Connection) throws
        -> Bool
    {
        let definitions = try ViewDefinition.load(directory: folders.databaseFolder)
        let source = try RowGenerator.source(of: definitions, on: connection)
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
