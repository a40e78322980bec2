// What an installation would do, found out by doing it in a transaction that is rolled back.
//
// Only so can PostgreSQL say what the statements of new views read, since a view may read a view
// that is new as well. Rows are not computed here.

import Postgres

/// An installation that has not happened.
struct InstallDraft {
    let plan: InstallPlan
    /// The views whose own columns change with those of a view that they read.
    let reshaped: Set<String>
    /// What of what views were made from is another thing now, by view.
    let changes: [String: [String]]
    /// What is risky about the views, and stops nothing.
    let warnings: [DefinitionProblem]
    /// What the database holds now.
    let current: IncrementalSite
    /// What it is to hold.
    var target: IncrementalSite
    /// Whether nothing is to be done.
    let isInstalled: Bool

    /// Makes a draft; the database is as before.
    static func make(
        _ definitions: [ViewDefinition], on connection: borrowing Connection
    ) throws(ViewError) -> InstallDraft {
        try connection.inTransaction(
            "BEGIN", then: ViewInstaller.settings, doing: "planning the installation",
            end: "ROLLBACK"
        ) { (connection) throws(ViewError) in
            try ViewInstaller.lock(on: connection)
            let isPrepared = try ViewCatalogue.isPrepared(on: connection)
            try ViewInstaller.prepareSchema(on: connection)
            try ViewInstaller.lockFilling(on: connection)
            // What is outlined here must not meet what another installation makes of that name.
            try ViewInstaller.lockInstallation(on: connection)
            let current = try installed(on: connection)
            let changes = try ViewMemory.changes(definitions, on: connection).changes
            let installed = try ViewInstaller.installedViews(
                definitions, changes, on: connection)
            let (plan, reshaped) = try plan(definitions, installed, on: connection)
            let target = try site(
                definitions.filter { $0.refresh == .incremental }, plan.order, isChecked: true,
                on: connection)
            let problems = try ViewJudgement.problems(of: definitions, on: connection)
            let errors = problems.filter { $0.severity == .error }
            guard errors.isEmpty else { throw .definitions(errors) }
            var isInstalled =
                isPrepared && plan.creates.isEmpty && plan.drops.isEmpty && plan.redefines.isEmpty
            if isInstalled { isInstalled = try isComplete(target, on: connection) }
            return InstallDraft(
                plan: plan, reshaped: reshaped, changes: changes, warnings: problems,
                current: current, target: target, isInstalled: isInstalled)
        }
    }

    /// The incremental views that are installed and follow their tables.
    static func installed(
        on connection: borrowing Connection
    ) throws(ViewError) -> IncrementalSite {
        let records = try ViewCatalogue.records(on: connection)
        var definitions: [ViewDefinition] = []
        for record in records where record.relationKind == "r" && record.hasStatement {
            guard let source = record.source else { continue }
            definitions.append(
                try ViewDefinition(
                    name: record.name, file: "site/database/\(record.name).sql", text: source,
                    in: connection.schema))
        }
        let order = try ViewOrder.sorted(
            definitions.map(\.name),
            reading: Dictionary(
                records.map { ($0.name, $0.references) }, uniquingKeysWith: { first, _ in first }))
        return try site(definitions, order, isChecked: false, on: connection)
    }

    /// Finds the plan, and leaves everything made by it, without rows.
    ///
    /// Which columns a statement has can be said only once what it reads is there: where they are
    /// no longer those of the view's rows, these cannot stay, and the plan is another one.
    private static func plan(
        _ definitions: [ViewDefinition], _ installed: [InstalledView],
        on connection: borrowing Connection
    ) throws(ViewError) -> (InstallPlan, reshaped: Set<String>) {
        var reshaped: Set<String> = []
        while true {
            let plan = try InstallPlan(
                definitions: definitions, installed: installed.reshaping(reshaped))
            try connection.perform("SAVEPOINT outline", doing: "planning the installation")
            try outline(plan, definitions, on: connection)
            var more: Set<String> = []
            for name in plan.redefines {
                let columns = try ViewCatalogue.columns(
                    of: "SELECT * FROM \(connection.schema.statement(of: name))", for: nil,
                    on: connection)
                let held = try ViewCatalogue.columns(ofView: name, .incremental, on: connection)
                if columns != held { more.insert(name) }
            }
            guard !more.isEmpty else { return (plan, reshaped) }
            reshaped.formUnion(more)
            try connection.perform(
                "ROLLBACK TO SAVEPOINT outline", doing: "planning the installation")
        }
    }

