// Pages of views whose files say something else than what is installed: shown from the files, and
// asked what row types they will have.
//
// A site may be compiled from edited views before they are installed. Their rows are then read from
// the files alone, by key: no address of theirs is looked for, and none learned from the log, until
// the database has them. What fits neither, or was taken away from the database, is refused.

import MaterializedViews
import Postgres
import ReleaseFormat

extension SiteProofs {
    /// Shows pages from what view files say, before it is installed.
    ///
    /// - Parameter names: the edited views; none shows what is installed.
    /// - Throws: what is wrong with a file, as `db apply` will say, and what keeps it from being
    ///   found out; what is installed is shown then.
    package func showEditedViews(_ names: Set<String>) throws {
        edited = nil
        // What was not installed may be so by now.
        if !uninstalled.isSubset(of: names) { try open?.compare(schemas) }
        guard !names.isEmpty else { return }
        do {
            let names = try names.union(connections().uninstalled)
            edited = try EditedViews(names, of: definitions(), preview: preview, in: database)
            fragments.forget()
        } catch let error as ViewError {
            throw error.withNearestRelation(at: database.url)
        }
    }

    /// The source of the site's row types once edited views are installed.
    ///
    /// - Parameter names: the edited views.
    /// - Returns: what `db generate` will write; nil where nothing is shown from files.
    /// - Throws: what PostgreSQL and the views throw.
    package func rowTypes(editing names: Set<String>) throws -> String? {
        let definitions = try definitions()
        if let edited, edited.shows(names, of: definitions) { return try edited.rowTypes() }
        try showEditedViews(names)
        return try edited?.rowTypes()
    }

    /// The view files of the site.
    private func definitions() throws -> [ViewDefinition] {
        try ViewDefinition.load(directory: "\(root)/site/database", in: database.schema)
    }

    /// Has views that do not fit what is installed shown from their files, if they fit these.
    ///
    /// - Throws: `ViewError.disagreement` if they do not.
    func editUninstalled(_ made: ProofConnections) throws {
        let views = Set(made.differences.map(\.view))
        guard !views.isEmpty else { return }
        do {
            let definitions = try definitions()
            let unapplied = try made.unapplied(definitions)
            let edited = schemas.filter { schema in
                unapplied.contains(schema.name)
                    && definitions.contains {
                        $0.name == schema.name && $0.digest == schema.digest
                    }
            }
            if views.isSubset(of: edited.map(\.name)) {
                self.edited = try EditedViews(
                    views, of: definitions, preview: preview, in: database)
                return
            }
        } catch let error as ViewError {
            if case .database = error { throw error }
            // What is wrong with a file is told by whoever installs it.
        }
        throw ViewError.disagreement(made.differences)
    }

    /// The views that are read from their files alone.
    var uninstalled: Set<String> { open?.uninstalled ?? [] }

    /// Whether rows of a view can be read as the site was compiled.
    func isReadable(_ schema: ViewSchema, by reading: borrowing RowReading) -> Bool {
        reading.preview?.relation(schema) != nil || !uninstalled.contains(schema.name)
    }
}
