// Makes pages of statistics when they are asked for, one after the other, on one connection.
//
// A page that was made is shown again for ten times as long as it took, so that whoever reloads
// keeps the database busy for a tenth of the time at most; a usual page is fresh within a second.
// Each question blocks a thread of its own, and none of those that serve.

import ContentEncoding
import Groundwork
import Postgres
import SiteAuthoring
import SiteBuilding
import SiteServing
import SitegenCommands
import StatisticsSite
import Synchronization
import Traffic

/// Makes pages of statistics.
final class StatisticsDesk: Sendable {
    /// The most requests that wait for their turn; one more is answered with 503.
    static let waitingMax = 64
    /// How long PostgreSQL may take for one page.
    private static let statementSeconds = 30
    /// How many times as long as it took to make it a page is shown again.
    private static let shownTimes = 10
    /// The longest that a page is shown again.
    private static let shownMax = Duration.seconds(60)
    /// How many bytes of pages are kept for that.
    private static let keptBytesMax = 4 << 20

    /// A page, and until when it is shown again.
    private struct Made: Sendable {
        let status: Int
        let page: SinglePages.Made
        let end: ContinuousClock.Instant
    }

    private let url: String
    private let serverName: String
    private let pages = SinglePages(StatisticsSite.site)
    /// Whoever asks PostgreSQL holds it; nil while there is none.
    private let connection = Mutex<Connection?>(nil)
    private let made = Mutex(LRUCache<String, Made>(costMax: keptBytesMax))
    private let waiting = Atomic(0)

    /// Prepares; nothing is connected yet.
    ///
    /// - Parameter backend: where the counts are.
    init(_ backend: DatabaseBackend) {
        url = backend.url
        serverName = backend.name
    }

    /// Connects and makes sure that there is something to show.
    func begin() throws {
        try connection.withLock { held in
            held = try Self.connected(url)
        }
    }

    private static func connected(_ url: String) throws -> Connection {
        let connection = try Connection(to: url)
        // Compiling a question takes longer than answering it.
        try connection.run("SET statement_timeout = '\(statementSeconds)s'; SET jit = off")
        try TrafficSchema.require(on: connection)
        return connection
    }

    /// The answer to a request.
    func answer(_ request: DevelopmentRequest) async -> DevelopmentAnswer {
        guard request.method == .get || request.method == .head else {
            return text(405, "Statistics are read, not written.", [("allow", "GET, HEAD")])
        }
        let path = request.path
        if let known = made.withLock({ $0.value(path) }), known.end > .now {
            return Self.answer(known, request)
        }
        guard waiting.add(1, ordering: .relaxed).newValue <= Self.waitingMax else {
            waiting.subtract(1, ordering: .relaxed)
            return text(503, "Too many pages are asked for at once.")
        }
        defer { waiting.subtract(1, ordering: .relaxed) }
        let result = await withCheckedContinuation { continuation in
            BlockingWork.thread { [self] in
                continuation.resume(returning: Result { try make(path) })
            }
        }
        switch result {
        case .success(let made): return Self.answer(made, request)
        case .failure(let error):
            let message = CommandFailure(TrafficError.meaning(of: error)).message
            Terminal.note("\(PrintableText.of(path)): \(message)\n(\(serverName) was asked)")
            return text(503, "The statistics cannot be read now.")
        }
    }

    /// A text with the fields of pages: nobody may index or frame it either.
    private func text(
        _ status: Int, _ text: String, _ more: [(name: String, value: String)] = []
    ) -> DevelopmentAnswer {
        guard let made = try? pages.made(.text(at: "/answer.txt", "\(text)\n")) else {
            return .text(status, text)
        }
        return .whole(status: status, fields: made.fields + more, body: made.body)
    }

    /// Makes a page, on the thread of the caller.
    private func make(_ path: String) throws -> Made {
        try connection.withLock { held in
            // Made by whoever was here before.
            if let known = made.withLock({ $0.value(path) }), known.end > .now { return known }
            let began = ContinuousClock.now
            do {
                let new = try make(path, since: began, &held)
                made.withLock { $0.insert(new, for: path, cost: new.page.body.count) }
                return new
            } catch {
                // After an error the next question begins anew.
                held = nil
                throw error
            }
        }
    }

    private func make(
        _ path: String, since began: ContinuousClock.Instant, _ held: inout Connection?
    ) throws -> Made {
        if held?.isBroken ?? true { held = try Self.connected(url) }
        let found = try held?.atomically(isolation: .repeatableRead, readOnly: true) {
            connection in try StatisticsSite.output(at: path, on: connection)
        }
        guard let found else { throw CancellationError() }
        let page = try pages.made(found.output)
        let now = ContinuousClock.now
        return Made(
            status: found.isKnown ? 200 : 404, page: page,
            end: now + min(Self.shownMax, (now - began) * Self.shownTimes))
    }

    /// The answer in the coding that the client likes best.
    private static func answer(
        _ made: Made, _ request: DevelopmentRequest
    ) -> DevelopmentAnswer {
        var fields = made.page.fields + [("vary", "accept-encoding")]
        var body = made.page.body
        switch request.coding {
        case .brotli:
            if let smaller = try? Brotli.compress(body, quality: 5) {
                fields.append(("content-encoding", "br"))
                body = smaller
            }
        case .gzip:
            if let smaller = try? Gzip.compress(body, level: 6) {
                fields.append(("content-encoding", "gzip"))
                body = smaller
            }
        case .identity: break
        }
        return .whole(status: made.status, fields: fields, body: body)
    }
}
