// Makes a database's views agree with the view files.
//
// Several transactions, so that neither a change nor a reader is lost: (1) a draft makes everything
// in one that is rolled back, and finds out what the statements read; (2) triggers are made on the
// tables, from then on every change is queued; (3) views that change are replaced together
// (`ViewReplacement`), then new ones are added one by one (`ViewFilling`), neither holding up steps
// while rows are computed; (4) what only the old ones watched is taken away. What fails takes
// itself and (2) back. What a reader would get wrong: nothing is dropped with CASCADE. A view that
// somebody built on ours makes the installation fail with its name, instead of vanishing.

package import Postgres

/// Installs views.
package enum ViewInstaller {
    /// “sitegen” in ASCII: the advisory lock of installations, each site's its own.
    private static func lockKey(of schema: SiteSchema) -> String {
        let key = "32485570960123246"
        return schema.site == nil ? key : "hashtextextended('\(schema)', \(key))"
    }
    /// How often an installation starts over because another one was faster.
    private static let attemptsMax = 8
    /// How often a lock of a table is asked for, each time for `lockMilliseconds`: shorter than
    /// PostgreSQL waits before it looks for a deadlock, so that nobody who waits for us in turn has
    /// to end.
    private static let lockAttemptsMax = 40
    private static let lockMilliseconds = 750

    /// The settings under which views are computed: text that depends on the session would make
    /// pages differ between machines.
    static let settings = """
        \(PinnedSettings.local) SET LOCAL lock_timeout = '30s';
        """

    /// Installs new and changed views, and drops those whose file is gone.
    ///
    /// A second call does nothing. Base tables gain triggers for incremental views, nothing else.
    ///
    /// - Parameters:
    ///   - definitions: all view files of the site.
    ///   - connection: a connection outside of any transaction.
    ///   - tell: receives what is under way and what is done.
    /// - Returns: what was done, what is read first, unchanged views last.
    /// - Throws: `.cycle`, `.sql`, `.definitions`, `.keyNotUnique`, `.keyIsNull`, `.permission`,
    ///   `.inUse`, `.interrupted`, `.database`; then the views are as before, but for new ones that
    ///   were told of as done.
    package static func apply(
        _ definitions: [ViewDefinition], on connection: borrowing Connection,
        tell: @escaping (InstallProgress) -> Void = { _ in }
    ) throws(ViewError) -> [InstallAction] {
        var actions: [InstallAction] = []
        var attempt = 1
        var hasWarned = false
        while attempt <= attemptsMax {
            var draft = try InstallDraft.make(definitions, on: connection)
            if !hasWarned { for warning in draft.warnings { tell(.warning(warning)) } }
            hasWarned = true
            if draft.isInstalled { return sorted(actions, draft.plan) }
            draft.target = try TriggerInstaller.install(draft, on: connection)
            var work = InstallWork(draft, definitions, tell: tell)
            let isDone: Bool
            do throws(ViewError) {
                isDone = try carryThrough(&work, on: connection)
            } catch {
                // The first error counts; an interruption does not keep from clearing up.
                connection.resume()
                do throws(ViewError) {
                    try TriggerInstaller.finish(draft.current, on: connection)
                } catch {}
                throw error
            }
            actions += work.report.actions
            guard isDone else {
                // Whoever came between has brought something about, and so have we.
                attempt = work.report.actions.isEmpty ? attempt + 1 : 1
                continue
            }
            try TriggerInstaller.finish(draft.target, on: connection)
            if work.hasQueued { _ = try ChangeQueue.step(on: connection) }
            return sorted(actions, draft.plan)
        }
        throw .database(
            doing: "installing views",
            message: "other installations kept changing them.\nTry again when they are done.")
    }

    /// Replaces what has to be replaced, then adds one new view after the other.
    ///
    /// - Returns: false if another installation came between.
    static func carryThrough(
        _ work: inout InstallWork, on connection: borrowing Connection
    ) throws(ViewError) -> Bool {
        guard let actions = try replaceViews(&work, on: connection) else { return false }
        work.report.done(actions)
        for definition in work.added {
            work.report.begin(definition.name)
            guard let action = try addView(definition, &work, on: connection) else { return false }
            work.report.done([action])
        }
        return true
    }

    /// Actions in the order of a plan: what is gone, what is there, what was left alone.
    private static func sorted(_ actions: [InstallAction], _ plan: InstallPlan) -> [InstallAction] {
        let touched = Set(actions.map(\.view))
        let places = Dictionary(
            plan.order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let unchanged = plan.order.sorted().filter { name in !touched.contains(name) }
        return actions.enumerated().sorted { first, second in
            (places[first.element.view] ?? -1, first.offset)
                < (places[second.element.view] ?? -1, second.offset)
        }.map(\.element) + unchanged.map { name in .unchanged(view: name) }
    }

    /// Runs a transaction that locks tables of others, with a short limit, again and again: whoever
    /// waits for such a lock has all later readers and writers of the table wait behind it.
    static func lockingBriefly<T>(
        on connection: borrowing Connection, doing: String,
        _ work: (borrowing Connection) throws(ViewError) -> T
    ) throws(ViewError) -> T {
        let then = "\(settings) SET LOCAL lock_timeout = '\(lockMilliseconds)ms'"
        var attempt = 1
        while true {
            do throws(ViewError) {
                return try connection.inTransaction("BEGIN", then: then, doing: doing, work)
            } catch {
                guard case .locked = error, attempt < lockAttemptsMax else { throw error }
                attempt += 1
            }
        }
    }

    /// Locks out other installations until the transaction ends.
    static func lock(on connection: borrowing Connection) throws(ViewError) {
        _ = try connection.texts(
            "SELECT pg_advisory_xact_lock(\(lockKey(of: connection.schema)))::text",
            doing: "waiting for another installation")
    }

    /// Keeps others from replacing views until the transaction ends.
    static func lockInstallation(on connection: borrowing Connection) throws(ViewError) {
        try connection.perform(
            "LOCK TABLE \(connection.schema).installation IN EXCLUSIVE MODE",
            doing: "waiting for another installation")
    }

    /// Makes the schema's own tables, as far as they are missing or those of an earlier version.
    static func prepareSchema(on connection: borrowing Connection) throws(ViewError) {
        if try ViewCatalogue.isPrepared(on: connection), try ViewCatalogue.isCurrent(on: connection)
        {
            return
        }
        try connection.perform(
            """
            \(CoreScript.create(in: connection.schema)); \
            COMMENT ON SCHEMA \(connection.schema) IS '\(CoreScript.version)'
            """,
            doing: "creating the schema \(connection.schema)")
    }

    /// The recorded views, each compared with its definition for drift.
    ///
    /// - Parameters:
    ///   - definitions: all view files.
    ///   - changes: what of what they were made from is another thing now, by view.
    ///   - connection: inside of a transaction.
    /// - Returns: what is recorded, by name.
    /// - Throws: `.sql` for a statement that does not work any more, `.database`.
    static func installedViews(
        _ definitions: [ViewDefinition], _ changes: [String: [String]],
        on connection: borrowing Connection
    ) throws(ViewError) -> [InstalledView] {
        var views: [InstalledView] = []
        for record in try ViewCatalogue.records(on: connection) {
            let kind = RefreshStrategy(relationKind: record.relationKind)
            let definition = definitions.first { $0.name == record.name }
            var hasDrifted = false
            var keepsRows = false
            if let definition, let kind {
                let isSame = definition.installDigest == record.digest
                if isSame { hasDrifted = try self.hasDrifted(definition, kind, on: connection) }
                if kind == .incremental, definition.refresh == .incremental,
                    record.key == definition.key.joined(separator: ",")
                {
                    // A statement that cannot be described yet reads something that is new.
                    keepsRows = !hasDrifted && (isSame || canKeepRows(definition, on: connection))
                }
            }
            views.append(
                InstalledView(
                    name: record.name, digest: record.digest,
                    strategy: RefreshStrategy(rawValue: record.strategy), kind: kind,
                    references: record.references, hasDrifted: hasDrifted, keepsRows: keepsRows,
                    isDetached: kind == .incremental && !record.hasStatement,
                    changes: changes[record.name] ?? []))
        }
        return views
    }

    private static func canKeepRows(
        _ definition: ViewDefinition, on connection: borrowing Connection
    ) -> Bool {
        do throws(ViewError) {
            try connection.perform("SAVEPOINT describing", doing: "describing views")
            let keeps = try !hasDrifted(definition, .incremental, on: connection)
            try connection.perform("RELEASE SAVEPOINT describing", doing: "describing views")
            return keeps
        } catch {
            do throws(ViewError) {
                try connection.perform(
                    "ROLLBACK TO SAVEPOINT describing", doing: "describing views")
            } catch {}
            return false
        }
    }

    /// Whether the statement would give other columns today than the installed view has.
    static func hasDrifted(
        _ definition: ViewDefinition, _ kind: RefreshStrategy, on connection: borrowing Connection
    ) throws(ViewError) -> Bool {
        let now = try ViewCatalogue.columns(
            of: definition.sql, for: definition, on: connection)
        return try now != ViewCatalogue.columns(ofView: definition.name, kind, on: connection)
    }
}
