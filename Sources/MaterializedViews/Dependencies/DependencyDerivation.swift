// From the uses and equalities of a statement to the dependencies of its view.
//
// What a reader would get wrong: a link is the value of a column and says nothing about a version
// of its row. Where a key is computed, the columns that it is computed from are queued as they were
// and as they are, and the refresher computes the keys: nothing that could fail runs in the
// writer's transaction.

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
    let expressions: KeyExpressions

    /// The dependencies; uses of unknown tables are left out.
    func dependencies() -> ViewDependencies {
        var reason = ""
        var parts = Array(key.indices)
        var roots: [(use: TableUse, root: ViewDependencies.Root, numbers: [Int])] = []
        do throws(StatementScope.Opacity) {
            (parts, roots) = try self.roots()
        } catch {
            reason = "the key cannot be looked up in a table: \(error.rawValue)"
        }
        let lookup = parts.map { key[$0] }
        let keyType = lookup.count == 1 ? lookup[0].type : "text"
        let trees = roots.map { parents(of: $0.use) }
        var found: [ViewDependencies.Dependency] = []
        for use in uses {
            guard let table = tables[use.table] else { continue }
            let columns = table.names(use.columns)
            let added: ViewDependencies.Dependency?
            if let place = roots.firstIndex(where: { $0.use === use }) {
                added = rootDependency(table, columns, roots[place].root, keyType)
            } else if let place = trees.firstIndex(where: { $0[ObjectIdentifier(use)] != nil }),
                let link = trees[place][ObjectIdentifier(use)]
            {
                added = tied(
                    table, columns, link, to: roots[place], parents: trees[place], keyType)
            } else {
                added = untied(
                    table, columns,
                    use.isInRowSecurity
                        ? "row security reads \(table.name.text)" : roots.isEmpty ? reason : nil)
            }
            if let added { Self.add(added, to: &found, table) }
        }
        for added in declaredDependencies() where !found.contains(added) { found.append(added) }
        return ViewDependencies(
            view: view, key: key.map(\.name), lookup: lookup.map(\.name),
            lookupTypes: lookup.map(\.type), roots: roots.map(\.root),
            pushed: pushed(roots.map { ($0.use, $0.numbers) }, lookup.map(\.name)),
            mayMissKeys: roots.isEmpty || roots.contains { mayBeNull($0.use, $0.root, $0.numbers) },
            dependencies: found)
    }

    /// Whether a row of the view may have NULL where the root gives its key.
    private func mayBeNull(
        _ use: TableUse, _ root: ViewDependencies.Root, _ numbers: [Int]
    ) -> Bool {
        !root.isPlain || use.mayBeMissing
            || numbers.contains { tables[use.table]?.columns[$0]?.isNotNull != true }
    }

    /// Adds a dependency; uses of a table with one way to the key are one.
    private static func add(
        _ added: ViewDependencies.Dependency, to found: inout [ViewDependencies.Dependency],
        _ table: WatchedTable
    ) {
        guard
            let known = found.firstIndex(where: { known in
                known.watch == added.watch && known.linkType == added.linkType
                    && known.route == added.route
            })
        else { return found.append(added) }
        let read = Set(found[known].columns + added.columns)
        let names = table.columns.sorted { $0.key < $1.key }.map(\.value.name)
        found[known] = ViewDependencies.Dependency(
            watch: added.watch, columns: names.filter(read.contains), linkType: added.linkType,
            route: added.route)
    }

    // MARK: Roots

    /// A column of the key in one branch of the statement.
    private struct KeyPart {
        let use: TableUse
        /// The columns of the table it is made of.
        let columns: [Int]
        /// SQL over the table by its alias; nil where it is the column itself.
        var sql: String?
    }

    /// The uses by which rows are looked up, one for each branch, and the columns of the key that
    /// each of them gives: as many as possible.
    private func roots() throws(StatementScope.Opacity) -> (
        parts: [Int], roots: [(use: TableUse, root: ViewDependencies.Root, numbers: [Int])]
    ) {
        var given: [Int: [KeyPart]] = [:]
        var failure = StatementScope.Opacity.computed
        for (place, column) in key.enumerated() {
            do throws(StatementScope.Opacity) {
                let sources = try keyParts(column.number)
                guard !sources.isEmpty, sources.allSatisfy(\.use.isLinkable) else {
                    throw .recursive
                }
                given[place] = sources
            } catch {
                failure = error
            }
        }
        // A column of a table goes before what is computed.
        let places = given.keys.sorted { first, second in
            let isComputed = [first, second].map { place in
                given[place, default: []].contains { $0.sql != nil }
            }
            return isComputed[0] == isComputed[1] ? first < second : isComputed[1]
        }
        var best: [Int] = []
        for anchor in places {
            let uses = given[anchor, default: []].map(\.use)
            let isComputed = given[anchor, default: []].contains { $0.sql != nil }
            if isComputed, !best.isEmpty { break }
            let same = places.filter { place in
                let parts = given[place, default: []]
                return parts.map(\.use).elementsEqual(uses, by: ===)
                    && parts.contains { $0.sql != nil } == isComputed
            }
            if same.count > best.count { best = same.sorted() }
        }
        guard let first = best.first else { throw failure }
        let branches = given[first, default: []].indices
        return (
            best,
            try branches.map { branch throws(StatementScope.Opacity) in
                try root(best.compactMap { given[$0]?[branch] })
            }
        )
    }

    private func root(
        _ parts: [KeyPart]
    ) throws(StatementScope.Opacity) -> (
        use: TableUse, root: ViewDependencies.Root, numbers: [Int]
    ) {
        guard let use = parts.first?.use, let table = tables[use.table] else { throw .computed }
        let isPlain = parts.allSatisfy { $0.sql == nil }
        let numbers =
            isPlain ? parts.flatMap(\.columns) : Set(parts.flatMap(\.columns)).sorted()
        let alias = isPlain ? "root" : use.alias
        let values = parts.map { part in
            part.sql
                ?? "\(alias.quotedName)."
                + (part.columns.first.flatMap { table.columns[$0]?.name } ?? "").quotedName
        }
        return (
            use,
            ViewDependencies.Root(
                table: table.name, alias: alias,
                columns: numbers.compactMap { number in
                    table.columns[number].map { ($0.name, $0.type) }
                }, values: values, isPlain: isPlain),
            numbers
        )
    }

    /// What a column of the key is, in each branch.
    private func keyParts(_ number: Int) throws(StatementScope.Opacity) -> [KeyPart] {
        do throws(StatementScope.Opacity) {
            return try scope.origins(ofOutput: number, .rows(equality: nil)).map { origin in
                KeyPart(use: origin.use, columns: [origin.column])
            }
        } catch {
            guard error == .computed else { throw error }
        }
        let branches = scope.branches.isEmpty ? [scope] : scope.branches
        guard let output = scope.output(number), expressions.texts.count == branches.count else {
            throw .computed
        }
        if branches.count > 1 { try scope.check(output, .rows(equality: nil)) }
        var parts: [KeyPart] = []
        for (branch, texts) in zip(branches, expressions.texts) {
            guard let entry = branch.output(number), number <= texts.count else { throw .computed }
            try branch.check(entry, .rows(equality: nil))
            let variables = try expressions.variables(of: entry["expr"])
            guard let source = variables.first?["varno"].integer,
                variables.allSatisfy({ $0["varno"].integer == source }),
                case .table(let use)? = branch.sources[source], !use.alias.isEmpty
            else { throw .computed }
            parts.append(
                KeyPart(
                    use: use, columns: variables.compactMap { $0["varattno"].integer },
                    sql: texts[number - 1]))
        }
        return parts
    }

    /// The column that a look-up by several asks for once more, where pairs do not reach the table.
    private func pushed(_ roots: [(use: TableUse, numbers: [Int])], _ lookup: [String]) -> String? {
        let query = scope.query
        let isLayered =
            ["groupClause", "distinctClause", "windowClause", "setOperations", "limitCount"]
            .contains { !query[$0].isEmpty }
            || roots.contains { root in
                !scope.sources.values.contains { source in
                    if case .table(let use) = source { use === root.use } else { false }
                }
            }
        guard lookup.count > 1, isLayered, let root = roots.first else { return nil }
        let indexed = tables[root.use.table]?.indexed ?? []
        let place = root.numbers.firstIndex { indexed.contains($0) } ?? 0
        return place < lookup.count ? lookup[place] : nil
    }

    // MARK: Ways to the root

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
        _ table: WatchedTable, _ columns: [String], _ root: ViewDependencies.Root,
        _ keyType: String
    ) -> ViewDependencies.Dependency {
        let watch = Watch(table: table.name, columns: root.columns.map(\.name))
        guard !root.isPlain else {
            return ViewDependencies.Dependency(
                watch: watch, columns: columns, linkType: keyType, route: .root)
        }
        return ViewDependencies.Dependency(
            watch: watch, columns: columns,
            linkType: root.columns.count == 1 ? root.columns[0].type : "text",
            route: .computed(root))
    }

    private func tied(
        _ table: WatchedTable, _ columns: [String], _ first: TableUse.Link,
        to root: (use: TableUse, root: ViewDependencies.Root, numbers: [Int]),
        parents: [ObjectIdentifier: TableUse.Link], _ keyType: String
    ) -> ViewDependencies.Dependency {
        let column = table.columns[first.column]
        let type = column?.type ?? "text"
        let watch = Watch(table: table.name, columns: [column?.name ?? ""])
        // The link is the key itself where a column equals it and has its type.
        if first.parent === root.use, root.root.isPlain, root.numbers == [first.parentColumn],
            type == keyType, operators[first.equality] == nil
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
                    onward: next.flatMap { next in names?.columns[next.column] },
                    equality: operators[link.equality] ?? "="))
            guard let next, parent !== root.use else { break }
            link = next
        }
        return ViewDependencies.Dependency(
            watch: watch, columns: columns, linkType: type, route: .path(steps, root.root))
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
