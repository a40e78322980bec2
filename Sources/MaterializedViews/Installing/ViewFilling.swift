// Filling a view without holding up the others, and losing nothing that changes meanwhile.
//
// The rows are computed in a transaction that does not hold `sitegen.leader`, so steps go on.
// Before it begins, a ticket in `sitegen.fill_ticket` names the watches of the view: each step
// leaves a copy of what it takes of them in `sitegen.fill_link`. A change is then in the rows,
// because it was committed before they were computed, or it is in the copies or in the queue; the
// copies go back to the queue when the view is there. Whoever changes triggers meanwhile tears all
// tickets up, and an installation that finds its own gone begins anew. `sitegen.fill_lock` is held
// by the one that fills: a ticket without it belongs to nobody.

import Postgres

/// Tickets, and what is kept for them.
enum ViewFilling {
    /// A promise to keep what concerns some watches, from its commit on.
    struct Ticket {
        let token: String

        /// Ends the promise; what was kept is queued.
        ///
        /// - Returns: how much that was; nil if somebody tore the ticket up: then something may be
        ///   missing.
        func redeem(on connection: borrowing Connection) throws(ViewError) -> Int? {
            let schema = connection.schema
            let found = try connection.texts(
                "DELETE FROM \(schema).fill_ticket WHERE token = $1 RETURNING token", [token],
                doing: "ending the filling of views")
            let queued = try connection.texts(
                """
                WITH kept AS (
                    DELETE FROM \(schema).fill_link WHERE token = $1 RETURNING watch, link)
                INSERT INTO \(schema).queue (watch, link) SELECT DISTINCT watch, link FROM kept
                RETURNING ''
                """, [token], doing: "queueing what changed meanwhile")
            return found.isEmpty ? nil : queued.count
        }
    }

    /// Has all steps from now on keep what concerns some views.
    ///
    /// They are views of the target of `work`, whose watches have their numbers.
    static func ticket(
        _ views: [IncrementalView], _ work: InstallWork, on connection: borrowing Connection
    ) throws(ViewError) -> Ticket {
        let numbers = Set(views.flatMap(\.dependencies.watches)).compactMap {
            work.draft.target.numbers[$0]
        }
        return try connection.inTransaction(
            "BEGIN", then: ViewInstaller.settings, doing: "announcing the filling of views"
        ) { (connection) throws(ViewError) in
            // No step is under way that would not know of the ticket.
            try ViewInstaller.lockRefreshing(on: connection)
            try TriggerInstaller.installOnViewTables(
                work.triggers.onViews, work.present, on: connection)
            let rows = try connection.texts(
                """
                INSERT INTO \(connection.schema).fill_ticket (token, watches)
                VALUES (gen_random_uuid()::text, $1::text::int[]) RETURNING token
                """, [SQLText.array(numbers.sorted().map(String.init))],
                doing: "announcing the filling of views")
            return Ticket(token: rows.first?[0] ?? "")
        }
    }

    /// Tears up all tickets: triggers are not what they were, or nobody will fill.
    static func forgetAll(on connection: borrowing Connection) throws(ViewError) {
        try connection.perform(
            """
            DELETE FROM \(connection.schema).fill_ticket;
            DELETE FROM \(connection.schema).fill_link
            """,
            doing: "ending the filling of views")
    }
}

extension ViewInstaller {
    /// Keeps others from filling views until the transaction ends.
    static func lockFilling(on connection: borrowing Connection) throws(ViewError) {
        try connection.perform(
            "LOCK TABLE \(connection.schema).fill_lock IN EXCLUSIVE MODE",
            doing: "waiting for another installation")
    }

    /// Keeps steps from running until the transaction ends, however long the last one takes; what
    /// was computed up to here shall not be thrown away.
    static func lockRefreshing(on connection: borrowing Connection) throws(ViewError) {
        try connection.perform(
            """
            SET LOCAL lock_timeout = 0; LOCK TABLE \(connection.schema).leader IN EXCLUSIVE MODE;
            SET LOCAL lock_timeout = '30s'
            """, doing: "waiting for views that are being refreshed")
    }

    /// Installs one view that is new and reads only views that are there.
    ///
    /// - Returns: what was done; nil if another installation came between.
    static func addView(
        _ definition: ViewDefinition, _ work: inout InstallWork,
        on connection: borrowing Connection
    ) throws(ViewError) -> InstallAction? {
        let draft = work.draft
        let name = definition.name
        let view = draft.target.views.first { $0.name == name }
        let ticket: ViewFilling.Ticket?
        if let view {
            ticket = try ViewFilling.ticket(
                [view], work, on: connection)
        } else {
            ticket = nil
        }
        return try connection.inTransaction("BEGIN", then: settings, doing: "installing \(name)") {
            (connection) throws(ViewError) in
            try lockFilling(on: connection)
            guard try state(on: connection) == work.state else { return nil }
            if let view {
                try run(
                    view.createFunctions(draft.target.numbers), on: connection,
                    doing: "creating the functions of \(name)")
            }
            let before = try lastSequence(on: connection)
            let rows = try create(definition, on: connection)
            try lockRefreshing(on: connection)
            try lockInstallation(on: connection)
            guard try state(ignoring: name, on: connection) == work.state,
                try TriggerInstaller.isServing(work.triggers, on: connection),
                try work.redeem(ticket, on: connection)
            else {
                try abandon(on: connection)
                return nil
            }
            work.present.insert(name)
            if view != nil {
                // Numbers are in the order of commits: those of the rows were drawn before others'.
                _ = try connection.texts(
                    """
                    UPDATE \(connection.schema).event SET seq = nextval('\(connection.schema).rev')
                    WHERE view = $1 AND seq > $2::text::bigint
                    """, [name, String(before)], columns: 0, doing: "numbering rows of \(name)")
                try createStep(work.present, draft, on: connection)
            }
            work.state = try state(on: connection)
            return .created(view: name, strategy: definition.refresh, rows: rows)
        }
    }

    /// What tells one set of installed views from another.
    ///
    /// The view `name` does not count.
    static func state(
        ignoring name: String = "", on connection: borrowing Connection
    ) throws(ViewError) -> String {
        let rows = try connection.texts(
            """
            SELECT coalesce(string_agg(concat_ws(' ', name, digest, installed_at), ','
                ORDER BY name COLLATE "C"), '') FROM \(connection.schema).view WHERE name <> $1
            """, [name], doing: "reading sitegen's list of views")
        return rows.first?[0] ?? ""
    }

    /// Takes back what the transaction has done, and leaves it open.
    static func abandon(on connection: borrowing Connection) throws(ViewError) {
        try connection.perform("ROLLBACK; BEGIN", doing: "beginning anew")
    }

    /// Makes the step of these views, which are all that are there.
    static func createStep(
        _ names: Set<String>, _ draft: InstallDraft, on connection: borrowing Connection
    ) throws(ViewError) {
        let views = draft.target.views.filter { names.contains($0.name) }
        try run(
            [
                CoreScript.createStep(
                    views, draft.target.numbers, in: connection.schema)
            ], on: connection,
            doing: "creating \(connection.schema).step")
    }
}
