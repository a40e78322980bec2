import MaterializedViews
package import Postgres
import PrivateServers

/// A PostgreSQL to work with.
package struct DatabaseBackend {
    /// The database, with the schema of the site.
    package let database: DatabaseAddress
    /// A libpq URL.
    package var url: String { database.url }
    private let server: PrivatePostgres?

    /// Takes the URL of the options, or starts a private server.
    ///
    /// - Parameters:
    ///   - options: where.
    ///   - isOwn: whether DATABASE_URL does not count, since much will be written.
    /// - Throws: what keeps a private server from starting, or what is no name of a site.
    package init(_ options: DatabaseOptions, isOwn: Bool = false) throws {
        let schema = try SiteName.schema(root: options.folders.root)
        if let given = isOwn ? options.url : options.givenURL {
            database = DatabaseAddress(given, schema: schema)
            server = nil
        } else {
            try options.folders.requireSite()
            let started = try PrivatePostgres.start(in: "\(options.folders.dataFolder)/postgres")
            started.notes.forEach(Terminal.note)
            database = DatabaseAddress(started.url, schema: schema)
            server = started
        }
    }

    /// Does work; what the database refuses says which server was asked.
    package func asked<T>(_ work: () async throws -> T) async throws -> T {
        do {
            return try await work()
        } catch let error where error is ViewError || error is PostgresError {
            let failure = CommandFailure(
                (error as? ViewError)?.withNearestRelation(at: url) ?? error)
            guard failure.status != .interrupted else { throw failure }
            throw CommandFailure(failure.status, "\(failure.message)\n(\(name) was asked)")
        }
    }

    /// The server in words, without user and password.
    package var name: String {
        if server != nil { return "the private PostgreSQL, since DATABASE_URL is not set," }
        return ServerPlace.words(of: url) ?? "the server of DATABASE_URL or --db"
    }

    /// Whether it is a server of the site's own.
    package var isPrivate: Bool { server != nil }

    /// Stops the server if it is a private one that this process started.
    package func stop() { server?.stop() }
}
