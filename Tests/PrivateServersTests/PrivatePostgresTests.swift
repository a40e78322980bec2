// What a private PostgreSQL promises: it starts, is shared, survives crashes, never outlives us.

import Glibc
import TestSupport
import Testing

@testable import PrivateServers

@Suite("Private PostgreSQL") struct PrivatePostgresTests {
    @Test func `a cluster starts, answers and leaves no process and no socket`() throws {
        let folder = try TemporaryFolder()
        let server = try PrivatePostgres.start(in: "\(folder.path)/a/b")
        #expect(server.isOwner)
        #expect(server.notes.isEmpty)
        #expect(
            try server.query("SELECT current_user || ' ' || current_database()")
                == "postgres sitegen")
        #expect(try server.query("SHOW server_encoding") == "UTF8")
        #expect(try server.query("SHOW fsync") == "on")
        #expect(try server.query("SHOW listen_addresses") == "")
        #expect(try server.query("SHOW TimeZone") == "UTC")
        let process = try #require(server.processID)
        let sockets = server.socketsForTests
        server.stop()
        #expect(kill(process, 0) != 0, "the server is gone when stop() returns")
        #expect(access(sockets, F_OK) != 0, "its socket is gone, too")
        server.stop()
    }

    @Test func `the second start keeps the data of the first`() throws {
        let folder = try TemporaryFolder()
        let first = try PrivatePostgres.start(in: folder.path)
        try first.query("CREATE TABLE kept AS SELECT 42 AS answer")
        first.stop()
        let second = try PrivatePostgres.start(in: folder.path)
        #expect(try second.query("SELECT answer FROM kept") == "42")
    }

    @Test func `a start while the cluster runs attaches and leaves it running`() throws {
        let folder = try TemporaryFolder()
        let owner = try PrivatePostgres.start(in: folder.path)
        let guest = try PrivatePostgres.start(in: folder.path)
        #expect(!guest.isOwner)
        #expect(guest.url == owner.url)
        guest.stop()
        #expect(try owner.query("SELECT 1") == "1")
    }

    @Test func `a throw-away cluster deletes its folder`() throws {
        let parent = try TemporaryFolder()
        let server = try PrivatePostgres.start(in: "\(parent.path)/gone", durability: .throwAway)
        #expect(try server.query("SHOW fsync") == "off")
        server.stop()
        #expect(access("\(parent.path)/gone", F_OK) != 0)
    }

    @Test func `a draft that a killed initdb left behind is deleted`() throws {
        let folder = try TemporaryFolder()
        let draft = "\(folder.path)/data.draft-1"
        #expect(mkdir(draft, 0o700) == 0)
        try writeFile("\(draft)/PG_VERSION", "15\n")
        let server = try PrivatePostgres.start(in: folder.path)
        #expect(access(draft, F_OK) != 0)
        #expect(try server.query("SELECT 1") == "1")
    }

    @Test func `a stale process file that names a stranger does not stop the start`() throws {
        let folder = try TemporaryFolder()
        try PrivatePostgres.start(in: folder.path).stop()
        let user = try ServerUser.current(candidates: ["postgres", "nobody"], search: .init())
        let file = "\(folder.path)/data/postmaster.pid"
        // A process of the server's own user: PostgreSQL itself would take it for a server.
        let lifeline = try Pipe()
        let stranger = try ChildProcess.start(
            user.prefix + ["/bin/cat"], input: lifeline.reading.number, output: 2)
        // Reaped at the end: the testing library's wait for exit tests spins on a zombie.
        defer {
            kill(stranger.id, SIGKILL)
            _ = stranger.statusIfEnded(waiting: true)
        }
        let lines = [
            "\(stranger.id)", "\(folder.path)/data", "1", "5432", "/tmp/x", "", "", "ready",
        ]
        try writeFile(file, lines.joined(separator: "\n"))
        try user.own(file)
        let server = try PrivatePostgres.start(in: folder.path)
        #expect(server.isOwner)
        #expect(try server.query("SELECT 1") == "1")
        _ = lifeline
    }

    @Test func `a server that cannot start is reported with its own words`() throws {
        let folder = try TemporaryFolder()
        try PrivatePostgres.start(in: folder.path).stop()
        try writeFile("\(folder.path)/data/postgresql.conf", "shared_buffers = lots\n")
        let user = try ServerUser.current(candidates: ["postgres", "nobody"], search: .init())
        try user.own("\(folder.path)/data/postgresql.conf")
        let error = #expect(throws: PrivateServerError.self) {
            try PrivatePostgres.start(in: folder.path)
        }
        #expect(error?.description.contains("shared_buffers") == true)
    }

    @Test func `a killed owner takes its server along, and the next start works`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let server = try PrivatePostgres.start(in: path)
            try writeFile("\(path)/victim", "\(try #require(server.processID))")
            kill(getpid(), SIGKILL)
        }
        let process = try #require(fileText("\(path)/victim").flatMap { pid_t($0) })
        let next = try PrivatePostgres.start(in: path)
        #expect(next.isOwner)
        #expect(next.processID != process)
        #expect(kill(process, 0) != 0, "the victim's server is gone")
        #expect(try next.query("SELECT 1") == "1")
    }

    @Test func `a throw-away cluster is deleted after its owner was killed`() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/gone"
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let server = try PrivatePostgres.start(in: path, durability: .throwAway)
            _ = server.isOwner
            kill(getpid(), SIGKILL)
        }
        let deadline = ContinuousClock.now + .seconds(PrivateServerLimits.stopSecondsMax)
        while access(path, F_OK) == 0 && ContinuousClock.now < deadline { pauseBriefly() }
        #expect(access(path, F_OK) != 0)
    }

    @Test(.enabled(if: geteuid() == 0, "only root hands the server to another user"))
    func `a folder that the server's user cannot reach is replaced, and a note says so`() throws {
        let parent = try TemporaryFolder()
        chmod(parent.path, 0o700)
        let server = try PrivatePostgres.start(
            in: "\(parent.path)/postgres", durability: .throwAway)
        #expect(server.folder.hasPrefix("/var/tmp/sitegen-0-postgres-"))
        #expect(server.notes.first?.contains(server.folder) == true)
        #expect(try server.query("SELECT 1") == "1")
        var status = stat()
        #expect(lstat(server.folder, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o700)
        let other = try PrivatePostgres.start(in: "\(parent.path)/postgres")
        #expect(!other.isOwner, "the stand-in is found again")
        server.stop()
        #expect(access(server.folder, F_OK) != 0)
    }

    @Test func `a database of its own for each test`() throws {
        let folder = try TemporaryFolder()
        let server = try PrivatePostgres.start(in: folder.path)
        let url = try server.createDatabase("other_1")
        #expect(url.contains("/other_1?host=\(server.socketsForTests)&"))
        #expect(throws: PrivateServerError.self) { try server.createDatabase("other_1") }
    }

    @Test func `missing programs are named with the package that brings them`() throws {
        let search = ProgramSearch(postgresVersions: "/nowhere", folders: ["/nowhere/bin"])
        let error = #expect(throws: PrivateServerError.self) {
            try PrivatePostgres.start(in: "/nowhere/data", search: search)
        }
        let text = error?.description ?? ""
        #expect(text.contains("postgres was not found in /nowhere/*/bin, /nowhere/bin"))
        #expect(text.contains("apt install postgresql"))
    }
}
