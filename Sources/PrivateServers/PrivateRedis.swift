// A Redis of our own: empty at each start, on a Unix socket only, gone when we are.
//
// It keeps nothing on disk: what it holds are fragments, and fragments are rendered from rows.
// The folder holds only its lock and its log. There is no reconnection and no monitoring here.

internal import Glibc
internal import Synchronization

/// A private Redis server.
///
/// It stops with `stop()`, when the value goes, or when this process ends in whatever way.
package final class PrivateRedis: Sendable {
    /// `unix:` and the path of the socket.
    package let url: String
    /// False if another process runs this server; then `stop()` leaves it running.
    let isOwner: Bool
    /// Things worth telling the user, for example that another folder is used.
    package let notes: [String]
    private let server: Mutex<RunningServer?>

    private static let socketName = "redis.sock"

    private init(
        socketFolder: String, server: consuming sending RunningServer?, notes: [String]
    ) {
        url = "unix:\(socketFolder)/\(Self.socketName)"
        isOwner = server != nil
        self.notes = notes
        self.server = Mutex(server)
    }

    /// Starts Redis, or attaches to the one that another process already runs in `folder`.
    ///
    /// Blocks until it answers, up to `PrivateServerLimits.startSecondsMax`.
    ///
    /// - Parameters:
    ///   - folder: where its lock and log are; made if it is missing.
    ///   - deletingFolder: whether the folder is deleted when the server has stopped.
    ///   - search: where programs are looked for.
    /// - Returns: the running server.
    /// - Throws: `.programMissing`, `.noUnprivilegedUser`, `.refused`, `.ended`, `.notReady`.
    package static func start(
        in folder: String, deletingFolder: Bool = false, search: ProgramSearch = ProgramSearch()
    ) throws(PrivateServerError) -> PrivateRedis {
        let program = try search.program("redis-server", package: "redis-server")
        let user = try ServerUser.current(candidates: ["redis", "nobody"], search: search)
        let folder = try ServerFolder.prepare(folder, for: user, kind: "redis")
        let notes = folder.note.map { [$0] } ?? []
        switch try folder.claim(server: "Redis", socketName: socketName) {
        case .running(let socketFolder):
            return PrivateRedis(socketFolder: socketFolder, server: nil, notes: notes)
        case .owner(let lock):
            let sockets = try makeSocketFolder(for: user)
            let socket = "\(sockets)/\(socketName)"
            let command =
                user.prefix + [
                    program, "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700",
                    "--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", folder.path,
                ]
            let launch = RunningServer.Launch(
                name: "Redis", command: command, socketFolder: sockets, folder: folder,
                deletesFolder: deletingFolder, isReady: { accepts(socket: socket) })
            let server = try RunningServer.start(launch, lock: lock)
            return PrivateRedis(socketFolder: sockets, server: server, notes: notes)
        }
    }

    /// Stops the server and waits for its end; does nothing if it is not ours or has stopped.
    package func stop() { server.withLock { $0 = nil } }
}
