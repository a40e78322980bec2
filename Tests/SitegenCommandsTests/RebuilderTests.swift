// How watching runs the steps of a rebuild, with a program that notes how it was called.
//
// The compiler is not run here; its output is a text among others.

import Glibc
import ArgumentParser
import SiteWatching
import TestSupport
import Testing

@testable import SitegenCommands

@Suite("Rebuilder") struct RebuilderTests {
    /// A rebuilder whose executable is this shell script.
    private func rebuilder(
        in folder: borrowing TemporaryFolder, script: String, databaseURL: String = "DB",
        redisURL: String = "unix:/r"
    ) throws -> Rebuilder {
        let program = "\(folder.path)/debug/sitegen"
        try folder.write("#!/bin/sh\n\(script)\n", to: "debug/sitegen")
        chmod(program, 0o755)
        return Rebuilder(
            folders: try FolderOptions.parse(["--root", folder.path]), databaseURL: databaseURL,
            redisURL: redisURL, executable: program)
    }

    @Test func `each step is one run of the site's program, in order`() async throws {
        let folder = try TemporaryFolder()
        let log = "\(folder.path)/log"
        let rebuilder = try rebuilder(in: folder, script: "echo \"$@\" >> '\(log)'")
        try await rebuilder.run([
            .applyViews, .generateRows, .refreshViews, .build, .publishFragments,
        ])
        let tail = "--root \(folder.path)"
        let release = "\(folder.path)/.sitegen/watch"
        #expect(rebuilder.release == release)
        #expect(
            try lines(of: log) == [
                "db apply \(tail)", "db generate \(tail)", "db refresh \(tail)",
                "build --quality fast --keep 2 --release \(release) \(tail)",
                "fragments publish --release \(release) \(tail)",
            ])
    }

    @Test(arguments: [
        ("postgresql://u:secret@h/db", "redis://:secret@h:1/2"),
        ("postgres://u:secret%20word@[::1]:5/db?sslmode=require", "redis+unix://:secret@/run/r"),
        ("host=h user=u password='secret word'", "redis://secret:secret@h"),
        ("service=s passfile=/secret", "unix:/secret/r.sock?db=3"),
    ])
    func `addresses reach every child in its environment, never on its command line`(
        database: String, redis: String
    ) async throws {
        let folder = try TemporaryFolder()
        let (log, calls) = ("\(folder.path)/log", "\(folder.path)/calls")
        let rebuilder = try rebuilder(
            in: folder,
            script: """
                tr '\\0' ' ' < /proc/$$/cmdline >> '\(calls)'
                echo "$DATABASE_URL|$REDIS_URL" >> '\(log)'
                """, databaseURL: database, redisURL: redis)
        let steps = RebuildStep.allCases.filter { $0 != .compile }
        try await rebuilder.run(steps)
        #expect(
            try lines(of: log)
                == [String](repeating: "\(database)|\(redis)", count: steps.count))
        #expect(!(try lines(of: calls).joined().contains("secret")))
    }

    @Test func `what the program is called with are command lines it takes`() async throws {
        let folder = try TemporaryFolder()
        let log = "\(folder.path)/log"
        let rebuilder = try rebuilder(in: folder, script: "echo \"$@\" >> '\(log)'")
        try await rebuilder.run(RebuildStep.allCases.filter { $0 != .compile })
        for line in try lines(of: log) {
            _ = try SitegenCommand.parseAsRoot(line.split(separator: " ").map(String.init))
        }
    }

    @Test func `a step that fails ends the rebuild with what it said`() async throws {
        let folder = try TemporaryFolder()
        let log = "\(folder.path)/log"
        let rebuilder = try rebuilder(
            in: folder,
            script: "echo run >> '\(log)'; echo progress; echo 'sitegen: no' >&2; exit 65")
        let failure = await #expect(throws: CommandFailure.self) {
            try await rebuilder.run([.build, .publishFragments])
        }
        #expect(failure?.message == "progress\nsitegen: no")
        #expect(try lines(of: log) == ["run"])
    }

    @Test(arguments: [
        ("", ""), ("one\n\ntwo\n", "one\ntwo"),
        (
            "building\na.swift:1:2: error: no\n  let x\nb.swift:3:4: error: not\nend\n",
            "a.swift:1:2: error: no\nb.swift:3:4: error: not"
        ),
        (
            (1...30).map { "line \($0)\n" }.joined(),
            (11...30).map { "line \($0)" }.joined(separator: "\n")
        ),
        (
            (1...30).map { "error: \($0)\n" }.joined(),
            (1...20).map { "error: \($0)" }.joined(separator: "\n")
        ),
    ])
    func `the message is the errors, else the end of the output`(output: String, message: String) {
        #expect(Rebuilder.message(output) == message)
    }

    private func lines(of file: String) throws -> [String] {
        let stream = try #require(fopen(file, "r"))
        defer { fclose(stream) }
        var lines: [String] = []
        while let line = readLine(from: stream) { lines.append(line) }
        return lines
    }

    private func readLine(from stream: UnsafeMutablePointer<FILE>) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        guard fgets(&buffer, 4096, stream) != nil else { return nil }
        let bytes = buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
