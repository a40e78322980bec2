// A writer killed at any moment: what is current is whole, and the next writer cleans up.
//
// The child process publishes release after release until a thread of its own kills it with
// SIGKILL, which no code can catch. Nothing here depends on where it was.

import ContentEncoding
import Foundation
import Hashing
import ReleaseFormat
import Testing

@Suite("A killed writer") struct KilledWriterTests {
    /// Publishes without end: each release shares one page with the one before it.
    static func publishForEver(_ output: String) throws {
        let writer = try ReleaseWriter.open(output)
        var number = 0
        while true {
            number += 1
            var builder = ManifestBuilder(spoolingIn: writer.spools)
            for (path, text) in [("/", "home \(number)"), ("/same/", "same"), ("/x/", "\(number)")]
            {
                let bytes = Array(String(repeating: text, count: 500).utf8)
                let blob = try writer.store(bytes)
                try builder.add(
                    Entry(
                        path: path, kind: .page, contentType: "text/html", cachePolicy: .revalidate,
                        headers: .empty,
                        representations: [
                            Representation(coding: .identity, blob: blob, length: bytes.count)
                        ], source: EntrySource(view: "looks", key: "")))
            }
            try writer.finish(builder.finish(hasTree: number % 2 == 0), keeping: 2)
        }
    }

    @Test func `what is current is whole wherever the writer was killed`() async throws {
        let folder = TemporaryFolder()
        var random = SystemRandomNumberGenerator()
        var published = 0
        // A slow machine needs longer for its first release: the time grows until there is one.
        var microsecondsMax: UInt32 = 60_000
        for _ in 0..<12 {
            let microseconds = UInt32.random(in: 0...microsecondsMax, using: &random)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [output = folder.path as String, microseconds = microseconds as UInt32] in
                Thread.detachNewThread {
                    usleep(microseconds)
                    kill(getpid(), SIGKILL)
                }
                try Self.publishForEver(output)
            }
            if folder.exists("current") {
                published += 1
                try checkCurrent(folder)
            } else {
                microsecondsMax = min(microsecondsMax * 2, 8_000_000)
            }
            let writer = try ReleaseWriter.open(folder.path)
            #expect(folder.names("tmp") == ["unfinished"])
            if folder.exists("current") {
                try checkCurrent(folder)
                let current = try ReleaseReader.currentID(folder.path)
                #expect(try ReleaseReader.history(folder.path).last?.id == current)
            }
            _ = consume writer
        }
        #expect(published > 0)
    }

    private func checkCurrent(_ folder: TemporaryFolder) throws {
        let reader = try ReleaseReader.open(folder.path)
        #expect(reader.manifest.count == 3)
        for index in 0..<reader.manifest.count {
            for form in reader.manifest.entry(at: index).representations {
                _ = try reader.blob(form, verified: true)
            }
        }
        if reader.manifest.hasTree {
            #expect(folder.names("current/tree") == ["index.html", "same", "x"])
        }
    }
}
