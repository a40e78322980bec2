// The Redis that a command works with: the one of a URL, or a private one.
//
// A private server lives as long as the value that holds it. When the process is killed, the
// server's own supervisor stops it.

import PrivateServers

/// A Redis to work with.
struct FragmentBackend {
    /// A Redis URL.
    let url: String
    private let server: PrivateRedis?

    /// Takes the given URL, or REDIS_URL, or starts a private server.
    init(url given: String?, folders: FolderOptions) throws {
        if let given = given ?? Environment.value("REDIS_URL") {
            url = given
            server = nil
        } else {
            let started = try PrivateRedis.start(in: "\(folders.dataFolder)/redis")
            started.notes.forEach(Terminal.note)
            url = started.url
            server = started
        }
    }

    /// Stops the server if it is a private one that this process started.
    func stop() { server?.stop() }
}
