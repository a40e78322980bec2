// A PostgreSQL cluster of our own, on a Unix socket only, with one database, gone when we are.
//
// Anybody who can open the socket is its superuser: the socket's folder is private (0700) and has
// a random name, and there is no TCP. The cluster under `folder` stays between runs. This file
// never touches a PostgreSQL that somebody else installed or runs.

internal import Glibc
internal import Synchronization

/// How hard a private cluster tries to keep its data.
package enum Durability: Sendable {
    /// Survives a crash of the machine.
    case durable
    /// For tests: no fsync, and the whole folder is deleted when the server has stopped.
    case throwAway
}

/// A private PostgreSQL server.
///
/// It stops with `stop()`, when the value goes, or when this process ends in whatever way.
package final class PrivatePostgres: Sendable {
    /// A libpq URL of the database `sitegen` as its superuser, `postgres`; it holds no password.
    package let url: String
    /// False if another process runs this cluster; then `stop()` leaves it running.
    let isOwner: Bool
    /// Where the cluster really is; differs from the folder asked for if `notes` say so.
    package let folder: String
    /// Things worth telling the user, for example that another folder is used.
    package let notes: [String]
    private let programs: String
    private let socketFolder: String
    private let server: Mutex<RunningServer?>

    static let socketName = ".s.PGSQL.5432"
    static let databaseName = "sitegen"
    /// Not the name of a schema: `"$user"` in the search path would let `FROM book` mean a view.
    static let userName = "postgres"

    private init(
        folder: ServerFolder, programs: String, socketFolder: String,
        server: consuming sending RunningServer?
    ) {
        url = Self.url(socketFolder: socketFolder, database: Self.databaseName)
        isOwner = server != nil
        self.folder = folder.path
        notes = folder.note.map { [$0] } ?? []
        self.programs = programs
        self.socketFolder = socketFolder
        self.server = Mutex(server)
    }

    private static func url(socketFolder: String, database: String) -> String {
        "postgresql:///\(database)?host=\(socketFolder)&user=\(userName)"
    }

    /// Starts the cluster in `folder`, or attaches to it if another process already runs it.
    ///
    /// The first start makes the cluster, which takes about a second. Blocks until the server
    /// answers, up to `PrivateServerLimits.startSecondsMax`.
    ///
    /// - Parameters:
    ///   - folder: where the cluster, its lock and its log are; made if it is missing.
    ///   - durability: `.throwAway` deletes the folder at the end.
    ///   - search: where programs are looked for.
    /// - Returns: the running server.
    /// - Throws: any `PrivateServerError`; nothing is left running then.
    package static func start(
        in folder: String, durability: Durability = .durable,
        search: ProgramSearch = ProgramSearch()
    ) throws(PrivateServerError) -> PrivatePostgres {
        let newest = try search.postgresFolder()
        let user = try ServerUser.current(candidates: ["postgres", "nobody"], search: search)
        let folder = try ServerFolder.prepare(folder, for: user, kind: "postgres")
        switch try folder.claim(server: "PostgreSQL", socketName: socketName) {
        case .running(let socketFolder):
            return PrivatePostgres(
                folder: folder, programs: newest, socketFolder: socketFolder, server: nil)
        case .owner(let lock):
            let cluster = PostgresCluster(folder: folder, user: user, durability: durability)
            let programs = try cluster.prepare(newest: newest, search: search)
            try cluster.awaitEndOfPredecessor()
            let sockets = try makeSocketFolder(for: user)
            let launch = RunningServer.Launch(
                name: "PostgreSQL", command: cluster.command(programs: programs, sockets: sockets),
                socketFolder: sockets, folder: folder, deletesFolder: durability == .throwAway,
                isReady: { cluster.isReady(sockets: sockets) })
            let server = try RunningServer.start(launch, lock: lock)
            return PrivatePostgres(
                folder: folder, programs: programs, socketFolder: sockets, server: server)
        }
    }

    /// Stops the server and waits for its end; does nothing if it is not ours or has stopped.
    package func stop() { server.withLock { $0 = nil } }

    /// Makes another database in the cluster, for a test that wants one of its own.
    ///
    /// - Parameter name: letters, digits and underscores, unused so far.
    /// - Returns: its URL.
    /// - Throws: `.stepFailed` with what `createdb` printed.
    package func createDatabase(_ name: String) throws(PrivateServerError) -> String {
        let log = "\(folder)/createdb-\(name).log"
        defer { unsafe unlink(log) }
        let (status, output) = try ChildProcess.run(
            [
                "\(programs)/createdb", "--host=\(socketFolder)",
                "--username=\(Self.userName)", "--template=template0", "--no-password", name,
            ], logPath: log)
        guard status == 0 else {
            throw .stepFailed(step: "createdb", status: status, output: output)
        }
        return Self.url(socketFolder: socketFolder, database: name)
    }
}
