/// Where a database is, and which schema of it is a site's.
package struct DatabaseAddress: Hashable, Sendable {
    /// A libpq URL.
    package let url: String
    /// The schema in which the site keeps what it installs.
    package let schema: SiteSchema

    /// Names a database.
    package init(_ url: String, schema: SiteSchema = .unnamed) {
        self.url = url
        self.schema = schema
    }
}

extension Connection {
    /// Connects to a site's database and sets the session's formats.
    ///
    /// - Throws: `.invalidURL`, `.unreachable` or what the server said.
    package init(to database: DatabaseAddress) throws(PostgresError) {
        try self.init(to: database.url, settings: ConnectionSettings(schema: database.schema))
    }

    /// The schema of the site whose work is done here; SQL names everything of sitegen's with it.
    package var schema: SiteSchema { session.schema }
}
