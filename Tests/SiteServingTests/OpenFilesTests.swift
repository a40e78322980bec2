// How many connections fit into the open files that a process may have.

import Testing

@testable import SiteServing

@Suite("Open files") struct OpenFilesTests {
    @Test(arguments: [(1_024, 1), (4_096, 4), (600, 8), (64, 1), (10_000, 256)])
    func `connections leave room for everything else`(openFiles: Int, threads: Int) {
        var limits = ServingLimits()
        let isLowered = limits.fit(openFiles: openFiles, threads: threads)
        #expect(isLowered)
        #expect(limits.connectionsMax > 0)
        let others = openFiles - limits.connectionsMax
        // Two links to Redis and three files of its own for each event loop.
        #expect(others >= min(openFiles / 2, limits.operationsConnectionsMax + 5 * threads))
    }

    @Test(arguments: [(65_536, 1), (10_200, 1), (524_288, 256)])
    func `connections that fit stay as many`(openFiles: Int, threads: Int) {
        var limits = ServingLimits()
        let isLowered = limits.fit(openFiles: openFiles, threads: threads)
        #expect(!isLowered)
        #expect(limits.connectionsMax == ServingLimits().connectionsMax)
    }

    @Test(arguments: [0, 1, 2, 3])
    func `a process with hardly any file takes one connection`(openFiles: Int) {
        var limits = ServingLimits()
        _ = limits.fit(openFiles: openFiles, threads: 1)
        #expect(limits.connectionsMax >= 1)
    }

    @Test func `the soft limit is the hard one afterwards, and stays there`() {
        let raised = OpenFiles.raiseLimit()
        #expect(raised > 0 && raised <= OpenFiles.max)
        #expect(OpenFiles.raiseLimit() == raised)
    }
}
