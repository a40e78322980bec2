// Follows the spool of one folder: batch after batch, until it is told to stop.
//
// When the database is away, the spool keeps the records; it connects again and again. What would
// be wrong at the next attempt, too, ends it: no schema, no rights, a folder that is not there.

import AccessRecords
import Groundwork
import Postgres
import SitegenCommands
import Synchronization
import Traffic
import UnixSignals

/// Follows the spool of one folder.
final class IngestFollower: Sendable {
    /// The longest pause between two attempts to connect.
    private static let reconnectMax = Duration.seconds(2)
    private static let poll = Duration.milliseconds(20)

    private let url: String
    private let folder: AccessSpoolFolder
    private let isQuiet: Bool
    private let isStopping = Atomic(false)
    /// Ends the batch that is under way.
    private let interrupter = Mutex<Interrupter?>(nil)

    init(url: String, _ folder: AccessSpoolFolder, isQuiet: Bool) {
        self.url = url
        self.folder = folder
        self.isQuiet = isQuiet
    }

    /// Follows until a signal asks to stop; a batch that has begun is taken back, and its records
    /// stay in the spool.
    ///
    /// - Throws: what makes following senseless: no schema, no rights, a folder that is not there.
    func run(until signals: UnixSignalsSequence) async throws {
        let watching = Task { [self] in
            for await _ in signals {
                while !stop(), !Task.isCancelled { try? await Task.sleep(for: Self.poll) }
                break
            }
        }
        defer { watching.cancel() }
        if !isQuiet { Terminal.note("ingesting \(folder.path); Ctrl-C stops") }
        try await follow()
    }

    /// Asks to stop; whether the batch that is under way has noticed.
    @discardableResult
    func stop() -> Bool {
        isStopping.store(true, ordering: .relaxed)
        return interrupter.withLock({ $0 })?.interrupt() ?? true
    }

    /// Connects again and again until it is to stop.
    func follow() async throws {
        let ingester = SpoolIngester(folder) { [isQuiet] in Self.tell($0, isQuiet: isQuiet) }
        var pauses = Pauses(from: Self.poll, to: Self.reconnectMax)
        var hasConnected = false
        while !isStopping.load(ordering: .relaxed) {
            do {
                let connection = try Connection(to: url)
                hasConnected = true
                pauses.reset()
                interrupter.withLock { $0 = connection.interrupter }
                defer { interrupter.withLock { $0 = nil } }
                do {
                    try ingester.begin(on: connection)
                    try await follow(ingester, connection)
                } catch {
                    if isStopping.load(ordering: .relaxed) { return }
                    guard connection.isBroken || Self.isPassing(error) else { throw error }
                    Terminal.note("the database is away; the spool keeps the records")
                }
            } catch PostgresError.unreachable where hasConnected {
                // A server that restarts.
            }
            try? await Task.sleep(for: pauses.take())
        }
    }

    private func follow(
        _ ingester: SpoolIngester, _ connection: borrowing Connection
    ) async throws {
        while !isStopping.load(ordering: .relaxed) {
            let rest = try ingester.step(on: connection)
            // Short naps, so that a signal is heard at once.
            if rest > .zero { try? await Task.sleep(for: min(rest, .milliseconds(100))) }
        }
    }

    /// Whether trying again helps: a server that shuts down or recovers, a deadlock, a disk that is
    /// full (SQLSTATE classes 40, 53, 57, 58).
    private static func isPassing(_ error: any Error) -> Bool {
        guard let state = (error as? PostgresError)?.sqlState else { return false }
        return ["40", "53", "57", "58", "55"].contains(String(state.prefix(2)))
    }

    /// Tells what happened.
    static func tell(_ event: IngestEvent, isQuiet: Bool) {
        switch event {
        case .took(let records, let redated):
            if redated > 0 {
                Terminal.note(
                    """
                    \(Display.number(redated)) of \(Display.number(records)) records had a time \
                    that cannot be: they count as of now
                    """)
            }
        case .left(let file, let fault): Terminal.note("\(file) is left alone: \(fault)")
        case .damaged(let file, let frames):
            Terminal.note("\(file): \(frames) damaged frames were skipped")
        case .sealed(let day, let differences):
            if differences > 0 {
                Terminal.note(
                    "\(day): \(differences) counts differed from their rows and were put right; "
                        + "this is a fault, please report it")
            } else if !isQuiet {
                Terminal.note("\(day) is sealed")
            }
        case .postponed(let what, let reason):
            Terminal.note("\(what), which is tried again: \(reason)")
        case .dropped(let day): if !isQuiet { Terminal.note("the rows of \(day) are dropped") }
        }
    }
}
