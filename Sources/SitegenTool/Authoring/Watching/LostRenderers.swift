// What is done about a renderer that ends by itself: pages are asked of another one at once, and
// the author is told twice if it trapped, with the message when it comes, and with the place once
// the trace is written, which takes a second.

import SiteWatching

extension WatchRunner {
    /// Does without a renderer that ended, or is about to.
    func lose(_ end: RendererProcess.End) async {
        await watched.setStarting(true)
        _ = await watched.replaceRenderer(nil)
        if !end.isWished, let path = end.path {
            let problem = RendererCrash.problem(end, root: watched.root)
            await watched.noteDeath(of: path, wasKilled: end.wasKilled, problem)
        }
        note(.rendererEnded)
    }

    /// How long a trace may take.
    private static let traceMax = Duration.seconds(10)

    /// Ends a renderer that traps when its trace takes too long; what the site's own code prints
    /// may look like a trap, too, and end nothing.
    func endSoon(_ renderer: RendererProcess) {
        Task {
            try? await Task.sleep(for: Self.traceMax)
            await renderer.end()
        }
    }

    /// Tells how a renderer ended, with the place if its trace has one.
    func tellTrace(_ end: RendererProcess.End) async {
        let problem = RendererCrash.problem(end, root: watched.root)
        lines.problems(await watched.placed([problem]))
        if let path = end.path { await watched.noteTrace(of: path, problem) }
    }
}
