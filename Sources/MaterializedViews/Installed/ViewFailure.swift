// A row that is not in its view as its statement would have it, or a view that cannot be computed:
// what stands in `sitegen.failure`, for people.
//
// An error of PostgreSQL may quote a value of a row, and these texts go to logs: only errors that
// speak of names (class 42) or of nothing are shown, the others by their code. The whole text is in
// `sitegen.failure`.

package import Postgres

/// A line of `sitegen.failure`.
package struct ViewFailure: Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package enum Kind: String, Sendable {
        /// The view as a whole, or a part of it that is not known, cannot be computed.
        case view
        /// The rows of a key cannot be computed.
        case row
        /// A row's key is NULL.
        case missing
        /// Several rows have the same key.
        case double
        /// A row's key is too long for an index.
        case long
    }

    /// The view's name.
    package let view: String
    /// What is wrong.
    package let kind: Kind
    /// The key's text (`RowKey`), with `NULL` for a part that is missing; empty for the view.
    package let key: String
    /// Where the site keeps its failures.
    let schema: SiteSchema
    /// SQLSTATE and message.
    package let error: String

    /// The longest key that is shown, in characters.
    private static let shownKeyMax = 60

    /// What happened, then what to change.
    package var description: String {
        let shown = key.count > Self.shownKeyMax ? "\(key.prefix(Self.shownKeyMax))…" : key
        switch kind {
        case .view:
            return "\(view) cannot be computed and keeps its rows: \(reason)."
        case .row:
            return "\(view): \(shown) cannot be computed and keeps its last state: \(reason)."
        case .missing:
            return "\(view): \(message). A key is never NULL: leave such rows out in "
                + "site/database/\(view).sql."
        case .double:
            return "\(view): \(message): \(shown). Change the statement in "
                + "site/database/\(view).sql, or name more columns in `key:`."
        case .long:
            return "\(view): \(shown): \(message). Shorten it, or use another key."
        }
    }

    private var state: Substring { error.prefix { $0 != " " } }
    private var message: Substring { error.dropFirst(state.count + 1) }

    private var reason: String {
        state.hasPrefix("42") || ["22012", "54000"].contains(state)
            ? "\(message)" : "SQLSTATE \(state), see \(schema).failure"
    }
}

extension ViewInstaller {
    /// The most failures that are listed.
    static let listedFailuresMax = 20

    /// What cannot be kept up to date now.
    ///
    /// - Parameters:
    ///   - names: the views; nil asks for all.
    ///   - connection: any connection.
    /// - Returns: at most `listedFailuresMax` failures, whole views first, and how many there are.
    /// - Throws: `.notInstalled`, `.database`.
    package static func failures(
        of names: [String]? = nil, on connection: borrowing Connection
    ) throws(ViewError) -> (listed: [ViewFailure], count: Int) {
        let schema = connection.schema
        let rows = try connection.texts(
            """
            SELECT view, kind, key, error, (count(*) OVER ())::text FROM \(schema).failure
            WHERE nullif($1, '') IS NULL OR view = ANY (nullif($1, '')::text[])
            ORDER BY kind <> 'view', view, key, kind LIMIT \(listedFailuresMax)
            """, [names.map(SQLText.array) ?? ""], columns: 5, doing: "reading failures")
        let listed = rows.compactMap { row -> ViewFailure? in
            guard let view = row[0], let kind = row[1].flatMap(ViewFailure.Kind.init(rawValue:)),
                let key = row[2], let error = row[3]
            else { return nil }
            return ViewFailure(view: view, kind: kind, key: key, schema: schema, error: error)
        }
        return (listed, rows.first.flatMap { row in row[4] }.flatMap { Int($0) } ?? 0)
    }
}
