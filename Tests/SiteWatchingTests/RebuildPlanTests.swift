// Which steps follow which changes.
//
// Pure: what a step does is tested where it is carried out, in SitegenCommandsTests.

import SiteWatching
import Testing

@Suite("Rebuild plan") struct RebuildPlanTests {
    @Test func `no change needs no step`() {
        #expect(RebuildPlan.steps(for: []).isEmpty)
    }

    @Test(arguments: [
        (SiteChange.files(.style), [RebuildStep.build]),
        (.files(.publicFile), [.build]),
        (.files(.swift), [.compile, .build, .publishFragments]),
        (.rows, [.refreshViews, .build, .publishFragments]),
        (.files(.view), [.applyViews, .generateRows, .compile, .build, .publishFragments]),
    ])
    func `a change needs exactly its steps`(change: SiteChange, steps: [RebuildStep]) {
        #expect(RebuildPlan.steps(for: [change]) == steps)
    }

    @Test func `several changes are one rebuild with each step once`() {
        let steps = RebuildPlan.steps(for: [.rows, .files(.swift), .files(.style)])
        #expect(steps == [.compile, .refreshViews, .build, .publishFragments])
    }
}
