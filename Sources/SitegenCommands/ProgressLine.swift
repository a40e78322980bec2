// What takes long shows that it is alive: a line that moves on a terminal, elsewhere a plain line
// when something has taken five seconds, and then less and less often.
//
// All of it goes to standard error, none of it with `--quiet`.

import Synchronization

/// One line of progress, with the seconds that it has stood there.
final class ProgressLine: Sendable {
    private struct State {
        var text = ""
        var since = ContinuousClock.now
        var next = ProgressLine.firstSeconds
    }

    /// After how long a line is written where there is no terminal.
    private static let firstSeconds = 5.0
    private let isQuiet: Bool
    private let state = Mutex(State())

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    /// Something else is under way from now on, as part of the same work if it `continues`.
    func show(_ text: String, continues: Bool = false) {
        state.withLock { state in
            if continues { state.text = text } else { state = State(text: text) }
        }
        if !isQuiet { Terminal.progress(text) }
    }

    /// Nothing is under way.
    func clear() { state.withLock { state in state = State() } }

    /// Runs `body`; the seconds pass meanwhile.
    func ticking<T>(_ body: () async throws -> T) async rethrows -> T {
        let ticker = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                if !isQuiet, !Task.isCancelled { tick() }
            }
        }
        defer { ticker.cancel() }
        return try await body()
    }

    private func tick() {
        let line = state.withLock { state -> String? in
            guard !state.text.isEmpty else { return nil }
            let (whole, part) = (ContinuousClock.now - state.since).components
            let seconds = Double(whole) + Double(part) / 1e18
            guard Terminal.isInteractive || seconds >= state.next else { return nil }
            while seconds >= state.next { state.next *= 2 }
            return "\(state.text), \(Display.number(Int(seconds))) s"
        }
        guard let line else { return }
        if Terminal.isInteractive { Terminal.progress(line) } else { Terminal.note(line) }
    }
}
