// The system tells where somebody has to look; what it does not tell is looked for by the clock.

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import SiteWatching

/// Listens below a folder until it is let go.
private final class Listening {
    let events: FileEvents
    private let thread: Thread
    private let signs: AsyncStream<Void>
    private var all = FileSigns.none

    /// Returns once the first sign has come, which is everything.
    init(_ root: String) async throws {
        let events = FileEvents(root: root)
        let (signs, told) = AsyncStream<Void>.makeStream()
        thread = Thread { events.listen { told.yield() } }
        (self.events, self.signs) = (events, signs)
        thread.start()
        try await until { $0.isEverything }
        // From here on the clock brings nothing.
        events.noteLook(.seconds(60))
        all = .none
    }

    /// The signs from now on, until they are as wanted.
    @discardableResult
    func until(_ isEnough: (FileSigns) -> Bool) async throws -> FileSigns {
        all = .none
        let end = ContinuousClock.now + .seconds(120)
        while !isEnough(all) {
            try #require(ContinuousClock.now < end, "signs: \(all)")
            try await Task.sleep(for: .milliseconds(2))
            all.add(events.take())
        }
        return all
    }

    deinit { events.stop() }
}

@Suite("File events") struct FileEventsTests {
    @Test func `a written, a new and a moved file are told, in new folders, too`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("a", to: "site/Styles/a.css")
        let listening = try await Listening(folder.path)
        try folder.write("b", to: "site/Styles/a.css")
        try await listening.until { $0.files == ["site/Styles/a.css"] }
        try folder.write("b", to: "site/New/Deep/C.swift")
        try await listening.until { $0.folders.contains("site/New") }
        try folder.write("c", to: "site/New/Deep/C.swift")
        try await listening.until { $0.files == ["site/New/Deep/C.swift"] }
        // A folder takes its files to its new name, and leaves none at the old one.
        #expect(rename("\(folder.path)/site/New", "\(folder.path)/site/Other") == 0)
        try await listening.until { $0.folders.isSuperset(of: ["site/New", "site/Other"]) }
        try folder.write("d", to: "site/Other/Deep/C.swift")
        try await listening.until { $0.files == ["site/Other/Deep/C.swift"] }
    }

    @Test func `what nobody watches is no sign`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("a", to: "site/Styles/a.css")
        let listening = try await Listening(folder.path)
        let others = [
            "notes.txt", "site/notes.txt", "site/.git/a.swift", "public/a~", ".build/b.swift",
        ]
        for path in others { try folder.write("b", to: path) }
        try folder.write("b", to: "site/Styles/a.css")
        let signs = try await listening.until { !$0.files.isEmpty }
        #expect(signs.files == ["site/Styles/a.css"])
        #expect(signs.folders.subtracting(["public"]).isEmpty && !signs.isEverything)
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
        let listening = try await Listening(folder.path)
        try elsewhere.write("d", to: "new.css")
        #expect(rename("\(elsewhere.path)/new.css", target) == 0)
        let signs = try await listening.until { $0.files.contains("site/Styles/a.css") }
        let kinds = watcher.changes(signs)
        #expect(kinds == [.style])
        #expect(watcher.changedPaths == ["site/Styles/a.css"])
    }

    @Test func `more events than the system keeps are everything`() {
        var lost: ArraySlice<UInt8> = [255, 255, 255, 255, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let event = FolderEvent(&lost)
        #expect(event?.isOverflow == true && event?.name == nil && lost.isEmpty)
        var signs = FileSigns.none
        var folders = WatchedFolders(root: "/nowhere", descriptor: -1)
        if let event { folders.take(event, &signs) }
        #expect(signs == .everything)
    }

    @Test func `too many paths are everything`() {
        var signs = FileSigns.none
        for number in 0..<FileSigns.pathsMax { signs.note(file: "public/\(number)") }
        #expect(!signs.isEverything)
        signs.note(folder: "public")
        #expect(signs == .everything)
    }

    @Test func `everything is looked at by the clock, too, the less often the longer it takes`()
        async throws
    {
        let folder = try TemporaryFolder()
        let listening = try await Listening(folder.path)
        // As if a look took no time any more.
        listening.events.noteLook(.zero)
        try await listening.until { $0.isEverything }
        #expect(FileEvents.interval(isTold: true, look: .zero) == FileEvents.lookInterval)
        #expect(FileEvents.interval(isTold: true, look: .seconds(1)) == .seconds(1_000))
        #expect(
            FileEvents.interval(isTold: false, look: .milliseconds(1)) == FileEvents.blindInterval)
    }

    @Test func `where the system tells nothing that is known`() throws {
        let folder = try TemporaryFolder()
        var blind = WatchedFolders(root: folder.path, descriptor: -1)
        let isTold = blind.watchAll()
        #expect(!isTold)
    }

    @Test(arguments: [
        ("/home/a", false), ("/home/a/net", true), ("/home/a/net/site", true),
        ("/home/a/network", false), ("/home/a/net/here", false), ("/a b/c", true), ("/work", true),
    ])
    func `drives of other machines tell nothing`(folder: String, isSilent: Bool) {
        let mounts = """
            /dev/sda1 / ext4 rw 0 0
            server:/a /home/a/net nfs4 rw 0 0
            tmpfs /home/a/net/here tmpfs rw 0 0
            host /a\\040b fuse.sshfs rw 0 0
            one /work ext4 rw 0 0
            two /work virtiofs rw 0 0
            """
        #expect(SilentFileSystems.hold(folder, mounts: mounts) == isSilent)
    }
}
