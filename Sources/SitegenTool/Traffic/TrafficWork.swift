// What the commands about traffic share: a connection whose errors say which server was asked, and
// how differences and settings are told.
//
// No more of a visitor is ever printed than what `log verify` finds wrong.

import FoundationEssentials
import Postgres
import SitegenCommands
import Traffic

/// Work on the traffic of a database.
enum TrafficWork {
    /// What commands about traffic may end with.
    static let status = "0 done, 64 usage, 69 PostgreSQL unavailable, 130 interrupted"

    /// Runs `work` on a connection to the database of the options; a signal stops it.
    static func connected(
        _ options: DatabaseOptions, _ work: @escaping (borrowing Connection) throws -> Void
    ) async throws {
        try await reportingFailures {
            let backend = try DatabaseBackend(options)
            defer { backend.stop() }
            try await asked(backend) {
                try await BlockingWork.connected(to: backend.database, work)
            }
        }
    }

    /// Does work; what the schema lacks says which server was asked.
    static func asked<T>(_ backend: DatabaseBackend, _ work: () async throws -> T) async throws -> T
    {
        do {
            return try await backend.asked {
                do { return try await work() } catch { throw TrafficError.meaning(of: error) }
            }
        } catch let error as TrafficError {
            let failure = CommandFailure(error)
            throw CommandFailure(failure.status, "\(failure.message)\n(\(backend.name) was asked)")
        }
    }

    /// Installs the schema, on a thread that may wait for it.
    static func install(at url: String) async throws {
        try await withCheckedThrowingContinuation { continuation in
            BlockingWork.thread {
                continuation.resume(
                    with: Result {
                        do {
                            let connection = try Connection(to: url)
                            try TrafficSchema.install(TrafficSettings.Changes(), on: connection)
                        } catch {
                            throw TrafficError.meaning(of: error)
                        }
                    })
            }
        }
    }

    /// Whether a view of a site reads the schema, so that it has to be there before the view.
    static func isRead(by folders: FolderOptions) -> Bool {
        let files = FileManager.default
        let names = (try? files.contentsOfDirectory(atPath: folders.databaseFolder)) ?? []
        return names.filter { $0.hasSuffix(".sql") }.contains { name in
            files.contents(atPath: "\(folders.databaseFolder)/\(name)")?
                .firstRange(of: Data("traffic.".utf8)) != nil
        }
    }

    /// Refuses what is no day.
    static func check(days: [String]) throws {
        for day in days where !StatisticsPeriod.isDay(day) {
            throw CommandFailure(.usage, "\(day) is no day.\nWrite it as 2026-11-30.")
        }
    }

    /// Tells what differs on a day.
    ///
    /// - Returns: how much does.
    static func tell(_ differences: [CountDifference], of day: String, done: String) -> Int {
        Terminal.line(
            differences.isEmpty
                ? "\(day) \(done)" : "\(day) \(done), \(differences.count) differences")
        for difference in differences.prefix(20) {
            Terminal.line(
                "  \(difference.table): \(difference.stands ?? "no row") stands, "
                    + "\(difference.counted ?? "no row") is counted")
        }
        return differences.count
    }

    /// Fails if anything differed.
    static func fail(differences count: Int, _ advice: String) throws {
        guard count > 0 else { return }
        throw CommandFailure(
            .badData,
            "\(Display.number(count)) counts differ from their rows: a fault of sitegen or of the "
                + "disk.\n\(advice)")
    }

    /// The settings in force, as lines, and behind them those that come.
    static func lines(on connection: borrowing Connection) throws -> [String] {
        let now = lines(of: try TrafficSettings(on: connection))
        var told = Set(now)
        // Another zone begins four days ahead at the latest.
        let coming = try (1...4).flatMap { days in
            let lines = lines(of: try TrafficSettings(on: connection, daysAhead: days))
            return lines.filter { told.insert($0).inserted }
                .map { "\($0), \(days == 1 ? "from tomorrow on" : "in \(days) days")" }
        }
        return now + coming
    }

    /// Settings, as lines.
    private static func lines(of settings: TrafficSettings) -> [String] {
        [
            "zone           \(settings.zone)",
            "visit          over after \(settings.visitMinutes) minutes without a view",
            "half-life      \(settings.halfLifeMinutes) minutes",
            "rows kept      \(settings.hitDays) days",
            "counts kept    \(settings.countMonths) months",
            "assets         \(settings.asksForAssets ? "shown by pages" : "not shown by pages")",
        ]
    }
}
