// Replacing views: those that change, go, or are read by one that does, at once for all readers.
//
// What is computed anew and reads nothing that changes is computed beforehand, beside the old
// rows (`staged`), while steps go on. Then the leader's lock is taken: statements and functions
// change, and rows are compared with the staged ones as a refresh would compare them with the
// statement. Views that read a view that changes are computed under the lock: readers see
// all of the old views or all of the new ones.

import Postgres

extension ViewInstaller {
    /// Replaces, redefines and drops, in one transaction.
    ///
    /// - Returns: what was done; nil if another installation came between the draft and now.
    static func replaceViews(
        _ work: inout InstallWork, on connection: borrowing Connection
    ) throws(ViewError) -> [InstallAction]? {
        let draft = work.draft
        let staged = draft.target.views.filter { view in work.canStage(view.definition) }
        let ticket =
            staged.isEmpty
            ? nil
            : try ViewFilling.ticket(
                staged, work, on: connection)
        return try connection.inTransaction("BEGIN", then: settings, doing: "installing views") {
            (connection) throws(ViewError) in
            try lockFilling(on: connection)
            guard try isExpected(work, on: connection) else { return nil }
            work.state = try state(on: connection)
            for definition in work.staged {
                work.report.begin(definition.name)
                if try isStaged(definition, draft, on: connection) {
                    work.hasRows.insert(definition.name)
                }
            }
            try lockRefreshing(on: connection)
            try lockInstallation(on: connection)
            guard try state(on: connection) == work.state,
                try TriggerInstaller.isServing(work.triggers, on: connection),
                try work.redeem(ticket, on: connection)
            else {
                try abandon(on: connection)
                return nil
            }
            let actions = try carryOut(&work, on: connection)
            try TriggerInstaller.installOnViewTables(
                draft.target.triggers(onViews: true), work.present, on: connection)
            // What reads a view that kept its rows follows now.
            try connection.perform(
                "SELECT \(connection.schema).step(0)", doing: "following the views that changed")
            work.state = try state(on: connection)
            return actions
        }
    }

    /// Whether the database is as the draft found it.
    private static func isExpected(
        _ work: InstallWork, on connection: borrowing Connection
    ) throws(ViewError) -> Bool {
        let installed = try installedViews(
            work.definitions, work.draft.changes, on: connection)
        let plan = try InstallPlan(
            definitions: work.definitions, installed: installed.reshaping(work.draft.reshaped))
        guard plan == work.draft.plan else { return false }
        return try TriggerInstaller.isServing(work.triggers, on: connection)
    }

    private static func carryOut(
        _ work: inout InstallWork, on connection: borrowing Connection
    ) throws(ViewError) -> [InstallAction] {
        let draft = work.draft
        let plan = draft.plan
        var actions: [InstallAction] = []
        var before: [String: String] = [:]
        for name in plan.order {
            guard let definition = work.definitions.first(where: { $0.name == name }),
                plan.drops.contains(where: { $0.name == name })
            else { continue }
            before[name] = try IncrementalView.rememberMoved(of: definition, on: connection)
        }
        try dropReplaced(plan, on: connection)
        for view in plan.drops where plan.gone.contains(view.name) {
            actions.append(.dropped(view: view.name))
            try connection.perform(
                "DELETE FROM \(connection.schema).moved WHERE view = \(SQLText.literal(view.name))",
                doing: "dropping \(view.name)")
        }
        for name in plan.order {
            let isTouched = work.group.contains(name) && plan.reasons[name] != nil
            guard isTouched || work.present.contains(name),
                let definition = work.definitions.first(where: { $0.name == name })
            else { continue }
            if let view = draft.target.views.first(where: { $0.name == name }) {
                try run(
                    view.createFunctions(draft.target.numbers), on: connection,
                    doing: "creating the functions of \(name)")
            }
            guard isTouched, let reason = plan.reasons[name] else { continue }
            if !work.canStage(definition) { work.report.begin(name) }
            let isStaged = work.hasRows.contains(name)
            work.present.insert(name)
            if plan.redefines.contains(name) {
                let changed = try redefine(definition, isStaged: isStaged, on: connection)
                actions.append(.redefined(view: name, changed: changed, reason: reason))
                continue
            }
            let rows = try create(definition, isStaged: isStaged, on: connection)
            if let table = before[name] {
                try IncrementalView.keepMoved(from: table, of: definition, on: connection)
            }
            actions.append(
                reason == .new
                    ? .created(view: name, strategy: definition.refresh, rows: rows)
                    : .replaced(
                        view: name, strategy: definition.refresh, rows: rows, reason: reason))
        }
        try createStep(work.present, draft, on: connection)
        return actions
    }

    // MARK: Rows beside the old ones

    /// Computes a view's rows beside those that it has.
    ///
    /// - Returns: false if one of them cannot be computed: then it is found and set aside later,
    ///   under the lock.
    private static func isStaged(
        _ definition: ViewDefinition, _ draft: InstallDraft, on connection: borrowing Connection
    ) throws(ViewError) -> Bool {
        guard definition.refresh == .incremental else {
            try stage(definition, draft, on: connection)
            return true
        }
        let doing = "computing the rows of \(definition.name)"
        try connection.perform("SAVEPOINT staging", doing: doing)
        do throws(ViewError) {
            try stage(definition, draft, on: connection)
            try connection.perform("RELEASE SAVEPOINT staging", doing: doing)
            return true
        } catch {
            guard case .sql = error else { throw error }
            try connection.perform("ROLLBACK TO SAVEPOINT staging", doing: doing)
            return false
        }
    }

    private static func stage(
        _ definition: ViewDefinition, _ draft: InstallDraft, on connection: borrowing Connection
    ) throws(ViewError) {
        let name = definition.schema.staged(definition.name)
        let doing = "computing the rows of \(definition.name)"
        switch definition.refresh {
        case .live: try checkKey(definition, in: "(\n\(definition.sql)\n) AS q", on: connection)
        case .materialized:
            try createPlain("MATERIALIZED VIEW", name, definition, on: connection)
            try checkKey(definition, in: name, on: connection)
        case .incremental:
            let statement = definition.schema.fresh(definition.name)
            try createPlain("VIEW", statement, definition, on: connection)
            // A function has the settings under which all functions of the view compute.
            let settings = draft.target.views.first { $0.name == definition.name }?.computing ?? ""
            do throws(PostgresError) {
                try connection.run(
                    """
                    CREATE FUNCTION \(name)() RETURNS void LANGUAGE plpgsql \(settings)
                    AS $sitegen$ BEGIN
                        CREATE TABLE \(name) AS SELECT * FROM \(statement);
                    END $sitegen$
                    """)
                try connection.run("SELECT \(name)()")
            } catch {
                throw ViewError(error.withoutPosition, in: definition, doing: "reading its rows")
            }
            try connection.perform(
                "DROP FUNCTION \(name)(); DROP VIEW \(statement); ANALYZE \(name)", doing: doing)
        }
    }

    /// Fills the table of an incremental view from its staged rows: for a moment, these are what
    /// its statement gives.
    static func fillFromStage(
        _ definition: ViewDefinition, on connection: borrowing Connection
    ) throws(ViewError) {
        let statement = definition.statement
        let staged = definition.schema.staged(definition.name)
        let doing = "comparing the rows of \(definition.name)"
        try connection.perform(
            "CREATE OR REPLACE VIEW \(statement) AS SELECT * FROM \(staged)", doing: doing)
        try fill(definition, on: connection)
        try createStatement(definition, isReplacing: true, on: connection)
        try connection.perform("DROP TABLE \(staged)", doing: doing)
    }
}
