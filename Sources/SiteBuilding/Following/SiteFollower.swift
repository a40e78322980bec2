// Keeps a release up to date for as long as it runs: rows that change become pages within
// milliseconds, and running servers find the new release by its link.
//
// It begins with a build that compares digests, so whatever happened while nobody followed is made
// up for. From then on the log of the views says which rows changed. What depends on all pages at
// once, such as the site map, follows when changes pause; so does better compression. One process
// has the folder's lock for all that time; killed at any moment, it leaves a whole release, and the
// next one begins as above.

import Groundwork
import MaterializedViews
import Postgres
package import ReleaseFormat
package import SiteAuthoring

/// What a follower tells.
package enum FollowEvent: Sendable {
    /// A release went live, with so many pages made or removed for so many changed rows.
    case published(ReleaseID, pages: Int, rows: Int)
    /// Everything that follows from the changes so far is live, compression apart.
    case settled(ReleaseID, DatabaseState)
    /// So many entries were compressed again, and so many wait.
    case deepened(Int, left: Int)
    /// A page cannot be made; the one before it stays until its row changes again.
    case problem(any Error)
    /// The database is away, or refuses for this reason; it is tried again.
    case disconnected(any Error)
    /// Something to look at.
    case warning(String)
}

/// How a follower paces itself.
package struct FollowPace: Sendable {
    /// Between two looks at an empty queue.
    package var poll = Duration.milliseconds(10)
    /// How long changes must pause before the site map is made.
    var settling = Duration.milliseconds(300)
    /// How long that may take at most, if changes never pause.
    var unsettled = Duration.seconds(60)
    /// How long everything must be settled before pages are compressed again.
    package var deepening = Duration.seconds(2)
    /// Between two looks at views that have no log.
    var comparing = Duration.seconds(1)
    /// How often old releases and files are removed.
    var pruning = Duration.seconds(60)
    /// The longest pause between two attempts to connect.
    package var reconnectMax = Duration.seconds(2)

    /// The usual pace.
    package init() {}
}

/// Follows the changes of one site.
package struct SiteFollower: Sendable {
    private let site: Site
    private let options: BuildOptions
    private let redisURL: String?
    private let pace: FollowPace
    private let report: @Sendable (FollowEvent) -> Void

    /// Prepares to follow.
    ///
    /// - Parameters:
    ///   - site: the site.
    ///   - options: as for a build; there is no tree, no part and no given snapshot.
    ///   - redisURL: where fragments of changed rows go; nil publishes none.
    ///   - pace: how often what is done.
    ///   - report: called on the follower's task.
    package init(
        _ site: Site, options: BuildOptions, redisURL: String? = nil,
        pace: FollowPace = FollowPace(), report: @escaping @Sendable (FollowEvent) -> Void
    ) {
        self.site = site
        self.options = options
        self.redisURL = redisURL
        self.pace = pace
        self.report = report
    }

    /// Follows until the task is cancelled.
    ///
    /// - Throws: what makes following senseless: a database that cannot be reached at the start, a
    ///   first build that fails, views that are not installed, a folder that cannot be written or
    ///   is locked.
    package func run() async throws {
        let builder = SiteBuilder(site, options: options) { event in
            if case .warning(let text) = event { report(.warning(text)) }
        }
        let writer = try ReleaseWriter.open(options.output)
        let following = try await begin(builder, writer)
        var pauses = Pauses(from: pace.poll, to: pace.reconnectMax)
        while !Task.isCancelled {
            do {
                try await following.connect()
                pauses.reset()
                while !Task.isCancelled {
                    if try await !following.step() { try? await Task.sleep(for: pace.poll) }
                }
            } catch {
                guard isAboutConnection(error) else { throw error }
                report(.disconnected(error))
            }
            try? await Task.sleep(for: pauses.take())
        }
        guard following.outdated.isEmpty else { throw ViewError.disagreement(following.outdated) }
    }

    /// The first build; begun anew when the database goes away in the middle of it.
    private func begin(
        _ builder: SiteBuilder, _ writer: ReleaseWriter
    ) async throws -> Following {
        var pauses = Pauses(from: pace.poll, to: pace.reconnectMax)
        var wasReached = false
        while true {
            do {
                return try await Following(
                    builder, writer, redisURL: redisURL, pace: pace, report: report)
            } catch {
                // Who cannot reach it at all may have another one in mind.
                if case PostgresError.unreachable = error {} else { wasReached = true }
                guard isAboutConnection(error), wasReached, !Task.isCancelled else { throw error }
                report(.disconnected(error))
            }
            try? await Task.sleep(for: pauses.take())
        }
    }
}

/// Whether another attempt may succeed once the database is there again.
private func isAboutConnection(_ error: any Error) -> Bool {
    switch error {
    case let error as PostgresError: error.isAboutConnection
    case ViewError.database, ViewError.locked: true
    default: false
    }
}

extension PostgresError {
    /// Whether the server was not there, went away, or is starting or stopping.
    fileprivate var isAboutConnection: Bool {
        switch self {
        case .unreachable, .connectionLost: true
        case .server(let report):
            report.sqlState.hasPrefix("57P") || report.sqlState.hasPrefix("08")
        default: false
        }
    }
}
