// Triggers on the tables that views read: the second and the fourth transaction of an installation.
//
// A table is locked (SHARE ROW EXCLUSIVE, as CREATE TRIGGER does) before its functions queue
// something new: writers that began with the old ones have ended then, so that whatever they wrote
// is in the snapshot that fills the views. The lock is asked for with a short limit and tried
// again, so that writers never queue up behind an installation that waits.

import Postgres

/// A trigger of sitegen's on a table.
struct InstalledTrigger: Hashable {
    let table: QualifiedName
    /// `insert`, `update`, `delete` or `truncate`.
    let event: String
    /// The function it calls, quoted: that of the table, or of one that the table is a part of.
    let function: String
}

/// Installs and takes away triggers.
enum TriggerInstaller {
    /// Makes triggers for the views that are there and for those that are to come.
    ///
    /// - Returns: what is to come, every watch with its number.
    static func install(
        _ draft: InstallDraft, on connection: borrowing Connection
    ) throws(ViewError) -> IncrementalSite {
        try ViewInstaller.lockingBriefly(on: connection, doing: "installing triggers") {
            (connection) throws(ViewError) in
            try ViewInstaller.lock(on: connection)
            try ViewInstaller.prepareSchema(on: connection)
            var target = draft.target
            try number(&target, on: connection)
            try create(
                target.joined(with: draft.current).triggers(onViews: false), on: connection)
            return target
        }
    }

    /// Whether the triggers that `install` made are still there: another installation may have
    /// taken away what its own views do not need.
    static func isServing(
        _ triggers: DraftTriggers, on connection: borrowing Connection
    ) throws(ViewError) -> Bool {
        let installed = try installed(on: connection)
        let bodies = try functionBodies(on: connection)
        return triggers.bodies.isSubset(of: bodies)
            && triggers.needed.allSatisfy { installed[$0] == true }
    }

    /// The triggers on tables of rows; the refresher alone writes there, and it is locked out.
    ///
    /// Only on those of `views`, which are there.
    static func installOnViewTables(
        _ scripts: [TriggerScript], _ views: Set<String>, on connection: borrowing Connection
    ) throws(ViewError) {
        let scripts = scripts.filter { script in
            script.table.view.map(views.contains) ?? false
        }
        try create(scripts, on: connection)
    }

    private static func create(
        _ scripts: [TriggerScript], on connection: borrowing Connection
    ) throws(ViewError) {
        let installed = try installed(on: connection)
        let bodies = try functionBodies(on: connection)
        let isChanging = scripts.contains { script in
            script.functions.contains { !bodies.contains($0.body) }
                || script.needed.contains { installed[$0] != true }
        }
        if isChanging { try ViewFilling.forgetAll(on: connection) }
        let unwatched = try TriggerMemory.unwatched(on: connection)
        var renewed: Set<QualifiedName> = []
        for script in scripts {
            // What was written while a trigger was off stands in no queue; should this
            // installation go no further, the next refresh finds it.
            if script.targets.contains(where: { unwatched[$0] != nil }) {
                _ = try connection.texts(
                    "INSERT INTO \(connection.schema).queue (watch, link) "
                        + "SELECT id, NULL FROM \(connection.schema).watch WHERE tbl = $1",
                    [script.table.name.quoted], doing: "queueing what triggers missed")
            }
            let isNew = script.functions.contains { !bodies.contains($0.body) }
            for target in script.targets {
                let isMissing = script.needed(on: target).contains { installed[$0] != true }
                let isThere = script.needed(on: target).contains { installed[$0] != nil }
                guard isNew && isThere || isMissing else { continue }
                try lock(target, by: isNew && isThere ? script : nil, on: connection)
                if isThere { renewed.insert(target) }
            }
            if isNew {
                try ViewInstaller.run(
                    script.createFunctions, on: connection,
                    doing: "creating the trigger functions of \(script.table.name.text)")
            }
            for target in script.targets {
                let isMissing = script.needed(on: target).contains { installed[$0] != true }
                guard isMissing else { continue }
                try ViewInstaller.run(
                    script.createTriggers(on: target), on: connection,
                    doing: "creating triggers on \(target.text)")
            }
        }
        try TriggerMemory.enableAlways(on: connection)
        try TriggerMemory.record(renewed.subtracting(unwatched.keys), on: connection)
    }

