// Which row it is, and whether it is still the same: its key and a digest of its columns, both
// computed by PostgreSQL.
//
// The digest covers the columns that the compiled row type reads, as text, in their order. It
// protects nothing: it tells rows apart (MD5, 128 bits). Which rows belong to a part of a view is
// decided by a hash of the key, so the parts are the same whoever asks.

package import Postgres

/// One part of the rows of a view: every `count`-th by the hash of the key.
package struct RowPart: Sendable, Hashable {
    /// Which part, from 0.
    package let number: Int
    /// How many parts there are, at least 1.
    package let count: Int

    /// Names a part.
    package init(_ number: Int, of count: Int) {
        precondition(count > 0 && (0..<count).contains(number), "parts are numbered from 0")
        self.number = number
        self.count = count
    }

    /// All rows.
    package static let whole = RowPart(0, of: 1)
}

/// The SQL that identifies the rows of a view.
package struct RowIdentity: Sendable {
    private let schema: ViewSchema
    private let site: SiteSchema
    private let relation: String

    /// Writes SQL for a view.
    ///
    /// - Parameters:
    ///   - schema: the view as compiled.
    ///   - site: the schema of the site.
    ///   - relation: where the rows are, as SQL; nil for where they are installed.
    package init(_ schema: ViewSchema, in site: SiteSchema, from relation: String? = nil) {
        self.schema = schema
        self.site = site
        self.relation = relation ?? site.view(schema.name)
    }

    /// How many columns `columns` has.
    static let columnCount = 2

    /// Two columns: the key's text as `RowKey` writes it, and the digest as a uuid.
    var columns: [String] { ["\(key) AS sitegen_key", "\(digest) AS sitegen_digest"] }

    /// One more column where the view has `moved:`: the texts that the row had before, the latest
    /// `ViewLimits.movedTextsMax` of them.
    var moved: [String] { earlier.map { ["\($0) AS sitegen_moved"] } ?? [] }

    private var earlier: String? {
        guard schema.moved != nil else { return nil }
        let view = SQLText.literal(schema.name)
        return """
            ARRAY(SELECT m.old FROM \(site).moved m
                WHERE m.view = \(view) AND md5(m.key) = md5(\(key)) AND m.key = \(key)
                ORDER BY m.at DESC, m.old COLLATE "C" LIMIT \(ViewLimits.movedTextsMax))
            """
    }

    /// Every row's key and digest, in the order of the keys' bytes.
    package var digests: String {
        """
        SELECT \(columns.joined(separator: ", "))
        FROM \(relation) v
        ORDER BY (\(key)) COLLATE "C"
        """
    }

    /// The rows of one part with all their columns, key and digest, in no particular order.
    package func rows(of part: RowPart) -> String {
        let unordered = RowStatements(
            schema: schema, in: site, identified: true, from: relation
        ).unordered
        guard part.count > 1 else { return unordered }
        return """
            \(unordered)
            WHERE (hashtextextended((\(key)) COLLATE "C", 0) & 9223372036854775807) \
            % \(part.count) = \(part.number)
            """
    }

    private var key: String {
        let names = schema.key.map { "v.\($0.quotedName)::text" }
        guard names.count > 1 else { return names.first ?? "''" }
        return names.map { "replace(replace(\($0), '~', '~0'), '/', '~1')" }
            .joined(separator: " || '/' || ")
    }

    private var digest: String {
        let names =
            schema.columns.map { column in
                let name = "v.\(column.name.quotedName)"
                return column.cast.map { "\(name)::\($0)" } ?? name
            } + (earlier.map { [$0] } ?? [])
        return "md5(ROW(\(names.joined(separator: ", ")))::text)::uuid"
    }
}
