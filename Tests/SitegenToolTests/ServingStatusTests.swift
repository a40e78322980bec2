// Which status `serve` ends with for what a server says; the numbers are a promise to pipelines.

import ReleaseFormat
import SiteServing
import Testing

@testable import SitegenCommands
@testable import SitegenTool

@Suite("Exit status of serving") struct ServingStatusTests {
    static let statuses: [(ServingError, SitegenCommands.ExitStatus)] = [
        (.badAddress("x"), .usage), (.socketInUse(path: "p"), .unavailable),
        (.release(.releaseMissing("o")), .badConfiguration),
    ]

    @Test(arguments: statuses.indices)
    func `an error has its status and keeps its text`(index: Int) {
        let (error, status) = Self.statuses[index]
        let failure = CommandFailure(error)
        #expect(failure.status == status && failure.message == "\(error)")
    }
}