    /// Keeps writers out of a table until the transaction ends.
    ///
    /// LOCK TABLE needs a right to write, which a role that only reads has not: making a trigger
    /// once more takes the same lock, and so does making the first one, which then comes later.
    private static func lock(
        _ target: QualifiedName, by script: TriggerScript?, on connection: borrowing Connection
    ) throws(ViewError) {
        let doing = "locking \(target.text)"
        let mayLock = try connection.texts(
            "SELECT has_table_privilege($1::text::regclass, 'UPDATE, DELETE, TRUNCATE')::text",
            [target.quoted], doing: doing)
        if mayLock.first?[0] == "true" {
            try connection.perform(
                "LOCK TABLE \(target.quoted) IN SHARE ROW EXCLUSIVE MODE", doing: doing)
        } else if let script {
            try ViewInstaller.run(script.createTriggers(on: target), on: connection, doing: doing)
        }
    }

    /// Leaves exactly the triggers that the installed views need, and notes what is installed.
    ///
    /// That is `draft`, unless another installation was faster: then it is that one's.
    static func finish(
        _ draft: IncrementalSite, on connection: borrowing Connection
    ) throws(ViewError) {
        try ViewInstaller.lockingBriefly(on: connection, doing: "taking away old triggers") {
            (connection) throws(ViewError) in
            try ViewInstaller.lock(on: connection)
            try ViewInstaller.lockInstallation(on: connection)
            let installed = try InstallDraft.installed(on: connection)
            var site = installed.hasViews(of: draft) ? draft : installed
            try number(&site, on: connection)
            try ViewFilling.forgetAll(on: connection)
            let scripts = site.triggers(onViews: false) + site.triggers(onViews: true)
            for script in scripts where script.table.view == nil {
                try ViewInstaller.run(
                    script.createFunctions, on: connection,
                    doing: "creating the trigger functions of \(script.table.name.text)")
            }
            try removeTriggers(except: scripts, on: connection)
            let known = site.numbers.values.sorted().map(String.init)
            _ = try connection.texts(
                "DELETE FROM \(connection.schema).queue WHERE abs(watch) <> ALL ($1::text::int[])",
                [SQLText.array(known)], doing: "emptying the queue of old watches")
            _ = try connection.texts(
                """
                INSERT INTO \(connection.schema).installation (digest, is_attached)
                VALUES ($1, true)
                ON CONFLICT (only_one) DO UPDATE SET digest = excluded.digest, is_attached = true
                """, [site.digest], doing: "recording the installation")
            try TriggerMemory.record(on: connection)
        }
    }

    /// Drops all triggers and trigger functions but those of `scripts`.
    static func removeTriggers(
        except scripts: [TriggerScript], on connection: borrowing Connection
    ) throws(ViewError) {
        let needed = Set(scripts.flatMap(\.needed))
        var functions = Set(
            scripts.flatMap { script in
                TriggerScript.events.map {
                    TriggerScript.function(script.table.name, $0, in: script.schema)
                }
            })
        for (trigger, _) in try installed(on: connection) where !needed.contains(trigger) {
            guard try owns(trigger.table, on: connection) else {
                if functions.insert(trigger.function).inserted {
                    try silence(trigger.function, on: connection)
                }
                continue
            }
            try connection.perform(
                "DROP TRIGGER IF EXISTS \(connection.schema.triggerPrefix)\(trigger.event) "
                    + "ON \(trigger.table.quoted)",
                doing: "dropping a trigger on \(trigger.table.text)")
        }
        let rows = try connection.texts(
            """
            SELECT format('\(connection.schema).%s', '"' || replace(p.proname, '"', '""') || '"')
            FROM pg_catalog.pg_proc p
            WHERE p.pronamespace = to_regnamespace('\(connection.schema)')
                AND p.proname LIKE 'on\\_%'
                AND p.prorettype = 'pg_catalog.trigger'::regtype
            """, doing: "looking for trigger functions")
        for row in rows {
            guard let name = row[0], !functions.contains(name) else { continue }
            try connection.perform("DROP FUNCTION \(name)()", doing: "dropping \(name)")
        }
    }

