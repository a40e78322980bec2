// Proves by trying that every change of what views read reaches their rows.
//
// First the rows as they are are compared: what differs then is nobody's fault. Then rows of each
// table are changed in every way, each change in a transaction that ends in ROLLBACK, after a step
// and a comparison of every row of every view that reads the table. Where a comparison is dear,
// changes of different rows are made one after the other and compared once; if something is stale,
// they are halved until the culprit is alone. A view that a step computed as a whole is right by
// that, and hides what came before it in the same transaction, which is then tried again without
// it.

package import Postgres

/// Tries out the dependencies of the installed incremental views.
package enum MutationCheck {
    /// Changes rows of each table in every way.
    ///
    /// What is queued is taken in before, as by `sitegen db refresh`; everything else is rolled
    /// back.
    ///
    /// - Parameters:
    ///   - names: views and tables; then only these tables are changed, or only these views
    ///     compared. Empty for all.
    ///   - limits: how much to try.
    ///   - connection: a connection outside of any transaction, of a user who may write to the
    ///     tables.
    ///   - tell: receives how many changes of how many are done, and what is being done.
    /// - Returns: what was tried and what was missed.
    /// - Throws: `.notInstalled`, `.unknownName`, `.permission`, `.interrupted`, `.database`.
    package static func run(
        _ names: [String] = [], limits: MutationLimits = MutationLimits(),
        on connection: borrowing Connection,
        tell: @escaping (_ done: Int, _ of: Int, _ what: String) -> Void = { _, _, _ in }
    ) throws(ViewError) -> MutationReport {
        guard try ViewCatalogue.isPrepared(on: connection) else { throw .notInstalled }
        _ = try ChangeQueue.drain(on: connection)
        let site = try connection.inTransaction(
            "BEGIN", doing: "reading the views", end: "ROLLBACK"
        ) { (connection) throws(ViewError) in try InstallDraft.installed(on: connection) }
        let scope = try MutationScope(
            names, site, ViewCatalogue.records(on: connection).map(\.name))
        var trial = MutationTrial(site: site, limits: limits, tell: tell)
        trial.report.untried = scope.passedOver
        try trial.step(on: connection)
        for view in site.views where scope.views.contains(view.name) {
            try trial.compareBefore(view, on: connection)
        }
        var groups: [[Mutation]] = []
        for table in scope.tables {
            groups += try trial.mutations(of: table, scope.used[table.name] ?? [], on: connection)
        }
        trial.total = groups.reduce(0) { $0 + $1.count }
        // Every way is taken with one row before any is taken with another.
        for group in groups.sorted(by: { ($0.first?.round ?? 0) < ($1.first?.round ?? 0) }) {
            try trial.run(group, on: connection)
        }
        return trial.finished()
    }
}

/// Which tables are changed, and which views compared.
struct MutationScope {
    let views: Set<String>
    let tables: [WatchedTable]
    /// The columns that these views read, by table.
    let used: [QualifiedName: Set<String>]
    /// Views that were named and have nothing to be tried.
    let passedOver: [MutationReport.Untried]

    /// Reads names of views (`look_page`) and tables (`image`, `public.image`).
    ///
    /// - Throws: `.unknownName`.
    init(
        _ names: [String], _ site: IncrementalSite, _ known: [String]
    ) throws(ViewError) {
        let all = site.tables.values.filter { $0.view == nil }.sorted { $0.name < $1.name }
        var views: Set<String> = []
        var tables: Set<QualifiedName> = []
        var others: [MutationReport.Untried] = []
        for name in names {
            let prefix = "\(site.schema)."
            let bare = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
            let found = all.filter { $0.name.text == name || $0.name.name == name }
            if site.views.contains(where: { $0.name == bare }) {
                views.insert(bare)
            } else if known.contains(bare) {
                others.append(
                    MutationReport.Untried(
                        change: "every change of what \(bare) reads",
                        reason: "\(bare) follows no single rows: it is live, materialized or "
                            + "detached"))
            } else if !found.isEmpty {
                tables.formUnion(found.map(\.name))
            } else {
                throw .unknownName(name: name, known: known + all.map(\.name.text))
            }
        }
        let isWhole = names.isEmpty
        let compared = Set(
            site.views.map(\.name).filter { name in
                isWhole || views.contains(name) || views.isEmpty && !tables.isEmpty
            })
        self.views = compared
        passedOver = others
        // A view may be reached through tables of rows: all that these views read counts.
        var read = Set<String>()
        var used: [QualifiedName: Set<String>] = [:]
        for view in site.views.reversed()
        where compared.contains(view.name) || read.contains(view.name) {
            for dependency in view.dependencies.dependencies {
                if let other = dependency.watch.table.schema == site.schema.description
                    ? dependency.watch.table.name : nil
                {
                    read.insert(other)
                }
                used[dependency.watch.table, default: []]
                    .formUnion(dependency.columns + dependency.watch.columns)
            }
        }
        self.used = used
        self.tables = all.filter { table in
            used[table.name] != nil && (tables.isEmpty || tables.contains(table.name))
        }
    }
}

extension Duration {
    /// As a number of seconds.
    var inSeconds: Double {
        let (whole, part) = components
        return Double(whole) + Double(part) / 1e18
    }
}
