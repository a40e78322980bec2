// A view as its author wrote it: one file of `site/database/`, parsed and checked.
//
// What a reader would get wrong: two digests. `digest` is of the file, comments included, because
// documentation and JSON types end up in generated Swift; `installDigest` is of what PostgreSQL
// sees, so that a better comment does not rebuild a materialized view.

package import Postgres

/// One view file.
package struct ViewDefinition: Equatable, Sendable {
    /// The file's name without `.sql`; the view is `sitegen.<name>`, or has the site's schema.
    package let name: String
    /// The schema of the site.
    let schema: SiteSchema
    /// The file as messages name it, such as `site/database/look_page.sql`.
    package let file: String
    /// The prose at the head, one element per line; an empty one ends a paragraph.
    let documentation: [String]
    /// The columns that identify a row, in order; at least one.
    package let key: [String]
    /// How its rows are kept.
    package let refresh: RefreshStrategy
    /// Who may see its rows.
    package let scope: RowScope
    /// The columns that may be NULL.
    package let nullable: Set<String>
    /// The JSON columns that are read as a Swift type of the author's.
    package let json: [String: JSONColumnType]
    /// The column before whose time a row is not in the view; NULL keeps it out.
    let publishAt: String?
    /// The column at whose time a row leaves the view; NULL keeps it in.
    let expireAt: String?
    /// The column of rows that only previews show; nil for none.
    let draft: String?
    /// The column whose earlier texts are kept, so that old addresses lead to new ones; nil for
    /// none.
    let moved: String?
    /// The ways to keys that the author declared.
    let watches: [DeclaredWatch]
    /// The statement: one SELECT or WITH, without its semicolon; where `paginate:` stands, around
    /// the author's.
    package let sql: String
    /// The line on which the author's statement begins.
    let sqlLine: Int
    /// Which characters of `sql` are the author's.
    private let authored: Range<Int>
    /// The views that the statement reads, sorted.
    package let references: [String]
    /// SHA-256 of the file with its line ends as LF, in hexadecimal.
    package let digest: String
    /// SHA-256 of strategy, key, times, watches and the statement's words, in hexadecimal.
    let installDigest: String
    /// The line of each header, by its word.
    let headerLines: [String: Int]
    /// The whole file, with its line ends as LF.
    let text: String

    /// Parses the text of a view file.
    ///
    /// - Parameters:
    ///   - name: the file's name without `.sql`.
    ///   - file: the file as messages should name it.
    ///   - text: what the file holds.
    ///   - schema: the schema of the site, which is what `sitegen.` means in the file.
    /// - Throws: `.definitions` with everything that is wrong in this file.
    package init(
        name: String, file: String, text: String, in schema: SiteSchema = .unnamed
    ) throws(ViewError) {
        let text = text.withUnixLineEnds
        var parser = DefinitionParser(name: name, file: file, text: text, schema: schema)
        let parsed = parser.parse()
        let errors = parser.problems.filter { problem in problem.severity == .error }
        guard let parsed, errors.isEmpty else {
            throw .definitions(
                errors.sorted { first, second in (first.line ?? 0) < (second.line ?? 0) })
        }
        self.name = name
        self.schema = schema
        self.file = file
        documentation = parsed.header.documentation
        key = parsed.key
        refresh = parsed.refresh
        scope = parsed.scope
        nullable = parsed.nullable
        json = parsed.json
        publishAt = parsed.publishAt
        expireAt = parsed.expireAt
        draft = parsed.draft
        moved = parsed.moved
        watches = parsed.watches
        sql = parsed.sql
        sqlLine = parsed.sqlLine
        authored = parsed.sqlHead..<(parsed.sqlHead + parsed.sqlLength)
        references = parsed.references
        digest = Digest.hexadecimal(of: text)
        installDigest = Digest.hexadecimal(
            of: Self.installed(parsed).joined(separator: "\u{1}"))
        headerLines = parsed.header.values.compactMapValues { values in values.first?.line }
        self.text = text
    }

    /// The view or its rows, in SQL.
    var relation: String { schema.view(name) }

    /// The statement of an incremental view, as a view of its own.
    var statement: String { schema.statement(of: name) }

    /// What PostgreSQL sees of a file.
    private static func installed(_ parts: DefinitionParser.Parts) -> [String] {
        var seen = [parts.refresh.rawValue, parts.key.joined(separator: ",")]
        seen += [
            ("publish-at", parts.publishAt), ("expire-at", parts.expireAt), ("draft", parts.draft),
        ].compactMap {
            (header, column) in column.map { "\(header): \($0)" }
        }
        seen += parts.watches.map { "\($0.table.text)(\($0.column)): \($0.sql)" }
        seen += parts.moved.map { ["moved: \($0)"] } ?? []
        return seen + (parts.pagination.map { [$0.installed] } ?? []) + parts.words
    }

    /// That a row is seen at a time, as SQL.
    ///
    /// - Parameters:
    ///   - alias: what the statement's rows are called.
    ///   - time: SQL of the time.
    ///   - hasDrafts: whether rows are seen that are drafts, or have no time to publish at.
    /// - Returns: the condition; nil for a view of which every row is.
    func isSeen(_ alias: String, at time: String, hasDrafts: Bool = false) -> String? {
        var conditions: [String] = []
        if let column = publishAt.map({ "\(alias).\($0.quotedName)" }) {
            conditions.append(
                hasDrafts ? "(\(column) IS NULL OR \(column) <= \(time))" : "\(column) <= \(time)")
        }
        if let column = expireAt.map({ "\(alias).\($0.quotedName)" }) {
            conditions.append("(\(column) IS NULL OR \(column) > \(time))")
        }
        if let column = draft, !hasDrafts {
            conditions.append("\(alias).\(column.quotedName) IS NOT TRUE")
        }
        return conditions.isEmpty ? nil : conditions.joined(separator: " AND ")
    }

    /// The line of the file in which the statement's character `position` (from 1) stands; what
    /// `paginate:` has added stands on its line.
    func line(ofPosition position: Int) -> Int {
        if let line = headerLines["paginate"], !authored.contains(position - 1) { return line }
        let before = sql.unicodeScalars.prefix(max(0, position - 1))
        return sqlLine + before.count { scalar in scalar == "\n" }
    }

    /// The last line of the statement with the name that a message has in quotes; nil if none has.
    func line(ofNameIn message: String) -> Int? {
        guard let name = message.split(separator: "\"").dropFirst().first else { return nil }
        let lines = sql.split(separator: "\n", omittingEmptySubsequences: false)
        let last = lines.lastIndex { line in
            line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains(name)
        }
        return last.map { sqlLine + $0 }
    }
}

extension String {
    /// CR LF and lone CR as LF: the same file from another system has the same digest.
    var withUnixLineEnds: String {
        guard utf8.contains(0x0D) else { return self }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        var previous: UInt8 = 0
        for byte in utf8 {
            if byte == 0x0D {
                bytes.append(0x0A)
            } else if byte != 0x0A || previous != 0x0D {
                bytes.append(byte)
            }
            previous = byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
