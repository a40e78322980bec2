// What the exit status of a command means. Scripts rely on 0 against the rest; the others follow
// sysexits.h, so that a deploy pipeline can tell a wrong page from a missing server.
// An error keeps its own text; only the number is decided here.

import Fragments
import Glibc
import MaterializedViews
import Postgres
import PrivateServers
import Redis
import ReleaseFormat
import ReleaseTools
import SiteBuilding
import Spooling

/// The status with which a command ends.
package enum ExitStatus: Int32 {
    /// Done; also when there was nothing to do.
    case success = 0
    /// A build or a check found errors; nothing was published.
    case failure = 1
    /// What was tried is right, and the time was up before everything was tried.
    case incomplete = 2
    /// The command line was wrong.
    case usage = 64
    /// A row breaks what its view promises.
    case badData = 65
    /// PostgreSQL or Redis cannot be reached.
    case unavailable = 69
    /// The output folder cannot be written.
    case cannotWrite = 73
    /// Another build, or somebody in the database, holds a lock.
    case locked = 75
    /// A signal stopped the work.
    case interrupted = 130
    /// The site's files contradict each other or the database: a stale view, a wrong address.
    case badConfiguration = 78

    /// Ends the process.
    package func exit() -> Never { Glibc.exit(rawValue) }
}

/// An error of another module that knows what it means for a command.
package protocol CommandError: Error {
    /// The status of the process.
    var exitStatus: ExitStatus { get }
}

/// What ends a command early.
package struct CommandFailure: Error {
    /// The status of the process.
    package let status: ExitStatus
    /// What happened, then what to change.
    package let message: String

    /// Ends with a status and a text: what happened, then what to change.
    package init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }
}

extension CommandFailure {
    /// The failure that an error of any module means for the command.
    package init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as BuildError: self.init(build: error)
        case DeepeningError.interrupted: self.init(.interrupted, "\(error)")
        case let error as DeepeningError: self.init(.badConfiguration, "\(error)")
        case PostgresError.interrupted: self.init(.interrupted, "\(error)")
        case let error as PostgresError: self.init(.unavailable, "\(error)")
        case let error as ViewError: self.init(view: error)
        case let error as RowError: self.init(.badData, "\(error)")
        case let error as ReleaseError: self.init(release: error)
        case let error as SpoolError: self.init(release: ReleaseError(error))
        case let error as RedisError: self.init(.unavailable, "\(error)")
        case FragmentError.redis(let cause): self.init(cause)
        case let error as FragmentError: self.init(.badData, "\(error)")
        case let error as any CommandError: self.init(error.exitStatus, "\(error)")
        case let error as PrivateServerError: self.init(.unavailable, "\(error)")
        default: self.init(.failure, "\(error)")
        }
    }

    private init(build error: BuildError) {
        switch error {
        case .pages(let problems, _), .fragments(let problems, _):
            self.init(problems.contains(where: \.isBadData) ? .badData : .failure, "\(error)")
        case .publicFile: self.init(.failure, "\(error)")
        case .site: self.init(.badConfiguration, "\(error)")
        case .interrupted: self.init(.interrupted, "\(error)")
        }
    }

    private init(view error: ViewError) {
        switch error {
        case .row, .keyNotUnique, .keyIsNull: self.init(.badData, "\(error)")
        case .database: self.init(.unavailable, "\(error)")
        case .locked: self.init(.locked, "\(error)")
        case .interrupted: self.init(.interrupted, "\(error)")
        default: self.init(.badConfiguration, "\(error)")
        }
    }

    private init(release error: ReleaseError) {
        switch error {
        case .locked: self.init(.locked, "\(error)")
        case .system, .notPruned: self.init(.cannotWrite, "\(error)")
        case .releaseMissing, .manifestInvalid, .blobInvalid:
            self.init(.badConfiguration, "\(error)")
        case .pathInvalid, .duplicatePath, .sameAddress, .entryInvalid, .limitExceeded,
            .treeConflict:
            self.init(.failure, "\(error)")
        }
    }
}

/// Runs `body`; any error becomes a `CommandFailure`.
package func reportingFailures<T>(_ body: () async throws -> T) async throws -> T {
    do { return try await body() } catch { throw CommandFailure(error) }
}
