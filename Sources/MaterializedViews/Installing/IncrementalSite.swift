import Postgres

/// The incremental views of a site with everything that their SQL is made of.
struct IncrementalSite: Equatable {
    /// Where they are.
    var schema = SiteSchema.unnamed
    /// What is read before what reads it.
    var views: [IncrementalView] = []
    /// The tables that they read, by OID; those of the site's schema go by name only.
    var tables: [Int: WatchedTable] = [:]
    /// The numbers of watches, as far as they have one.
    var numbers: [Watch: Int] = [:]

    /// Every watch of every view.
    var watches: Set<Watch> {
        Set(views.flatMap(\.dependencies.watches) + views.map(\.waiting))
    }

    /// The triggers on tables of others, or on tables of rows.
    func triggers(onViews: Bool) -> [TriggerScript] {
        TriggerScript.scripts(
            views.map(\.dependencies), tables: tables, numbers: numbers, in: schema
        ).filter { script in (script.table.view != nil) == onViews }
    }

    /// Tells whether the functions in the database are those of these views.
    var digest: String {
        let functions =
            views.flatMap { view in view.createFunctions(numbers) }
            + [CoreScript.createStep(views, numbers, in: schema)]
            + (triggers(onViews: false) + triggers(onViews: true)).flatMap(\.createFunctions)
        return Digest.hexadecimal(of: functions.joined(separator: "\u{1}"))
    }

    /// Whether these views are those of another site.
    func hasViews(of other: IncrementalSite) -> Bool {
        func digests(_ site: IncrementalSite) -> [String: String] {
            Dictionary(
                site.views.map { ($0.name, $0.definition.installDigest) },
                uniquingKeysWith: { first, _ in first })
        }
        return digests(self) == digests(other)
    }

    /// These watches and those of `other`: while one becomes the other, both are served.
    func joined(with other: IncrementalSite) -> IncrementalSite {
        var joined = self
        joined.views += other.views
        joined.tables.merge(other.tables) { first, _ in first }
        joined.numbers.merge(other.numbers) { first, _ in first }
        return joined
    }
}