    /// Drops and creates everything without rows.
    private static func outline(
        _ plan: InstallPlan, _ definitions: [ViewDefinition], on connection: borrowing Connection
    ) throws(ViewError) {
        let byName = Dictionary(
            definitions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        try ViewInstaller.dropReplaced(plan, on: connection)
        for name in plan.order {
            guard let definition = byName[name], plan.reasons[name] != nil else { continue }
            if plan.redefines.contains(name) {
                try ViewInstaller.createStatement(definition, on: connection)
            } else {
                try ViewInstaller.createRelation(definition, isFilled: false, on: connection)
            }
        }
    }

    /// Reads the dependencies of incremental views whose statements are there.
    ///
    /// Where `isChecked`, what cannot be watched is an error; for what is installed it is none, so
    /// that another statement can take its place.
    static func site(
        _ definitions: [ViewDefinition], _ order: [String], isChecked: Bool,
        on connection: borrowing Connection
    ) throws(ViewError) -> IncrementalSite {
        var described: [(definition: ViewDefinition, columns: [ViewColumn])] = []
        for name in order {
            guard let definition = definitions.first(where: { $0.name == name }) else { continue }
            let columns = try ViewCatalogue.columns(
                of: "SELECT * FROM \(connection.schema.statement(of: name))", for: nil,
                on: connection)
            described.append((definition, columns))
        }
        let found = try DependencyCatalog.read(described, isChecked: isChecked, on: connection)
        let path = try searchPath(on: connection)
        let settings = try PinnedSettings.needed(
            by: described.map(\.definition.name), on: connection)
        var site = IncrementalSite(schema: connection.schema)
        site.tables = found.tables
        site.views = described.compactMap { definition, columns in
            found.views[definition.name].map { dependencies in
                IncrementalView(
                    definition: definition, columns: columns, dependencies: dependencies,
                    searchPath: path, settings: settings[definition.name] ?? [:])
            }
        }
        site.numbers = try TriggerInstaller.numbers(of: site.watches, on: connection)
        return site
    }

    /// The schemas of the session, as a setting; a temporary table never hides another one.
    static func searchPath(
        on connection: borrowing Connection
    ) throws(ViewError) -> String {
        let rows = try connection.texts(
            "SELECT quote_ident(s) FROM unnest(current_schemas(false)) WITH ORDINALITY u (s, n) "
                + "ORDER BY n",
            doing: "reading the search path")
        return (rows.compactMap { row in row[0] } + ["pg_temp"]).joined(separator: ", ")
    }

    /// Whether functions and triggers are those that the views need.
    private static func isComplete(
        _ target: IncrementalSite, on connection: borrowing Connection
    ) throws(ViewError) -> Bool {
        guard target.numbers.count == target.watches.count else { return false }
        let rows = try connection.texts(
            "SELECT digest, is_attached::text FROM \(connection.schema).installation", columns: 2,
            doing: "reading what is installed")
        guard let row = rows.first, row[0] == target.digest, row[1] == "true" else { return false }
        let installed = try TriggerInstaller.installed(on: connection)
        let needed = (target.triggers(onViews: false) + target.triggers(onViews: true))
            .flatMap(\.needed)
        return Set(needed) == Set(installed.filter(\.value).map(\.key))
            && installed.values.allSatisfy { $0 }
    }
}

extension [InstalledView] {
    /// The same views; those with these names keep no rows.
    func reshaping(_ names: Set<String>) -> [InstalledView] {
        map { view in
            var view = view
            if names.contains(view.name) { view.keepsRows = false }
            return view
        }
    }
}
