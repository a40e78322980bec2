// The fragments of a proof, rendered from the rows of their views and put straight into pages:
// no Redis, no record.
//
// All rows of a view are rendered when a page first asks for one of them. A view that writes no
// log is read again for each page, for nobody tells of its changes.

import Fragments
import MaterializedViews
import ReleaseFormat
import SiteAuthoring

/// What slots show.
struct ProofFragments {
    private struct Kind {
        var html: [RenderedFragment.Address: [UInt8]] = [:]
        var problem: PageProblem?
    }

    private let routes: [FragmentRoute]
    private var kinds: [String: Kind] = [:]
    /// The views that write no log.
    var unlogged: Set<String> = []

    init(_ routes: [FragmentRoute]) { self.routes = routes }

    /// Forgets what was rendered, as when a file of public/ has another name.
    mutating func forget() { kinds = [:] }

    /// Forgets what rows of a view have become others.
    mutating func forget(view: String) {
        for route in routes where route.schema.name == view { kinds[route.name] = nil }
    }

    /// Forgets what nobody would tell of.
    mutating func forgetUnlogged() {
        for view in unlogged { forget(view: view) }
    }

    /// What fills a slot; nil for its fallback.
    ///
    /// - Throws: what keeps the rows from being read.
    mutating func html(
        for binding: SlotBinding, cookies: [String: String],
        _ reading: inout RowReading, _ environment: BuildEnvironment
    ) throws -> [UInt8]? {
        guard let route = routes.first(where: { $0.name == binding.name }) else { return nil }
        let kind = try kinds[route.name] ?? load(route, &reading, environment)
        kinds[route.name] = kind
        switch binding.scope {
        case .shared: return kind.html[.shared(key: binding.key)]
        case .perVisitor(let cookie):
            return cookies[cookie].flatMap { kind.html[.perVisitor(cookieValue: $0)] }
        }
    }

    /// What is wrong with a row of a fragment that pages asked for.
    var problems: [PageProblem] { routes.compactMap { kinds[$0.name]?.problem } }

    private func load(
        _ route: FragmentRoute, _ reading: inout RowReading, _ environment: BuildEnvironment
    ) throws -> Kind {
        var kind = Kind()
        try reading.open(route.schema)
        var count = 0
        while count < BuildLimits.proofFragmentsMax {
            let rows = try reading.next(
                BuildLimits.fragmentsPerBatch, of: route.schema, for: route.name
            ) {
                (row) throws(RowError) in try route.render(row, environment)
            }
            if rows.isEmpty { break }
            count += rows.count
            for row in rows {
                switch row.value {
                case .failure(let problem): kind.problem = problem
                case .success(let made):
                    guard
                        let reason = FragmentRules.mistake(in: made, of: route)
                            ?? FragmentRules.unfit(made)
                    else {
                        kind.html[made.address] = made.document.bytes
                        continue
                    }
                    kind.problem = PageProblem(
                        route: route.name, place: "\(route.schema.name), row \(made.rowKey)",
                        reason: reason)
                }
            }
        }
        try reading.close()
        return kind
    }
}
