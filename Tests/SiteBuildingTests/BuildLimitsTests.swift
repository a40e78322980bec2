// The limits of a build that no small site meets: each refuses, or reads no further.

import ContentEncoding
import ReleaseFormat
import ReleaseTools
import TestSupport
import Testing

@testable import SiteBuilding

@Suite("Limits of a build") struct BuildLimitsTests {
    @Test func `one page too many ends a build with its limit`() throws {
        let folder = try TemporaryFolder()
        let writer = try ReleaseWriter.open("\(folder.path)/dist")
        let collected = Collected(from: nil, spoolingIn: writer.spools, pagesMax: 3)
        let identity = Representation(
            coding: .identity, blob: try writer.store([1]), length: 1)
        func take(_ number: Int) throws {
            let entry = Entry(
                path: "/\(number)/", kind: .page, contentType: "text/html",
                cachePolicy: .revalidate, headers: HeaderBlock([]), representations: [identity],
                source: EntrySource(view: "v", key: "\(number)"))
            try collected.take(
                FinishedBatch(pages: [FinishedPage(entry: entry, isChanged: true)]), route: "r")
        }
        for number in 1...3 { try take(number) }
        let error = #expect(throws: BuildError.self) { try take(4) }
        #expect(
            error.map { "\($0)" }
                == "The site has more than 3 pages.\nSplit it into several sites.")
    }

    @Test func `of a long access log only the end is counted`() {
        let log = Array("/old/\n/new/\n/new/\n".utf8)
        #expect(RequestCounts(log: log, bytesMax: log.count)["/old/"] == 1)
        let counts = RequestCounts(log: log, bytesMax: 12)
        #expect(counts["/old/"] == 0 && counts["/new/"] == 2)
    }
}
