// Renders the rows of the fragments' views into Redis.
//
// All views are read in one snapshot, and nothing is sent before every fragment of a view has been
// rendered and checked: no style that the pages lack, no slot inside a fragment, no script.

import Fragments
import Glibc
import Groundwork
import Markup
import MaterializedViews
import Postgres
import Redis
import ReleaseFormat
package import SiteAuthoring

/// What was published of one kind of fragment.
package struct PublicationCount: Sendable, Hashable {
    /// The fragment's name.
    package let name: String
    /// How many fragments.
    package let count: Int
    /// Those that pages of the live release will not show, because their slot is too small.
    package let overflow: SlotOverflow?
}

/// Publishes a site's fragments.
package struct FragmentPublication: Sendable {
    private let site: Site
    private let options: BuildOptions
    /// The public files that the pages have; nil reads them.
    private let publicFiles: PublicFiles?

    /// Prepares to publish; of the options only root, origin, database and output matter.
    ///
    /// A release in the output folder says which slots the fragments will meet; none is fine.
    package init(_ site: Site, options: BuildOptions) {
        self.init(site, options: options, publicFiles: nil)
    }

    /// Prepares to publish fragments of pages with these public files.
    init(_ site: Site, options: BuildOptions, publicFiles: PublicFiles?) {
        self.site = site
        self.options = options
        self.publicFiles = publicFiles
    }

    private func environment() throws -> BuildEnvironment {
        let origin = options.origin ?? site.origin
        if let publicFiles { return BuildEnvironment(publicFiles, origin: origin) }
        return BuildEnvironment(
            try PublicFiles(folder: "\(options.root)/public", under: origin.basePath),
            origin: origin)
    }

    /// The slots of the live release.
    private func capacities() -> SlotCapacities {
        // Only a hint: a release that is pruned while it is read gives none.
        (try? SlotCapacities(try? StoredManifest.open(options.output))) ?? SlotCapacities()
    }

    /// Renders every row and sets the fragments in Redis.
    ///
    /// - Parameters:
    ///   - redisURL: `redis://…` or `unix:…`.
    ///   - isStrict: whether a row without a fragment keeps the others of its view from Redis;
    ///     else they are published before the error is thrown.
    /// - Returns: what was published, in the site's order; what outgrew its slot only if strict.
    /// - Throws: `.fragments`, and what PostgreSQL, the views, Redis and fragments throw.
    @discardableResult
    package func publish(
        to redisURL: String, isStrict: Bool = true
    ) throws -> [PublicationCount] {
        let environment = try environment()
        var reading = try RowReading(options.database)
        try reading.check(site.fragments.map(\.schema), against: nil)
        var publisher = FragmentPublisher(
            try RedisConnection.open(RedisURL(redisURL)))
        // Without anybody to read it, what outgrew its slot is not worth reading all pages for.
        let capacities = isStrict ? capacities() : nil
        var published: [PublicationCount] = []
        var problem: BuildError?
        for route in site.fragments {
            var gathering = FragmentGathering(route, of: options.schema.site, capacities)
            try render(into: &gathering, from: &reading, in: environment) { gathering in
                // Only who must see all of them first has all of them in memory.
                if !isStrict { try publisher.publish(gathering.drained(), at: Self.now()) }
            }
            if isStrict, let problem = gathering.problem { throw problem }
            problem = problem ?? gathering.problem
            try publisher.publish(gathering.drained(), at: Self.now())
            published.append(
                PublicationCount(
                    name: route.name, count: gathering.count, overflow: gathering.overflow))
        }
        if let problem { throw problem }
        return published
    }

    /// Publishes the fragments of the rows with these keys, by the view's name; a row without a
    /// fragment stops no other.
    ///
    /// Those of rows that are gone end with their lifetime.
    ///
    /// - Throws: once the others are published, `.fragments` for the first rows without; else as
    ///   `publish(to:)`.
    func publish(
        _ changes: Set<ViewKey>, from reading: inout RowReading, to redisURL: String
    ) throws {
        let environment = try environment()
        var publisher = FragmentPublisher(try RedisConnection.open(RedisURL(redisURL)))
        var problem: BuildError?
        for route in site.fragments {
            let keys = changes.keys(of: route.schema.name)
            for start in stride(from: 0, to: keys.count, by: BuildLimits.fragmentsPerBatch) {
                let end = min(start + BuildLimits.fragmentsPerBatch, keys.count)
                var gathering = FragmentGathering(route, of: options.schema.site)
                let rows = try reading.rows(
                    of: route.schema, keys: Array(keys[start..<end]), for: route.name
                ) { (row) throws(RowError) in try route.render(row, environment)
                }
                for row in rows { gathering.take(row.value) }
                problem = problem ?? gathering.problem
                try publisher.publish(gathering.drained(), at: Self.now())
            }
        }
        if let problem { throw problem }
    }

    /// The time in milliseconds since 1970, from which the fragments' lifetimes count.
    private static func now() -> UInt64 { UInt64(max(time(nil), 0)) * 1_000 }

    /// Renders all rows of one fragment's view; `pause` is called after every so many rows.
    private func render(
        into gathering: inout FragmentGathering, from reading: inout RowReading,
        in environment: BuildEnvironment, pause: (inout FragmentGathering) throws -> Void
    ) throws {
        let route = gathering.route
        try reading.open(route.schema)
        while true {
            let rows = try reading.next(
                BuildLimits.fragmentsPerBatch, of: route.schema, for: route.name
            ) { (row) throws(RowError) in try route.render(row, environment)
            }
            if rows.isEmpty { break }
            for row in rows { gathering.take(row.value) }
            try pause(&gathering)
        }
        try reading.close()
    }
}

