// Makes a database's views agree with the view files.
//
// Four transactions, so that neither a change nor a reader is lost (PostgreSQL locks what DDL
// touches until its transaction ends): (1) a draft makes everything in a transaction that is rolled
// back, and finds out what the statements read; (2) triggers are made on the tables, from then on
// every change is queued; (3) views are dropped, made and filled in one snapshot: readers see the
// old ones or the new ones; (4) what only the old ones watched is taken away. What fails takes the
// earlier steps back. What a reader would get wrong: nothing is dropped with CASCADE. A view that
// somebody built on ours makes the installation fail with its name, instead of vanishing.

package import Postgres

/// Installs views.
package enum ViewInstaller {
    /// “sitegen” in ASCII: the advisory lock of installations.
    private static let lockKey = "32485570960123246"
    /// How often an installation starts over because another one was faster.
    private static let attemptsMax = 8
    /// How often a lock of a table is asked for, each time for `lockMilliseconds`.
    private static let lockAttemptsMax = 20
    private static let lockMilliseconds = 1_500

    /// The settings under which views are computed: text that depends on the session would make
    /// pages differ between machines.
    static let settings = """
        SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD';
        SET LOCAL IntervalStyle = 'iso_8601'; SET LOCAL bytea_output = 'hex';
        SET LOCAL extra_float_digits = 1; SET LOCAL lock_timeout = '30s';
        """

    /// Installs new and changed views, and drops those whose file is gone.
    ///
    /// A second call does nothing. Base tables gain triggers for incremental views, nothing else.
    ///
    /// - Parameters:
    ///   - definitions: all view files of the site.
    ///   - connection: a connection outside of any transaction.
    /// - Returns: what was done, in the order in which it was done, unchanged views last.
    /// - Throws: `.cycle`, `.sql`, `.definitions`, `.keyNotUnique`, `.keyIsNull`, `.permission`,
    ///   `.inUse`, `.database`; the views are as before then.
    package static func apply(
        _ definitions: [ViewDefinition], on connection: borrowing Connection
    ) throws(ViewError) -> [InstallAction] {
        for _ in 0..<attemptsMax {
            var draft = try InstallDraft.make(definitions, on: connection)
            if draft.isInstalled {
                return draft.plan.unchanged.map { name in .unchanged(view: name) }
            }
            draft.target = try TriggerInstaller.install(draft, on: connection)
            let actions: [InstallAction]?
            do throws(ViewError) {
                actions = try replaceViews(draft, definitions, on: connection)
            } catch {
                // The first error counts.
                do throws(ViewError) {
                    try TriggerInstaller.finish(draft.current, on: connection)
                } catch {}
                throw error
            }
            guard let actions else { continue }
            try TriggerInstaller.finish(draft.target, on: connection)
            return actions
        }
        throw .database(
            doing: "installing views",
            message: "other installations kept changing them.\nTry again when they are done.")
    }

    /// Runs a transaction that locks tables of others, with a short limit, again and again: whoever
    /// waits for such a lock has all later readers and writers of the table wait behind it.
    static func lockingBriefly<T>(
        on connection: borrowing Connection, doing: String,
        _ work: (borrowing Connection) throws(ViewError) -> T
    ) throws(ViewError) -> T {
        let begin = "BEGIN; \(settings) SET LOCAL lock_timeout = '\(lockMilliseconds)ms'"
        var attempt = 1
        while true {
            do throws(ViewError) {
                return try connection.inTransaction(begin, doing: doing, work)
            } catch {
                guard case .locked = error, attempt < lockAttemptsMax else { throw error }
                attempt += 1
            }
        }
    }

    /// Locks out other installations until the transaction ends.
    static func lock(on connection: borrowing Connection) throws(ViewError) {
        _ = try connection.texts(
            "SELECT pg_advisory_xact_lock(\(lockKey))::text",
            doing: "waiting for another installation")
    }

    /// Keeps others from replacing views until the transaction ends.
    static func lockInstallation(on connection: borrowing Connection) throws(ViewError) {
        try connection.perform(
            "LOCK TABLE sitegen.installation IN EXCLUSIVE MODE",
            doing: "waiting for another installation")
    }

    /// Makes the schema's own tables, as far as they are missing or those of an earlier version.
    static func prepareSchema(on connection: borrowing Connection) throws(ViewError) {
        guard try !ViewCatalogue.isPrepared(on: connection) else { return }
        try connection.perform(CoreScript.create, doing: "creating the schema sitegen")
    }

    /// The recorded views, each compared with its definition for drift.
    static func installedViews(
        _ definitions: [ViewDefinition], on connection: borrowing Connection
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
                    isDetached: kind == .incremental && !record.hasStatement))
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

    // MARK: Replacing views

    /// The third transaction.
    ///
    /// - Returns: nil if another installation came between the draft and now.
    static func replaceViews(
        _ draft: InstallDraft, _ definitions: [ViewDefinition], on connection: borrowing Connection
    ) throws(ViewError) -> [InstallAction]? {
        let begin = """
            BEGIN ISOLATION LEVEL REPEATABLE READ; \(settings)
            LOCK TABLE sitegen.leader, sitegen.installation IN EXCLUSIVE MODE
            """
        return try connection.inTransaction(begin, doing: "installing views") {
            (connection) throws(ViewError) in
            let installed = try installedViews(definitions, on: connection)
            let plan = try InstallPlan(
                definitions: definitions, installed: installed.reshaping(draft.reshaped))
            guard plan == draft.plan, try TriggerInstaller.isServing(draft, on: connection) else {
                return nil
            }
            let actions = try carryOut(draft, definitions, on: connection)
            try TriggerInstaller.installOnViewTables(draft, on: connection)
            // What reads a view that kept its rows follows now.
            try connection.perform(
                "SELECT sitegen.step(0)", doing: "following the views that changed")
            return actions
        }
    }

    private static func carryOut(
        _ draft: InstallDraft, _ definitions: [ViewDefinition],
        on connection: borrowing Connection
    ) throws(ViewError) -> [InstallAction] {
        let plan = draft.plan
        var actions: [InstallAction] = []
        try dropReplaced(plan, on: connection)
        for view in plan.drops where plan.gone.contains(view.name) {
            actions.append(.dropped(view: view.name))
        }
        let byName = Dictionary(
            definitions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let incremental = draft.target.views
        for name in plan.order {
            guard let definition = byName[name] else { continue }
            if let view = incremental.first(where: { $0.name == name }) {
                try run(
                    view.createFunctions(draft.target.numbers), on: connection,
                    doing: "creating the functions of \(name)")
            }
            guard let reason = plan.reasons[name] else { continue }
            if plan.redefines.contains(name) {
                let changed = try redefine(definition, on: connection)
                actions.append(.redefined(view: name, changed: changed, reason: reason))
                continue
            }
            let rows = try create(definition, draft, on: connection)
            actions.append(
                reason == .new
                    ? .created(view: name, strategy: definition.refresh, rows: rows)
                    : .replaced(
                        view: name, strategy: definition.refresh, rows: rows, reason: reason))
        }
        try run(
            [CoreScript.createStep(incremental, draft.target.numbers)], on: connection,
            doing: "creating sitegen.step")
        return actions + plan.unchanged.map { name in .unchanged(view: name) }
    }
}
