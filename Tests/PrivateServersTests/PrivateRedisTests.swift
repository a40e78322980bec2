// What a private Redis promises, asked over its socket.

import Glibc
import TestSupport
import Testing

@testable import PrivateServers

@Suite("Private Redis") struct PrivateRedisTests {
    @Test func `it starts, is shared, stops and leaves no socket`() throws {
        let folder = try TemporaryFolder()
        let owner = try PrivateRedis.start(in: folder.path)
        let guest = try PrivateRedis.start(in: folder.path)
        let socket = String(owner.url.dropFirst("unix:".count))
        #expect(owner.isOwner)
        #expect(!guest.isOwner)
        #expect(guest.url == owner.url)
        guest.stop()
        #expect(accepts(socket: socket))
        owner.stop()
        #expect(!accepts(socket: socket))
        #expect(access(socket, F_OK) != 0)
        let next = try PrivateRedis.start(in: folder.path)
        #expect(next.isOwner)
        #expect(next.url != owner.url)
    }

    @Test func `a killed owner takes its server along`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let server = try PrivateRedis.start(in: path)
            try writeFile("\(path)/victim", String(server.url.dropFirst("unix:".count)))
            kill(getpid(), SIGKILL)
        }
        let socket = try #require(fileText("\(path)/victim"))
        let next = try PrivateRedis.start(in: path)
        #expect(next.isOwner)
        let deadline = ContinuousClock.now + .seconds(PrivateServerLimits.stopSecondsMax)
        while access(socket, F_OK) == 0 && ContinuousClock.now < deadline { pauseBriefly() }
        #expect(access(socket, F_OK) != 0)
    }

    @Test func `a missing program is named with the package that brings it`() throws {
        let error = #expect(throws: PrivateServerError.self) {
            try PrivateRedis.start(in: "/nowhere", search: ProgramSearch(folders: ["/nowhere"]))
        }
        #expect(error?.description.contains("apt install redis-server") == true)
    }
}