/// The fragments of one route, and what is wrong with its rows.
private struct FragmentGathering {
    let route: FragmentRoute
    /// What keys and slots call the fragment.
    private let name: String
    private let capacities: SlotCapacities?
    private(set) var overflow: SlotOverflow?
    /// Those of the rows without a problem that were not given out yet.
    private var fragments: [PublishableFragment] = []
    /// How many rows had no problem.
    private(set) var count = 0
    private var problems: [PageProblem] = []
    private var rowOfKey: [FragmentKey: String] = [:]

    init(_ route: FragmentRoute, of site: String?, _ capacities: SlotCapacities? = nil) {
        self.route = route
        name = FragmentKey.name(route.name, of: site)
        self.capacities = capacities
    }

    /// Takes a row; a problem of it does not stop the others, so that all are told at once.
    mutating func take(_ row: Result<RenderedFragment, PageProblem>) {
        switch row {
        case .failure(let problem): problems.append(problem)
        case .success(let rendered):
            let mistake = FragmentRules.mistake(in: rendered, of: route)
            guard let reason = mistake ?? FragmentRules.unfit(rendered) ?? add(rendered) else {
                return
            }
            problems.append(
                PageProblem(
                    route: route.name, place: "\(route.schema.name), row \(rendered.rowKey)",
                    reason: reason, isBadData: mistake == nil))
        }
    }

    /// Gives out the fragments at hand.
    mutating func drained() -> [PublishableFragment] {
        defer { fragments = [] }
        return fragments
    }

    /// What is wrong with rows, if anything is.
    var problem: BuildError? {
        problems.isEmpty
            ? nil
            : .fragments(
                Array(problems.sorted().prefix(BuildLimits.problemsMax)), count: problems.count)
    }

    /// Keeps a fragment for publishing; returns why it has no key of its own.
    ///
    /// A visitor whose cookie no browser could send is left out.
    private mutating func add(_ rendered: RenderedFragment) -> String? {
        let key: FragmentKey?
        do throws(FragmentError) {
            switch rendered.address {
            case .shared(let text): key = try FragmentKey(shared: name, key: text)
            case .perVisitor(let value):
                key = try FragmentKey(perVisitor: name, cookieValue: value.utf8)
            }
        } catch {
            return "\(error)"
        }
        guard let key else { return nil }
        if let other = rowOfKey.updateValue(rendered.rowKey, forKey: key) {
            return "row \(PrintableText.of(other)) has the same fragment key.\n"
                + "Give every row its own in `key`, or leave one row in the view."
        }
        let byteCount = rendered.document.bytes.count
        if let slot = capacities?.slot(
            tooSmallFor: byteCount, of: name, rendered.address)
        {
            overflow = SlotOverflow(overflow, adding: byteCount, over: slot)
        }
        count += 1
        fragments.append(
            PublishableFragment(
                key: key, html: rendered.document.bytes, expiry: route.lifetimeSeconds))
        return nil
    }
}
