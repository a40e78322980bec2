// When a renderer is stuck, and which page it is at.

import Testing

@testable import SitegenTool

@Suite("Renderer work") struct RendererWorkTests {
    private let start = ContinuousClock.now
    private var work = RendererWork()

    private func later(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test mutating func `a page that follows an answered one has the same limit`() {
        work.ask(1, path: "/a", at: later(0))
        work.ask(2, path: "/b", at: later(0.1))
        work.begin(1)
        work.hear(at: later(1))
        work.end(1)
        work.begin(2)
        #expect(!work.isStuck(at: later(10.9)))
        #expect(work.isStuck(at: later(11)))
        #expect(work.page == "/b")
    }

    @Test mutating func `a page that waits for its address counts when it has its turn`() {
        work.ask(1, path: "/a", at: later(0))
        work.begin(1)
        work.park(1)
        #expect(!work.isStuck(at: later(60)))
        #expect(work.page == nil)
        work.ask(2, path: "/b", at: later(60))
        work.hear(at: later(61))
        work.begin(1)
        #expect(work.page == "/a")
        #expect(work.isStuck(at: later(71)))
        work.end(1)
        #expect(work.page == nil)
        work.end(2)
        #expect(!work.isStuck(at: later(99)))
    }

    @Test mutating func `what has not begun is not at fault`() {
        work.ask(1, path: "/a", at: later(0))
        #expect(work.isStuck(at: later(10)))
        #expect(work.page == nil)
    }

    @Test mutating func `reading files again may take longer, and so may nothing`() {
        #expect(!work.isStuck(at: later(60)))
        work.ask(1, path: nil, at: later(60))
        work.ask(2, path: "/a", at: later(61))
        #expect(!work.isStuck(at: later(99)))
        work.hear(at: later(99))
        work.end(1)
        #expect(!work.isStuck(at: later(108)))
        #expect(work.isStuck(at: later(109)))
    }
}
