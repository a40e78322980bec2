// Which site's views a database has: a name, kept as the comment of a table of schema sitegen.
//
// One database holds the views of one site. Without a mark, a command that was run in the wrong
// folder would take away all views of another site, since their files are not there.

package import Postgres

/// The name of the site to which the views of a database belong.
package enum SiteMark {
    /// Why views must not be installed.
    package enum Refusal: Equatable, Sendable {
        /// They are another site's.
        case anotherSite(name: String)
        /// None of these views has a file.
        case strangers([String])
    }

    private static let prefix = "site: "

    /// Whether the files of a site may take the place of the views that are installed.
    ///
    /// - Parameters:
    ///   - site: the name of the site; nil if its folder does not say.
    ///   - definitions: its view files.
    ///   - connection: to the database.
    /// - Returns: what is against it; nil if nothing is.
    /// - Throws: `.database`.
    package static func refusal(
        of site: String?, _ definitions: [ViewDefinition], on connection: borrowing Connection
    ) throws(ViewError) -> Refusal? {
        let doing = "looking whose views are installed"
        let marks = try connection.texts(
            "SELECT obj_description(to_regclass('\(connection.schema).installation'), 'pg_class')",
            doing: doing)
        if let mark = marks.first?[0], mark.hasPrefix(prefix), let site {
            let name = String(mark.dropFirst(prefix.count))
            return name == site ? nil : .anotherSite(name: name)
        }
        guard try ViewCatalogue.isPrepared(on: connection) else { return nil }
        let names = try connection.texts(
            "SELECT name FROM \(connection.schema).view ORDER BY 1", doing: doing
        ).compactMap { $0[0] }
        let hasOne = names.contains { name in definitions.contains { $0.name == name } }
        return names.isEmpty || hasOne ? nil : .strangers(names)
    }

    /// Notes that the views are those of a site.
    ///
    /// - Throws: `.database`, `.permission`.
    package static func note(
        _ site: String, on connection: borrowing Connection
    ) throws(ViewError) {
        let text = (prefix + site).split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "''")
        try connection.perform(
            "COMMENT ON TABLE \(connection.schema).installation IS '\(text)'",
            doing: "noting the site's name")
    }
}
