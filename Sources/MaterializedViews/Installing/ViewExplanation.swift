// What `sitegen db plan` and `sitegen db explain` print: the SQL of an installation, and for each
// incremental view how a change of each table finds the rows it concerns.
//
// Both make a draft and change nothing.

package import Postgres

/// How one view follows its tables, as text.
package struct ViewExplanation: Equatable, Sendable {
    /// The view's name.
    package let view: String
    /// Lines to print, the first of which says `incremental`, `full` or another strategy.
    package let lines: [String]
}

extension ViewInstaller {
    /// Explains views, as their files are now.
    ///
    /// - Parameters:
    ///   - names: the views; nil explains all.
    ///   - definitions: all view files of the site.
    ///   - connection: a connection outside of any transaction.
    /// - Returns: one explanation for each view, by name.
    /// - Throws: as `apply`; nothing is changed in any case.
    package static func explain(
        _ names: [String]?, of definitions: [ViewDefinition], on connection: borrowing Connection
    ) throws(ViewError) -> [ViewExplanation] {
        let known = definitions.map(\.name)
        for name in names ?? [] where !known.contains(name) {
            throw .unknownView(name: name, known: known)
        }
        let draft = try InstallDraft.make(definitions, on: connection)
        return definitions.filter { names?.contains($0.name) ?? true }.map { definition in
            let view = draft.target.views.first { $0.name == definition.name }
            return ViewExplanation(
                view: definition.name, lines: view.map(lines) ?? [plainLine(definition)])
        }
    }

    private static func plainLine(_ definition: ViewDefinition) -> String {
        definition.refresh == .live
            ? "\(definition.name): live: every read computes its rows"
            : "\(definition.name): materialized: all rows are computed by `sitegen db refresh`"
    }

    private static func lines(_ view: IncrementalView) -> [String] {
        let dependencies = view.dependencies
        var lines: [String] = []
        let isEvery = dependencies.dependencies.allSatisfy { dependency in
            if case .every = dependency.route { true } else { false }
        }
        if !dependencies.roots.isEmpty {
            let roots = dependencies.roots.map(\.text).joined(separator: ", ")
            lines.append("\(view.name): incremental, by \(roots)")
        } else if isEvery {
            lines.append("\(view.name): full: any change of what it reads looks at all its rows")
        } else {
            lines.append("\(view.name): incremental, as declared by `watch:`")
        }
        // Several uses of a table with one way to the key are one line.
        var ways: [(way: String, columns: [String])] = []
        for dependency in dependencies.dependencies {
            let way = Self.way(dependency)
            if let known = ways.firstIndex(where: { $0.way == way }) {
                ways[known].columns += dependency.columns.filter { column in
                    !ways[known].columns.contains(column)
                }
            } else {
                ways.append((way, dependency.columns))
            }
        }
        for (way, columns) in ways {
            let list = columns.isEmpty ? "any row" : columns.joined(separator: ", ")
            lines += ["  \(way)", "    on a change of \(list)"]
        }
        if dependencies.hasOuterOffset {
            lines.append(
                "  an OFFSET for each page reads and sorts its list anew: number the rows once by "
                    + "row_number() (docs/views.md)")
        }
        for (header, column) in [
            ("publish-at", view.definition.publishAt), ("expire-at", view.definition.expireAt),
        ] {
            if let column { lines.append("  \(header) \(column): at its time, without a write") }
        }
        return lines
    }

    /// How a change of a table is followed.
    private static func way(_ dependency: ViewDependencies.Dependency) -> String {
        let watch = dependency.watch
        let link = watch.columns.isEmpty ? "" : ".\(watch.columns.joined(separator: ", "))"
        let route =
            switch dependency.route {
            case .root: "is the key"
            case .computed(let root): "gives the key: \(root.values.joined(separator: ", "))"
            case .path(let steps, _):
                "→ " + steps.map { "\($0.table.text).\($0.column)" }.joined(separator: " → ")
            case .declared: "→ as declared by `watch:`"
            case .every(let reason): "→ every row: \(reason)"
            }
        return "\(watch.table.text)\(link) \(route)"
    }

    /// The SQL that `apply` would run, in its order; empty if nothing is to be done.
    ///
    /// Numbers of watches that are new stand as they would be given.
    ///
    /// - Throws: as `apply`; nothing is changed in any case.
    package static func plan(
        _ definitions: [ViewDefinition], on connection: borrowing Connection
    ) throws(ViewError) -> [String] {
        let draft = try InstallDraft.make(definitions, on: connection)
        if draft.isInstalled { return [] }
        let byName = Dictionary(
            definitions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var site = draft.target
        var next = (site.numbers.values.max() ?? 0) + 1
        for watch in site.watches.sorted() where site.numbers[watch] == nil {
            site.numbers[watch] = next
            next += 1
        }
        var sql: [String] = []
        if draft.current.views.isEmpty { sql.append(CoreScript.create(in: connection.schema)) }
        sql += ["-- Triggers: from here on changes are queued."]
        for script in site.triggers(onViews: false) {
            sql += script.createFunctions
            sql += script.targets.flatMap(script.createTriggers)
        }
        sql += ["-- Views, in one transaction."]
        for view in draft.plan.drops {
            if view.kind == .incremental {
                sql.append("DROP VIEW IF EXISTS \(connection.schema.statement(of: view.name))")
            }
            let name = connection.schema.view(view.name)
            sql += (view.kind.map { ["DROP \($0.relation) \(name)"] } ?? [])
        }
        for name in draft.plan.order {
            guard let definition = byName[name], let reason = draft.plan.reasons[name] else {
                continue
            }
            sql.append("-- \(name): \(reason.text(name)).")
            sql += statements(definition, site, isKept: draft.plan.redefines.contains(name))
        }
        sql.append(CoreScript.createStep(site.views, site.numbers, in: site.schema))
        for script in site.triggers(onViews: true) {
            sql += script.createFunctions + script.targets.flatMap(script.createTriggers)
        }
        return sql
    }

    private static func statements(
        _ definition: ViewDefinition, _ site: IncrementalSite, isKept: Bool
    ) -> [String] {
        guard let view = site.views.first(where: { $0.name == definition.name }) else {
            return [
                "CREATE \(definition.refresh.relation) \(definition.relation) AS\n"
                    + definition.sql
            ]
        }
        return (isKept ? ["DROP VIEW IF EXISTS \(view.statement)"] : [])
            + ["CREATE VIEW \(view.statement) AS\n\(definition.sql)"]
            + (isKept ? [] : IncrementalView.createTable(definition, view.columns))
            + view.createFunctions(site.numbers)
            + ["SELECT \(view.function("refresh"))(NULL, statement_timestamp())"]
    }
}
