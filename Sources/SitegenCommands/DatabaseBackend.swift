import PrivateServers

/// A PostgreSQL to work with.
struct DatabaseBackend {
    /// A libpq URL.
    let url: String
    private let server: PrivatePostgres?

    /// Takes the URL of the options, or starts a private server.
    init(_ options: DatabaseOptions) throws {
        if let given = options.givenURL {
            url = given
            server = nil
        } else {
            try options.folders.requireSite()
            let started = try PrivatePostgres.start(in: "\(options.folders.dataFolder)/postgres")
            started.notes.forEach(Terminal.note)
            url = started.url
            server = started
        }
    }

    /// Stops the server if it is a private one that this process started.
    func stop() { server?.stop() }
}