    /// Whether this role may drop triggers of a table.
    private static func owns(
        _ table: QualifiedName, on connection: borrowing Connection
    ) throws(ViewError) -> Bool {
        let rows = try connection.texts(
            """
            SELECT pg_has_role(c.relowner, 'USAGE')::text FROM pg_catalog.pg_class c
            WHERE c.oid = to_regclass($1)
            """, [table.quoted], doing: "looking at the owner of \(table.text)")
        return rows.first?[0] == "true"
    }

    /// Has a trigger do nothing that only the table's owner could drop.
    private static func silence(
        _ function: String, on connection: borrowing Connection
    ) throws(ViewError) {
        try connection.perform(
            "CREATE OR REPLACE FUNCTION \(function)() RETURNS trigger LANGUAGE plpgsql "
                + "AS '\(TriggerScript.silentBody)'",
            doing: "silencing a trigger")
    }

    // MARK: What is there

    /// The triggers of sitegen's; false for one that is disabled.
    static func installed(
        on connection: borrowing Connection
    ) throws(ViewError) -> [InstalledTrigger: Bool] {
        let (schema, prefix) = (connection.schema, connection.schema.triggerPrefix)
        let rows = try connection.texts(
            """
            SELECT n.nspname::text, c.relname::text,
                substr(t.tgname::text, \(prefix.utf8.count + 1)),
                format('\(schema).%s', '"' || replace(p.proname, '"', '""') || '"'),
                (t.tgenabled IN ('O', 'A'))::text
            FROM pg_catalog.pg_trigger t
            JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
                AND p.pronamespace = to_regnamespace('\(connection.schema)')
            WHERE NOT t.tgisinternal AND starts_with(t.tgname::text, '\(prefix)')
            """, columns: 5, doing: "looking for triggers")
        return Dictionary(
            rows.map { row in
                (
                    InstalledTrigger(
                        table: QualifiedName(schema: row[0] ?? "", name: row[1] ?? ""),
                        event: row[2] ?? "", function: row[3] ?? ""),
                    row[4] == "true"
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    private static func functionBodies(
        on connection: borrowing Connection
    ) throws(ViewError) -> Set<String> {
        let rows = try connection.texts(
            """
            SELECT p.prosrc FROM pg_catalog.pg_proc p
            WHERE p.pronamespace = to_regnamespace('\(connection.schema)')
                AND p.prorettype = 'pg_catalog.trigger'::regtype
            """, doing: "reading trigger functions")
        return Set(rows.compactMap { row in row[0] })
    }

    /// The numbers that these watches have, as far as they have one.
    static func numbers(
        of watches: Set<Watch>, on connection: borrowing Connection
    ) throws(ViewError) -> [Watch: Int] {
        let rows = try connection.texts(
            // A schema of an earlier version has no parts.
            "SELECT id::text, tbl, col, coalesce(to_jsonb(w) ->> 'part', '') "
                + "FROM \(connection.schema).watch w",
            columns: 4, doing: "reading watches")
        var stored: [[String?]: Int] = [:]
        for row in rows { stored[[row[1], row[2], row[3]]] = row[0].flatMap { Int($0) } }
        var numbers: [Watch: Int] = [:]
        for watch in watches {
            numbers[watch] = stored[[watch.table.quoted, watch.column, watch.partText]]
        }
        return numbers
    }

    /// Gives each watch a number.
    private static func number(
        _ site: inout IncrementalSite, on connection: borrowing Connection
    ) throws(ViewError) {
        let watches = site.watches.sorted()
        _ = try connection.texts(
            """
            INSERT INTO \(connection.schema).watch (tbl, col, part)
            SELECT * FROM unnest($1::text::text[], $2::text::text[], $3::text::text[])
            ON CONFLICT (tbl, col, part) DO NOTHING
            """,
            [
                SQLText.array(watches.map(\.table.quoted)), SQLText.array(watches.map(\.column)),
                SQLText.array(watches.map(\.partText)),
            ], doing: "numbering watches")
        site.numbers = try numbers(of: site.watches, on: connection)
    }
}

extension TriggerScript {
    /// The triggers of this script, on every target.
    var needed: [InstalledTrigger] { targets.flatMap(needed(on:)) }

    /// The triggers of this script on one of its targets.
    func needed(on target: QualifiedName) -> [InstalledTrigger] {
        zip(Self.events, functionNames).map { event, function in
            InstalledTrigger(table: target, event: event, function: function)
        }
    }
}
