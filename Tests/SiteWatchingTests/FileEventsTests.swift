// The system tells of changes at once; what it does not tell is looked for by the clock.

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import SiteWatching

@Suite("File events") struct FileEventsTests {
    @Test func `a written, a new and a moved file are told, in new folders, too`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("a", to: "site/Styles/a.css")
        let events = FileEvents(root: folder.path)
        let (signs, told) = AsyncStream<Void>.makeStream()
        let listening = Thread { events.listen { told.yield() } }
        listening.start()
        var iterator = signs.makeAsyncIterator()
        for path in ["site/Styles/a.css", "site/Styles/b.css", "site/New/Deep/C.swift"] {
            try folder.write("b", to: path)
            await iterator.next()
        }
        events.stop()
        try folder.write("c", to: "site/Styles/a.css")
        while !listening.isFinished { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test func `what a linked style sheet leads to is told when another is renamed over it`()
        async throws
    {
        let folder = try TemporaryFolder()
        let elsewhere = try TemporaryFolder()
        try elsewhere.write("a", to: "shared/a.css")
        try folder.write("b", to: "site/Styles/b.css")
        let target = "\(elsewhere.path)/shared/a.css"
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/site/Styles/a.css", withDestinationPath: target)
        var watcher = FileWatcher(root: folder.path)
        let events = FileEvents(root: folder.path)
        let (signs, told) = AsyncStream<ContinuousClock.Instant>.makeStream()
        let listening = Thread { events.listen { told.yield(.now) } }
        listening.start()
        var iterator = signs.makeAsyncIterator()
        try folder.write("c", to: "site/Styles/b.css")
        _ = await iterator.next()
        // Nothing is told by the clock for two seconds now.
        try elsewhere.write("d", to: "new.css")
        let start = ContinuousClock.now
        #expect(rename("\(elsewhere.path)/new.css", target) == 0)
        let sign = try #require(await iterator.next())
        #expect(sign - start < .milliseconds(1_500))
        while watcher.changes().isEmpty { _ = await iterator.next() }
        #expect(watcher.changedPaths.contains("site/Styles/a.css"))
        events.stop()
        try folder.write("e", to: "site/Styles/b.css")
        while !listening.isFinished { try await Task.sleep(for: .milliseconds(5)) }
    }
}
