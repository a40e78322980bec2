// `sitegen build --follow`: runs until it is told to stop, and says what it does, a line for each
// event; with --json each line is an object.
//
// What follows and why is the business of SiteBuilding; here are signals and words.

import ReleaseFormat
import SiteAuthoring
import SiteBuilding
import UnixSignals

/// Runs a follower in the foreground.
enum FollowDisplay {
    /// Follows until a signal asks to stop.
    ///
    /// - Throws: what makes following senseless.
    static func run(
        _ site: Site, options: BuildOptions, redisURL: String?, json: Bool, isQuiet: Bool
    ) async throws {
        let signals = await Signals.trap()
        let follower = SiteFollower(site, options: options, redisURL: redisURL) { event in
            show(event, json: json, isQuiet: isQuiet)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await follower.run() }
            group.addTask { for await _ in signals { break } }
            // The first to end ends the other: a signal, or what makes following senseless.
            try await group.next()
            group.cancelAll()
            do {
                try await group.waitForAll()
            } catch {
                // What it found is told by the status; that it was stopped is no failure.
                guard CommandFailure(error).status == .interrupted else { throw error }
            }
        }
    }

    private static func show(_ event: FollowEvent, json: Bool, isQuiet: Bool) {
        if json {
            Terminal.line(JSONLine.text(FollowObject(event)))
            return
        }
        switch event {
        case .published(let id, let pages, let rows):
            guard !isQuiet else { return }
            Terminal.line(
                "release \(id): \(Display.number(rows)) rows changed, "
                    + "\(Display.number(pages)) pages")
        case .settled(let id, let state):
            guard !isQuiet else { return }
            Terminal.line("release \(id) shows everything up to \(state.lsn)")
        case .deepened(let count, let left):
            guard !isQuiet else { return }
            Terminal.line("compressed \(count) entries again, \(Display.number(left)) left")
        case .problem(let error): Terminal.note("\(error)")
        case .disconnected(let error): Terminal.note("trying again: \(error)")
        case .warning(let text): Terminal.note("warning: \(text)")
        }
    }
}

/// The shape of a line of `build --follow --json`.
private struct FollowObject: Encodable {
    var event = ""
    var release: String?
    var pages: Int?
    var rows: Int?
    var lsn: String?
    var last: Int64?
    var left: Int?
    var message: String?

    init(_ what: FollowEvent) {
        switch what {
        case .published(let id, let pages, let rows):
            event = "published"
            (release, self.pages, self.rows) = ("\(id)", pages, rows)
        case .settled(let id, let state):
            event = "settled"
            (release, lsn, last) = ("\(id)", state.lsn, state.event)
        case .deepened(let count, let left):
            event = "deepened"
            (pages, self.left) = (count, left)
        case .problem(let error):
            event = "problem"
            message = "\(error)"
        case .disconnected(let error):
            event = "disconnected"
            message = "\(error)"
        case .warning(let text):
            event = "warning"
            message = text
        }
    }
}
