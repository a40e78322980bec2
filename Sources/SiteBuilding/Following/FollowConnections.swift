// The connections of a follower: one on which views are brought up to date and the log is
// acknowledged, one on which rows are read, a snapshot at a time.
//
// Neither is repaired: when one is lost, both are dropped and made anew.

import Glibc
import Hashing
import MaterializedViews
import Postgres
import ReleaseFormat
import SiteAuthoring

/// Two open connections.
final class FollowConnections {
    private let queue: Connection
    /// Reads rows; see `begin`.
    var reading: RowReading
    /// What the views are made from.
    private(set) var sources = SourceWatch()

    /// Connects twice; with a preview, its rows are read.
    init(_ database: DatabaseAddress, preview: PreviewReading? = nil) throws {
        queue = try Connection(to: database)
        reading = try RowReading(database, preview: preview)
    }

    /// A consumer's name for an output folder of this machine: the log keeps events for it.
    static func consumerName(of output: String) -> String {
        var host = [CChar](repeating: 0, count: 256)
        _ = unsafe gethostname(&host, host.count - 1)
        let bytes = host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let path = unsafe realpath(output, nil).map { text in
            defer { unsafe free(text) }
            return unsafe String(cString: text)
        }
        let digest = SHA256Digest(of: bytes + [0] + Array((path ?? output).utf8))
        return "build \(digest.hex.prefix(16))"
    }

    /// Brings all views up to date before a first build.
    static func drain(_ database: DatabaseAddress) throws {
        let connection = try Connection(to: database)
        _ = try ChangeQueue.drain(on: connection)
    }

    /// Has the log keep for a consumer what it has not acted on, from now on.
    func register(_ consumer: String) throws {
        let position = try ChangeQueue.position(of: consumer, on: queue)
        try ChangeQueue.acknowledge(consumer, upTo: position ?? 0, on: queue)
    }

    /// The views that write no log: their rows have to be compared.
    func unlogged(_ schemas: [ViewSchema]) throws -> [ViewSchema] {
        let logged = try queue.rows(
            "SELECT name FROM \(queue.schema).view WHERE strategy = 'incremental'"
        ) { row throws(PostgresError) in try row.value(0, as: String.self) }
        return schemas.filter { !logged.contains($0.name) }
    }

    /// Lets the views take in what is queued; whether there are events behind one then.
    func hasEvents(after event: Int64) throws -> Bool {
        let news = try ChangeQueue.news(after: event, on: queue)
        guard news.isWaiting else { return news.hasEvents }
        _ = try ChangeQueue.step(on: queue)
        return try ChangeQueue.lastSequence(on: queue) > event
    }

    /// Has the server look for changes behind an event, a second at most; see `hasWaited`.
    func beginWaiting(after event: Int64, pause: Duration) throws {
        try ChangeQueue.beginWaiting(
            after: event, pause: pause, upTo: Self.waitMax, on: queue)
    }

    /// The longest wait: what a lost client leaves behind in the server.
    private static let waitMax = Duration.seconds(1)

    /// The socket that can be read when the wait has ended.
    var waitingSocket: Int32 { queue.socket }

    /// Whether the wait has ended, and changes may be taken in.
    func hasWaited() throws -> Bool { try ChangeQueue.hasWaited(on: queue) }

    /// Tells of views that were made from something that is another thing now.
    func look(_ report: (FollowEvent) -> Void) throws {
        for line in try sources.look(on: queue) ?? [] { report(.warning(line.description)) }
    }

    /// The end of the write-ahead log: another one says that somebody wrote on the server.
    func position() throws -> String? { try RowReading.position(queue) }

    /// Begins a snapshot for reading; which state it shows.
    func begin() throws -> DatabaseState {
        try reading.renew()
        return try reading.state()
    }

    /// Ends the snapshot.
    func end() throws {
        try reading.end()
    }

    /// Notes that everything up to an event is live.
    func acknowledge(_ consumer: String, _ event: Int64) throws {
        try ChangeQueue.acknowledge(consumer, upTo: event, on: queue)
    }
}
