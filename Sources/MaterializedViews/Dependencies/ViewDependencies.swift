// What the rows of one view depend on, and the way from a changed row of a table to their keys.
//
// The root is the table use that gives the key. From it, equalities lead to every other use that
// they tie, nearest first. A use that nothing ties makes every row of the view depend on each of
// its rows: that is never wrong, and `sitegen db explain` says so. Nothing is guessed.

/// The dependencies of a view.
struct ViewDependencies: Equatable {
    /// One table on the way to the root.
    struct Step: Equatable {
        let table: QualifiedName
        /// The column that equals the link, or the column before.
        let column: String
        /// The column that leads on to the next step; nil at the root.
        let onward: String?
        /// The equality between this step and what is before it, as SQL: `=`.
        let equality: String
    }

    /// How a change of a table is followed.
    enum Route: Equatable {
        /// The table gives the key: the link is the key.
        case root
        /// Through these tables; the last one is the root.
        case path([Step])
        /// By the author's statement (`-- watch:`).
        case declared(sql: String)
        /// Every row is looked at, because of this.
        case every(reason: String)
    }

    /// One use of a table.
    struct Dependency: Equatable {
        /// The rows that come, go or move.
        let watch: Watch
        /// The columns whose change matters, in the order of the table.
        let columns: [String]
        /// The type of the link; text for a key of several columns.
        let linkType: String
        let route: Route

        /// `watch`, and that of rows which stay where they are and change.
        var watches: [Watch] {
            let compared = columns.filter { !watch.columns.contains($0) }
            guard !compared.isEmpty else { return [watch] }
            return [
                watch,
                Watch(table: watch.table, columns: watch.columns, part: .columns(compared)),
            ]
        }
    }

    /// The view's name.
    let view: String
    /// The columns of the key, in the order of the view's `key`.
    let key: [String]
    /// The columns of the key by which rows are looked up: those that one table gives.
    ///
    /// Where they are not the whole key (the pages of a brand), rows that share them are computed
    /// together.
    let lookup: [String]
    /// The types of `lookup`.
    let lookupTypes: [String]
    /// The table that gives `lookup`, and its columns; nil if there is none, and then every change
    /// looks at all rows.
    let root: (table: QualifiedName, columns: [String])?

    /// The type of an element in arrays of look-ups: that of its only column, or text.
    var keyType: String { lookupTypes.count == 1 ? lookupTypes[0] : "text" }

    /// In the order of the statement, each watch and route once.
    let dependencies: [Dependency]
    /// Whether a row may have no key, since what it is looked up by may be NULL.
    var mayMissKeys = true

    static func == (first: ViewDependencies, second: ViewDependencies) -> Bool {
        first.view == second.view && first.key == second.key
            && first.lookup == second.lookup && first.lookupTypes == second.lookupTypes
            && first.root?.table == second.root?.table
            && first.root?.columns == second.root?.columns
            && first.dependencies == second.dependencies
            && first.mayMissKeys == second.mayMissKeys
    }

    /// All watches, each once, in their order.
    var watches: [Watch] { Set(dependencies.flatMap(\.watches)).sorted() }
}

/// Derives the dependencies of a view from what was read of its statement.
struct DependencyDerivation {
    let view: String
    /// The key's columns, with their place (from 1) and type in the view.
    let key: [(name: String, number: Int, type: String)]
    let scope: StatementScope
    let uses: [TableUse]
    let tables: [Int: WatchedTable]
    /// SQL of the equality operators that are not `=` of pg_catalog, by OID.
    let operators: [Int: String]
    let declared: [DeclaredWatch]

    /// The dependencies; uses of unknown tables are left out.
    func dependencies() -> ViewDependencies {
        var reason = ""
        var root: Root?
        do throws(StatementScope.Opacity) {
            root = try self.root()
        } catch {
            reason = "the key cannot be looked up in a table: \(error.rawValue)"
        }
        let lookup = root?.parts.map { key[$0] } ?? key
        let keyType = lookup.count == 1 ? lookup[0].type : "text"
        let parents = root.map { root in self.parents(of: root.use) } ?? [:]
        var found: [ViewDependencies.Dependency] = []
        for use in uses {
            guard let table = tables[use.table] else { continue }
            let columns = table.names(use.columns)
            let added: ViewDependencies.Dependency?
            if let root, use === root.use {
                added = rootDependency(table, columns, root.columns, keyType)
            } else if let root, let link = parents[ObjectIdentifier(use)] {
                added = tied(table, columns, link, root, parents, keyType)
            } else {
                added = untied(table, columns, root == nil ? reason : nil)
            }
            if let added, !found.contains(added) { found.append(added) }
        }
        found += declaredDependencies()
        return ViewDependencies(
            view: view, key: key.map(\.name), lookup: lookup.map(\.name),
            lookupTypes: lookup.map(\.type),
            root: root.flatMap { root in
                tables[root.use.table].map { table in
                    (table.name, root.columns.compactMap { table.columns[$0]?.name })
                }
            }, dependencies: found, mayMissKeys: root.map(mayBeNull) ?? true)
    }

