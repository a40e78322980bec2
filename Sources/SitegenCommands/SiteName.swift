// The name of a site that shares a database and a Redis with others: SITEGEN_SITE, or the word in
// `site/database/site.name`.
//
// A site without one is the only one of its database, or one of several whose others have names.
// Every command that asks the database looks here first: none works on another site's views.

import FoundationEssentials
import Postgres

/// Where a site says its name.
enum SiteName {
    private static let variable = "SITEGEN_SITE"
    private static let file = "site/database/site.name"

    /// The schema of the site in a folder.
    ///
    /// - Throws: a failure with status 78 for what is no name.
    static func schema(root: String) throws -> SiteSchema {
        if let name = Environment.value(variable) { return try schema(name, from: variable) }
        guard let data = FileManager.default.contents(atPath: "\(root)/\(file)") else {
            return .unnamed
        }
        let text = String(decoding: data, as: UTF8.self)
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        return try schema(words.count == 1 ? words[0] : text, from: file)
    }

    private static func schema(_ name: String, from place: String) throws -> SiteSchema {
        if let schema = SiteSchema(site: name) { return schema }
        throw CommandFailure(
            .badConfiguration,
            """
            \(place) does not hold the name of a site.
            Write a lower-case letter, then letters a–z, digits and _: at most \
            \(PostgresLimits.siteNameBytesMax) in all.
            """)
    }
}
