// What `sitegen db apply` will do, decided from plain values: view files on one side, what the
// database holds on the other. No connection here, so every case has a test of microseconds.
//
// What a reader would get wrong: views are dropped by what reads them *in the database*, and
// created by what they read *in the files*; the two may differ.

/// A view as the database holds it.
package struct InstalledView: Equatable, Sendable {
    /// The name, without `sitegen.`.
    package let name: String
    /// The digest that was recorded when it was installed.
    package let digest: String
    /// The strategy that was recorded; nil if this version does not know it.
    package let strategy: RefreshStrategy?
    /// What stands in the catalogue under this name; nil if nothing does.
    package let kind: RefreshStrategy?
    /// The views of sitegen that it reads, as the catalogue knows.
    package let references: [String]
    /// Whether its columns are no longer those of its statement.
    package let hasDrifted: Bool

    /// A view of the database.
    package init(
        name: String, digest: String, strategy: RefreshStrategy?, kind: RefreshStrategy?,
        references: [String] = [], hasDrifted: Bool = false
    ) {
        self.name = name
        self.digest = digest
        self.strategy = strategy
        self.kind = kind
        self.references = references
        self.hasDrifted = hasDrifted
    }
}

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
        /// A view that it reads is replaced.
        case reads(String)
    }

    /// The views to drop, readers first; those in `gone` have no file any more.
    package let drops: [InstalledView]
    /// The names that are dropped and not created again.
    package let gone: Set<String>
    /// The names to create, what is read first.
    package let creates: [String]
    /// Why each view in `creates` is created.
    package let reasons: [String: Reason]
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
        let order = try ViewOrder.sorted(names, reading: reads)
        let present = Dictionary(
            installed.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let orphans = Set(present.keys).subtracting(names)

        var reasons: [String: Reason] = [:]
        for definition in definitions {
            reasons[definition.name] = Self.reason(definition, present[definition.name])
        }
        // Whatever reads a replaced or dropped view, in the files or in the database, goes too.
        for name in order where reasons[name] == nil {
            let read = Set(reads[name] ?? []).union(present[name]?.references ?? [])
            if let cause = read.sorted().first(where: { reasons[$0] != nil || orphans.contains($0) }
            ) {
                reasons[name] = .reads(cause)
            }
        }
        let catalogue = present.mapValues(\.references)
        let touched = ViewOrder.closure(
            of: Set(reasons.keys).union(orphans), readers: catalogue)
        for name in touched where reasons[name] == nil && !orphans.contains(name) {
            let cause = (present[name]?.references ?? []).sorted().first(where: touched.contains)
            reasons[name] = .reads(cause ?? name)
        }

        let toDrop = touched.filter { name in present[name]?.kind != nil || orphans.contains(name) }
        drops = try ViewOrder.sorted(toDrop.sorted(), reading: catalogue).reversed()
            .compactMap { name in present[name] }
        gone = orphans
        creates = order.filter { name in reasons[name] != nil }
        self.reasons = reasons
        unchanged = names.filter { name in reasons[name] == nil }.sorted()
    }

    private static func reason(_ definition: ViewDefinition, _ view: InstalledView?) -> Reason? {
        guard let view else { return .new }
        guard let kind = view.kind else { return .missing }
        if view.digest != definition.installDigest || kind != definition.refresh {
            return .changed
        }
        return view.hasDrifted ? .drifted : nil
    }
}
