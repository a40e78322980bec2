// The traffic of a site under `watch`: what its author looks at becomes rows, as visits do on a
// server, so that pages of what is read most can be seen at work.
//
// Only a private server is written to: the visits of an author are nothing for a database that
// others use.

import AccessRecords
import SiteServing
import SitegenCommands

/// Records visits, and takes them in.
struct WatchedTraffic {
    /// Records them.
    let visits: DevelopmentVisits
    private let ingester: IngestFollower
    private let following: Task<Void, Never>

    /// Begins, if some view of the site reads the traffic, and the server is a private one.
    ///
    /// - Parameters:
    ///   - postgres: the server.
    ///   - folders: the site's.
    /// - Returns: nil if nothing is to be recorded, or nothing can be, which is said.
    /// - Throws: what keeps the schema from being made.
    static func start(
        _ postgres: DatabaseBackend, _ folders: FolderOptions
    ) async throws -> WatchedTraffic? {
        guard postgres.isPrivate, TrafficWork.isRead(by: folders) else { return nil }
        try await TrafficWork.asked(postgres) { try await TrafficWork.install(at: postgres.url) }
        let folder = "\(folders.dataFolder)/watch-visits"
        let visits: DevelopmentVisits
        do {
            visits = try DevelopmentVisits(folder: folder)
        } catch {
            Terminal.note("What you look at is not recorded: \(error)")
            return nil
        }
        await visits.start()
        let ingester = IngestFollower(
            url: postgres.url, AccessSpoolFolder(folder), isQuiet: true)
        return WatchedTraffic(
            visits: visits, ingester: ingester,
            following: Task {
                do { try await ingester.follow() } catch {
                    if !Task.isCancelled { Terminal.note(CommandFailure(error).message) }
                }
            })
    }

    /// Ends; a batch that has begun is taken back, and its records stay for the next time.
    func stop() async {
        await visits.stop()
        ingester.stop()
        following.cancel()
        await following.value
    }
}
