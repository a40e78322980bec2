// A `-- watch:` line of a view file: a way from a table to the view's keys that the statement does
// not show, because a function reads the table or because no equality leads there.
//
// The statement gets the values of the column before and after a change as array `$1`, and gives
// the keys that depend on them. Whether it gives all of them is what `sitegen db verify` tries out.

import Postgres

/// A declared way from a table to keys.
struct DeclaredWatch: Equatable, Sendable {
    let table: QualifiedName
    let column: String
    /// One SELECT with the parameter `$1`.
    let sql: String
    /// The line of the file.
    let line: Int

    /// Parses `schema.table(column): SELECT … $1 …`; a table without schema is in `public`.
    init?(_ text: String, line: Int, in site: SiteSchema) {
        guard let open = text.firstIndex(of: "("),
            let close = text[open...].firstIndex(of: ")")
        else { return nil }
        let name = text[..<open].split(separator: ".", omittingEmptySubsequences: false)
            .map { String($0).trimmed }
        let column = String(text[text.index(after: open)..<close]).trimmed
        let rest = text[text.index(after: close)...]
        guard rest.first == ":", (1...2).contains(name.count), !name.contains(""), !column.isEmpty
        else { return nil }
        let sql = String(rest.dropFirst()).trimmed
        guard let tokens = try? SQLLexer.tokens(of: sql), let first = tokens.first,
            first.isWord("select") || first.isWord("with"),
            tokens.contains(where: { $0.kind == .parameter && $0.text == "$1" }),
            tokens.allSatisfy({ $0.kind != .parameter || $0.text == "$1" }),
            !tokens.contains(where: { $0.isSymbol(";") || $0.kind == .comment })
        else { return nil }
        table = QualifiedName(
            schema: name.count < 2
                ? "public" : name[0] == SiteSchema.authored ? site.description : name[0],
            name: name[name.count - 1])
        self.column = column
        self.sql = site.statement(sql, tokens)
        self.line = line
    }
}
