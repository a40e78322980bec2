// How a build shows itself: a line that moves on a terminal, a plain line every five seconds
// elsewhere, and a table or a JSON object at the end.
// Nothing is remembered but when the last line was shown.

import FoundationEssentials
import SiteBuilding
import Synchronization

/// Shows the events of a build.
final class BuildProgress: Sendable {
    private let isQuiet: Bool
    private let isExplaining: Bool
    private let lastLine = Mutex(ContinuousClock.now)

    init(isQuiet: Bool, isExplaining: Bool = false) {
        self.isQuiet = isQuiet
        self.isExplaining = isExplaining
    }

    /// Shows one event; may be called from any thread.
    func show(_ event: BuildEvent) {
        switch event {
        case .warning(let text): Terminal.note("warning: \(text)")
        case .plan(let plan):
            guard isExplaining else { return }
            do { try PlanDisplay(plan).show(Terminal.note) } catch {
                Terminal.note("warning: the plan cannot be shown: \(error)")
            }
        case .progress(let rendered, let compressed):
            guard !isQuiet else { return }
            let text =
                "rendered \(Display.number(rendered)) pages, "
                + "compressed \(Display.number(compressed))"
            if Terminal.isInteractive {
                Terminal.progress(text)
            } else if isTimeForALine() {
                Terminal.note(text)
            }
        }
    }

    private func isTimeForALine() -> Bool {
        lastLine.withLock { last in
            let now = ContinuousClock.now
            guard now - last >= .seconds(5) else { return false }
            last = now
            return true
        }
    }
}