    /// The table use by which rows are looked up.
    private struct Root {
        let use: TableUse
        /// Places in `key`.
        var parts: [Int]
        /// The columns of the table that are these parts.
        var columns: [Int]
    }

    /// The use that gives most columns of the key.
    private func root() throws(StatementScope.Opacity) -> Root {
        var roots: [Root] = []
        var failure = StatementScope.Opacity.computed
        for (place, part) in key.enumerated() {
            do throws(StatementScope.Opacity) {
                let (use, column) = try scope.origin(ofOutput: part.number)
                guard use.isLinkable else { throw .recursive }
                if let known = roots.firstIndex(where: { $0.use === use }) {
                    roots[known].parts.append(place)
                    roots[known].columns.append(column)
                } else {
                    roots.append(Root(use: use, parts: [place], columns: [column]))
                }
            } catch {
                failure = error
            }
        }
        var best: Root?
        for root in roots where root.parts.count > (best?.parts.count ?? 0) { best = root }
        guard let best else { throw failure }
        return best
    }

    /// Whether a row of the view may have NULL where the root gives its key.
    private func mayBeNull(_ root: Root) -> Bool {
        root.use.mayBeMissing
            || root.columns.contains { column in
                tables[root.use.table]?.columns[column]?.isNotNull != true
            }
    }

    /// For each use that is tied to the root, the equality on the shortest way there.
    private func parents(of root: TableUse) -> [ObjectIdentifier: TableUse.Link] {
        var parents: [ObjectIdentifier: TableUse.Link] = [:]
        var reached: Set<ObjectIdentifier> = [ObjectIdentifier(root)]
        var grew = true
        while grew {
            grew = false
            let before = reached
            for use in uses where !reached.contains(ObjectIdentifier(use)) {
                if let link = use.links.first(where: {
                    before.contains(ObjectIdentifier($0.parent))
                }) {
                    parents[ObjectIdentifier(use)] = link
                    reached.insert(ObjectIdentifier(use))
                    grew = true
                }
            }
        }
        return parents
    }

    private func rootDependency(
        _ table: WatchedTable, _ columns: [String], _ key: [Int], _ keyType: String
    ) -> ViewDependencies.Dependency {
        let names = key.compactMap { table.columns[$0]?.name }
        return ViewDependencies.Dependency(
            watch: Watch(table: table.name, columns: names), columns: columns,
            linkType: keyType, route: .root)
    }

    private func tied(
        _ table: WatchedTable, _ columns: [String], _ first: TableUse.Link,
        _ root: Root, _ parents: [ObjectIdentifier: TableUse.Link],
        _ keyType: String
    ) -> ViewDependencies.Dependency {
        let column = table.columns[first.column]
        let type = column?.type ?? "text"
        let watch = Watch(table: table.name, columns: [column?.name ?? ""])
        // The link is the key itself where a column equals it and has its type.
        if first.parent === root.use, root.columns == [first.parentColumn], type == keyType,
            operators[first.equality] == nil
        {
            return ViewDependencies.Dependency(
                watch: watch, columns: columns, linkType: type, route: .root)
        }
        var steps: [ViewDependencies.Step] = []
        var link = first
        while true {
            let parent = link.parent
            let next = parents[ObjectIdentifier(parent)]
            let names = tables[parent.table]
            steps.append(
                ViewDependencies.Step(
                    table: names?.name ?? QualifiedName(schema: "", name: ""),
                    column: names?.columns[link.parentColumn]?.name ?? "",
                    onward: next.flatMap { next in names?.columns[next.column]?.name },
                    equality: operators[link.equality] ?? "="))
            guard let next, parent !== root.use else { break }
            link = next
        }
        return ViewDependencies.Dependency(
            watch: watch, columns: columns, linkType: type, route: .path(steps))
    }

    /// The dependency of a use that nothing ties to the key; nil where the author declared a way.
    private func untied(
        _ table: WatchedTable, _ columns: [String], _ reason: String?
    ) -> ViewDependencies.Dependency? {
        guard !declared.contains(where: { way in way.table == table.name }) else { return nil }
        let reason = reason ?? "no equality ties \(table.name.text) to the key"
        return ViewDependencies.Dependency(
            watch: Watch(table: table.name, columns: []), columns: columns, linkType: "text",
            route: .every(reason: reason))
    }

    /// The declared ways, beside what the statement shows: what a function reads of a table is not
    /// known, so that a change of any column counts.
    private func declaredDependencies() -> [ViewDependencies.Dependency] {
        declared.compactMap { way in
            guard let table = tables.values.first(where: { $0.name == way.table }) else {
                return nil
            }
            return ViewDependencies.Dependency(
                watch: Watch(table: table.name, columns: [way.column]),
                columns: table.names(table.columns.keys),
                linkType: table.columns.values.first { $0.name == way.column }?.type ?? "text",
                route: .declared(sql: way.sql))
        }
    }
}
