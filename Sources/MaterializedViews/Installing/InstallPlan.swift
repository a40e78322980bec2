// What `sitegen db apply` will do, decided from plain values: view files on one side, what the
// database holds on the other. No connection here, so every case has a test of microseconds.
//
// What a reader would get wrong: views are dropped by what reads them *in the database*, and
// created by what they read *in the files*; the two may differ.

/// The steps that make a database agree with the view files.
package struct InstallPlan: Equatable, Sendable {
    /// Why a view is created.
    package enum Reason: Equatable, Sendable {
        /// It was never installed.
        case new
        /// It is recorded, and not there.
        case missing
        /// Its statement, key or strategy has changed.
        case changed
        /// Its statement gives other columns than it did.
        case drifted
        /// It stood aside for another program's changes of tables.
        case detached
        /// What it was made from is another thing now, as these sentences say.
        case madeFrom([String])
        /// A view that it reads is replaced.
        case reads(String)
    }

    /// The views to drop, readers first; those in `gone` have no file any more.
    let drops: [InstalledView]
    /// The names that are dropped and not created again.
    let gone: Set<String>
    /// All names of the files, what is read first.
    package let order: [String]
    /// The names to create, what is read first.
    let creates: [String]
    /// The names of incremental views that get another statement and keep their rows, so that
    /// only rows that differ count as changed; what is read first.
    let redefines: [String]
    /// Why each view in `creates` and `redefines` is touched.
    let reasons: [String: Reason]
    /// The names that stay as they are, sorted.
    package let unchanged: [String]

    /// Compares files and database.
    ///
    /// - Throws: `.cycle` if the files read each other in a circle.
    package init(
        definitions: [ViewDefinition], installed: [InstalledView]
    ) throws(ViewError) {
        let names = definitions.map(\.name)
        let reads = Dictionary(
            definitions.map { ($0.name, $0.references) }, uniquingKeysWith: { first, _ in first })
        order = try ViewOrder.sorted(names, reading: reads)
        let present = Dictionary(
            installed.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let orphans = Set(present.keys).subtracting(names)

        var reasons: [String: Reason] = [:]
        for definition in definitions {
            reasons[definition.name] = Self.reason(definition, present[definition.name])
        }
        // Whatever reads a replaced or dropped view, in the files or in the database, goes too; a
        // view that keeps its rows is only defined anew, and does not touch what reads it.
        let kept = { (name: String) in
            present[name]?.keepsRows == true && reasons[name] != .missing
        }
        var replaced = orphans.union(reasons.keys.filter { name in !kept(name) })
        var redefined = Set(reasons.keys.filter(kept))
        let candidates = order + present.keys.sorted().filter { name in !names.contains(name) }
        var grew = true
        while grew {
            grew = false
            for name in candidates where !replaced.contains(name) && !redefined.contains(name) {
                let read = Set(reads[name] ?? []).union(present[name]?.references ?? [])
                guard let cause = read.sorted().first(where: replaced.contains) else { continue }
                reasons[name] = .reads(cause)
                if kept(name) { redefined.insert(name) } else { replaced.insert(name) }
                grew = true
            }
        }
        let catalogue = present.mapValues(\.references)
        let toDrop = replaced.filter { name in present[name]?.kind != nil || orphans.contains(name)
        }
        drops = try ViewOrder.sorted(toDrop.sorted(), reading: catalogue).reversed()
            .compactMap { name in present[name] }
        gone = orphans
        creates = order.filter { name in reasons[name] != nil && !redefined.contains(name) }
        redefines = order.filter(redefined.contains)
        self.reasons = reasons
        unchanged = names.filter { name in reasons[name] == nil }.sorted()
    }

    private static func reason(_ definition: ViewDefinition, _ view: InstalledView?) -> Reason? {
        guard let view else { return .new }
        guard let kind = view.kind else { return .missing }
        if view.digest != definition.installDigest || kind != definition.refresh {
            return .changed
        }
        if view.isDetached { return .detached }
        if view.hasDrifted { return .drifted }
        return view.changes.isEmpty ? nil : .madeFrom(view.changes)
    }
}
