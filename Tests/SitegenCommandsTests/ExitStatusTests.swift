// Which status a command ends with for which error.
//
// Deploy pipelines branch on these numbers, so the table below is a promise; `ExitStatus` is
// written with its module because Testing has a type of that name.

import ContentEncoding
import Fragments
import Hashing
import MaterializedViews
import Minification
import Postgres
import PrivateServers
import Redis
import ReleaseFormat
import SiteBuilding
import Testing

@testable import SitegenCommands

@Suite("Exit status") struct ExitStatusTests {
    private static let source = EntrySource(view: "v", key: "k")
    private static let lost = PostgresError.connectionLost(message: "gone")
    private static let away = RedisError.timedOut
    private static let row = RowError(view: "v", column: "c", key: nil, reason: .null)
    private static let system = ReleaseError.system(call: "write", file: "f", code: 28)
    private static func problem(isBadData: Bool) -> PageProblem {
        PageProblem(route: "R", place: "v, row k", reason: "x", isBadData: isBadData)
    }

    static let statuses: [(any Error, SitegenCommands.ExitStatus)] = [
        (lost, .unavailable), (away, .unavailable), (row, .badData),
        (ViewError.notInstalled, .badConfiguration),
        (ViewError.disagreement([.missing(view: "v")]), .badConfiguration),
        (ViewError.row(row), .badData),
        (ViewError.keyIsNull(view: "v", key: ["k"]), .badData),
        (ViewError.keyNotUnique(view: "v", key: ["k"], example: nil), .badData),
        (ViewError.database(doing: "reading", message: "gone"), .unavailable),
        (ViewError.locked(doing: "installing"), .locked),
        (ReleaseError.locked(output: "o"), .locked), (system, .cannotWrite),
        (ReleaseError.releaseMissing("o"), .badConfiguration),
        (ReleaseError.manifestInvalid(reason: "r"), .badConfiguration),
        (ReleaseError.pathInvalid(path: "p", reason: "r", source: source), .failure),
        (ReleaseError.duplicatePath(path: "p", first: source, second: source), .failure),
        (ReleaseError.treeConflict(path: "p"), .failure),
        (FragmentError.badName, .badData), (FragmentError.redis(away), .unavailable),
        (MinificationError.rejected("x"), .failure),
        (BuildError.publicFile(name: "n", reason: "r"), .failure),
        (BuildError.pages([problem(isBadData: false)], count: 1), .failure),
        (
            BuildError.pages([problem(isBadData: false), problem(isBadData: true)], count: 2),
            .badData
        ),
        (BuildError.fragments([problem(isBadData: true)], count: 1), .badData),
        (BuildError.fragments([problem(isBadData: false)], count: 1), .failure),
        (BuildError.site(reason: "r", remedy: "m"), .badConfiguration),
        (BuildError.interrupted, .interrupted), (CancellationError(), .failure),
        (CommandFailure(.locked, "m"), .locked),
    ]

    @Test(arguments: statuses.indices)
    func `an error has its status and keeps its text`(index: Int) {
        let (error, status) = Self.statuses[index]
        let failure = CommandFailure(error)
        #expect(failure.status == status, "\(error)")
        #expect(!failure.message.isEmpty)
        if !(error is CommandFailure) { #expect(failure.message == "\(error)") }
    }

    @Test func `the numbers are those of sysexits`() {
        let numbers: [SitegenCommands.ExitStatus: Int32] = [
            .success: 0, .failure: 1, .usage: 64, .badData: 65, .unavailable: 69,
            .cannotWrite: 73, .locked: 75, .badConfiguration: 78, .interrupted: 130,
        ]
        for (status, number) in numbers { #expect(status.rawValue == number) }
    }

    @Test func `any error of a command's work becomes a failure`() async throws {
        let failure = await #expect(throws: CommandFailure.self) {
            try await reportingFailures { throw RedisError.timedOut }
        }
        #expect(failure?.status == .unavailable)
        #expect(try await reportingFailures { 7 } == 7)
    }
}
