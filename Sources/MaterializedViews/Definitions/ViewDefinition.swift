// A view as its author wrote it: one file of `site/database/`, parsed and checked.
//
// What a reader would get wrong: two digests. `digest` is of the file, comments included, because
// documentation and JSON types end up in generated Swift; `installDigest` is of what PostgreSQL
// sees, so that a better comment does not rebuild a materialized view.

/// One view file.
package struct ViewDefinition: Equatable, Sendable {
    /// The file's name without `.sql`; the view is `sitegen.<name>`.
    package let name: String
    /// The file as messages name it, such as `site/database/look_page.sql`.
    package let file: String
    /// The prose at the head, one element per line; an empty one ends a paragraph.
    package let documentation: [String]
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
    /// The ways to keys that the author declared.
    let watches: [DeclaredWatch]
    /// The statement: one SELECT or WITH, without its semicolon.
    package let sql: String
    /// The line on which `sql` begins.
    package let sqlLine: Int
    /// The views that the statement reads, sorted.
    package let references: [String]
    /// SHA-256 of the file with its line ends as LF, in hexadecimal.
    package let digest: String
    /// SHA-256 of strategy, key, times, watches and the statement's words, in hexadecimal.
    package let installDigest: String
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
    /// - Throws: `.definitions` with everything that is wrong in this file.
    package init(name: String, file: String, text: String) throws(ViewError) {
        let text = text.withUnixLineEnds
        var parser = DefinitionParser(name: name, file: file, text: text)
        let parsed = parser.parse()
        let errors = parser.problems.filter { problem in problem.severity == .error }
        guard let parsed, errors.isEmpty else {
            throw .definitions(
                errors.sorted { first, second in (first.line ?? 0) < (second.line ?? 0) })
        }
        self.name = name
        self.file = file
        documentation = parsed.header.documentation
        key = parsed.key
        refresh = parsed.refresh
        scope = parsed.scope
        nullable = parsed.nullable
        json = parsed.json
        publishAt = parsed.publishAt
        expireAt = parsed.expireAt
        watches = parsed.watches
        sql = parsed.sql
        sqlLine = parsed.sqlLine
        references = parsed.references
        digest = Digest.hexadecimal(of: text)
        installDigest = Digest.hexadecimal(
            of: Self.installed(parsed).joined(separator: "\u{1}"))
        headerLines = parsed.header.values.compactMapValues { values in values.first?.line }
        self.text = text
    }

    /// What PostgreSQL sees of a file.
    private static func installed(_ parts: DefinitionParser.Parts) -> [String] {
        var seen = [parts.refresh.rawValue, parts.key.joined(separator: ",")]
        seen += [("publish-at", parts.publishAt), ("expire-at", parts.expireAt)].compactMap {
            (header, column) in column.map { "\(header): \($0)" }
        }
        seen += parts.watches.map { "\($0.table.text)(\($0.column)): \($0.sql)" }
        return seen + parts.words
    }

    /// The line of the file in which the statement's character `position` (from 1) stands.
    func line(ofPosition position: Int) -> Int {
        let before = sql.unicodeScalars.prefix(max(0, position - 1))
        return sqlLine + before.count { scalar in scalar == "\n" }
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
