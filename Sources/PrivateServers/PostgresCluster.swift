// Makes a cluster once and says how to start it.
//
// initdb works in a sibling folder that is renamed when it is whole, so a cluster either exists or
// does not: what a killed initdb leaves behind is deleted by the next start. All of this happens
// under the folder's lock. PostgreSQL's own postmaster.pid is trusted as far as it can be: its
// process id may since belong to any other process (in containers it usually does).

internal import Glibc

/// The cluster in a folder whose lock we hold.
struct PostgresCluster {
    let folder: ServerFolder
    let user: ServerUser
    let durability: Durability

    private var data: String { "\(folder.path)/data" }
    private var pidFile: String { "\(data)/postmaster.pid" }
    private static let draftPrefix = "data.draft-"

    /// Makes the cluster unless it exists.
    ///
    /// - Returns: the folder of the programs that fit the cluster's version.
    func prepare(newest: String, search: ProgramSearch) throws(PrivateServerError) -> String {
        for name in folderNames(folder.path) where name.hasPrefix(Self.draftPrefix) {
            _ = try ChildProcess.run(
                ["/bin/rm", "-rf", "--", "\(folder.path)/\(name)"], logPath: folder.log)
        }
        if let text = fileText("\(data)/PG_VERSION") {
            let version = String(text.prefix { $0.isNumber })
            return try search.postgresFolder(version: version, cluster: data)
        }
        guard unsafe access(data, F_OK) != 0 else {
            throw .unusableFolder(path: data, reason: "it exists and is no PostgreSQL cluster")
        }
        try initialise(programs: newest)
        return newest
    }

    private func initialise(programs: String) throws(PrivateServerError) {
        let draft = "\(folder.path)/\(Self.draftPrefix)\(getpid())"
        guard unsafe mkdir(draft, 0o700) == 0 else {
            throw .refused(operation: "Making", path: draft, code: errno)
        }
        try user.own(draft)
        let initdb = [
            "\(programs)/initdb", "--pgdata=\(draft)", "--username=\(PrivatePostgres.userName)",
            "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "--locale=C.UTF-8",
        ]
        try step("initdb", initdb + (durability == .throwAway ? ["--no-sync"] : []))
        // Single-user mode: the database exists before anybody can connect.
        let statement = try Pipe()
        let sql = "CREATE DATABASE \(PrivatePostgres.databaseName);\n"
        var text = sql
        _ = text.withUTF8 { unsafe write(statement.writing.number, $0.baseAddress, $0.count) }
        let input = statement.closingWritingEnd()
        try step(
            "postgres --single", ["\(programs)/postgres", "--single", "-D", draft, "postgres"],
            input: input.number)
        guard unsafe rename(draft, data) == 0 else {
            throw .refused(operation: "Renaming", path: draft, code: errno)
        }
    }

    private func step(
        _ name: String, _ command: [String], input: Int32 = -1
    ) throws(PrivateServerError) {
        let (status, output) = try ChildProcess.run(
            user.prefix + command, input: input, logPath: folder.log)
        guard status == 0 else { throw .stepFailed(step: name, status: status, output: output) }
    }

    /// Waits for the server of an owner that died: its supervisor is stopping it.
    func awaitEndOfPredecessor() throws(PrivateServerError) {
        let deadline = ContinuousClock.now + .seconds(PrivateServerLimits.stopSecondsMax)
        while let process = pidFileLines().first.flatMap({ pid_t($0) }), process > 1,
            kill(process, 0) == 0 || errno == EPERM
        {
            // A live process that is not our server: PostgreSQL would refuse to start, see
            // CreateLockFile in its source. We hold the lock, so the file is stale.
            let words = (fileText("/proc/\(process)/cmdline") ?? "").split(separator: "\0")
            guard words.contains(where: { $0 == data }) else {
                unsafe unlink(pidFile)
                return
            }
            guard ContinuousClock.now < deadline else {
                throw .notReady(
                    server: "PostgreSQL", seconds: PrivateServerLimits.stopSecondsMax,
                    log: logTail(folder.log))
            }
            pauseBriefly()
        }
    }

    /// The command line of the server.
    func command(programs: String, sockets: String) -> [String] {
        var settings = [
            "listen_addresses=", "unix_socket_directories=\(sockets)",
            "unix_socket_permissions=0700", "port=5432", "TimeZone=UTC", "log_timezone=UTC",
            "log_destination=stderr", "logging_collector=off",
        ]
        if durability == .throwAway {
            settings += [
                "fsync=off", "synchronous_commit=off", "full_page_writes=off",
                // It would look through hundreds of databases, each for a second of a test.
                "autovacuum=off",
                // Every test of a process has connections of its own, all at the same time.
                "max_connections=500",
            ]
        }
        return user.prefix + ["\(programs)/postgres", "-D", data]
            + settings.flatMap { ["-c", $0] }
    }

    /// Whether the server that listens in `sockets` accepts sessions.
    ///
    /// A connect alone succeeds during recovery, too; so the state in postmaster.pid is read
    /// (line 5: folder of the socket, line 8: state; miscadmin.h, LOCK_FILE_LINE_PM_STATUS).
    func isReady(sockets: String) -> Bool {
        let lines = pidFileLines()
        guard lines.count >= 8, lines[4] == sockets, lines[7].hasPrefix("ready") else {
            return false
        }
        return accepts(socket: "\(sockets)/\(PrivatePostgres.socketName)")
    }

    private func pidFileLines() -> [Substring] {
        (fileText(pidFile) ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    }
}
