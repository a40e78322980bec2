// The Redis that a command works with: the one of a URL, or a private one.
//
// A private server lives as long as the value that holds it. When the process is killed, the
// server's own supervisor stops it.

import PrivateServers

/// A Redis to work with.
package struct FragmentBackend {
    /// A Redis URL.
    package let url: String
    private let server: PrivateRedis?

    /// Starts a private server, whatever REDIS_URL names.
    package init(privateIn folders: FolderOptions) throws {
        let started = try PrivateRedis.start(in: "\(folders.dataFolder)/redis")
        started.notes.forEach(Terminal.note)
        self.init(url: started.url, server: started)
    }

    /// Takes the given URL, or REDIS_URL, or starts a private server.
    package init(url given: String?, folders: FolderOptions) throws {
        if let given = given ?? Environment.value("REDIS_URL") {
            self.init(url: given, server: nil)
        } else {
            try self.init(privateIn: folders)
        }
    }

    private init(url: String, server: PrivateRedis?) {
        self.url = url
        self.server = server
    }

    /// Stops the server if it is a private one that this process started.
    package func stop() { server?.stop() }
}
