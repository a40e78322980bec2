// Turns the text of a view file into its parts, and gathers everything that is wrong with it.
//
// The checks here need no database: header lines, one statement and no parameter, names that fit.
// Whether a column exists is asked later, of PostgreSQL (`ViewDescription`).

import Postgres

/// Parses one view file; the problems stay in `problems`.
struct DefinitionParser {
    /// The parts of a file without problems.
    struct Parts {
        var header: ViewHeader
        var key: [String] = []
        var refresh = RefreshStrategy.incremental
        var scope = RowScope.shared
        var nullable: Set<String> = []
        var json: [String: JSONColumnType] = [:]
        var publishAt: String?
        var expireAt: String?
        var draft: String?
        var watches: [DeclaredWatch] = []
        var sql = ""
        var sqlLine = 1
        /// The characters of `sql` that stand before the author's first one.
        var sqlHead = 0
        /// How many characters of `sql` are the author's, from there on.
        var sqlLength = 0
        var pagination: Pagination?
        var moved: String?
        var references: [String] = []
        /// The statement's tokens without comments, each with a mark of its kind.
        var words: [String] = []
    }

    let name: String
    let file: String
    let text: String
    /// The schema of the site.
    let schema: SiteSchema
    private(set) var problems: [DefinitionProblem] = []

    init(name: String, file: String, text: String, schema: SiteSchema) {
        self.name = name
        self.file = file
        self.text = text
        self.schema = schema
    }

    /// The names that the schema of a site keeps for itself, now or in strategies to come.
    private static let reserved = Set(
        CoreScript.tables.flatMap { table in [table, "\(table)_pkey", "\(table)_key"] }
            + ["rev", "step", "schedule_at", "watch_id_seq", "watch_tbl_col_part_key"])

    /// Parses the text; nil when there is nothing sensible to give back.
    mutating func parse() -> Parts? {
        checkName()
        guard text.utf8.count <= ViewLimits.fileBytesMax else {
            report(nil, "The file is larger than \(ViewLimits.fileBytesMax) bytes.")
            return nil
        }
        guard !text.utf8.contains(0) else {
            report(nil, "The file holds a NUL byte. Save it as UTF-8 text.")
            return nil
        }
        let tokens: [SQLToken]
        do {
            tokens = try SQLLexer.tokens(of: text)
        } catch {
            report(error.line, error.message + ".")
            return nil
        }
        var parts = Parts(header: ViewHeader(tokens: tokens, file: file))
        problems += parts.header.problems
        readHeader(into: &parts)
        let statement = tokens.filter { token in token.kind != .comment }
        readStatement(statement, into: &parts)
        paginate(statement[...], &parts)
        return parts
    }

    private mutating func report(_ line: Int?, _ message: String) {
        problems.append(DefinitionProblem(file, line, message))
    }

    private mutating func checkName() {
        if !Self.isViewName(name) {
            report(
                nil,
                """
                The file's name is the view's name: a–z first, then a–z, 0–9 and _, at most \
                \(ViewLimits.nameBytesMax) letters. Rename the file.
                """)
        } else if Self.reserved.contains(name) || name.hasPrefix("def_") || name.hasPrefix("v_") {
            report(nil, "The name \(name) is kept for sitegen's own tables. Rename the file.")
        }
    }

    /// Whether `name` may be the name of a view.
    static func isViewName(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= ViewLimits.nameBytesMax else {
            return false
        }
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
            && name.utf8.allSatisfy { byte in
                SwiftName.isIdentifierPart(byte) && !(0x41...0x5A).contains(byte)
            }
    }

    // MARK: The header

    private mutating func readHeader(into parts: inout Parts) {
        if let value = parts.header.values["key"]?.first {
            parts.key = columns(value)
            if parts.key.isEmpty {
                report(value.line, "`key:` names no column. Write, for example, `-- key: slug`.")
            } else if Set(parts.key).count != parts.key.count {
                report(value.line, "`key:` names a column twice.")
            } else if parts.key.count > ViewLimits.keyColumnsMax {
                report(value.line, "A key has at most \(ViewLimits.keyColumnsMax) columns.")
            }
        } else if parts.header.values["paginate"] == nil,
            !parts.header.problems.contains(where: { $0.message.contains("`key:`") })
        {
            report(
                1,
                "The header has no key. Add a line such as `-- key: slug`: the columns that "
                    + "tell one row from all others.")
        }
        if let value = parts.header.values["refresh"]?.first {
            parts.refresh = choice(value, "refresh") ?? .incremental
        }
        if let value = parts.header.values["scope"]?.first {
            parts.scope = choice(value, "scope") ?? .shared
        }
        for value in parts.header.values["nullable"] ?? [] {
            parts.nullable.formUnion(columns(value))
        }
        for value in parts.header.values["json"] ?? [] { readJSON(value, into: &parts) }
        parts.publishAt = shown("publish-at", of: parts)
        parts.expireAt = shown("expire-at", of: parts)
        parts.draft = shown("draft", of: parts, type: "boolean")
        for value in parts.header.values["watch"] ?? [] { readWatch(value, into: &parts) }
        parts.moved = moved(of: parts)
        for column in parts.key where parts.nullable.contains(column) {
            report(
                parts.header.values["nullable"]?.first?.line,
                "\(column) belongs to the key, so it is never NULL. Take it out of `nullable:`.")
        }
    }

    /// The value of a header that allows a few words only.
    private mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ value: ViewHeader.Value, _ header: String
    ) -> Choice? where Choice.RawValue == String {
        if let choice = Choice(rawValue: value.text) { return choice }
        let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        report(
            value.line, "`\(header): \(value.text)` is unknown. Allowed are \(allowed).")
        return nil
    }

    /// A list of columns, separated by commas.
    private mutating func columns(_ value: ViewHeader.Value) -> [String] {
        var columns: [String] = []
        for item in value.text.split(separator: ",", omittingEmptySubsequences: false) {
            let column = String(item).trimmed
            if isColumnName(column) {
                columns.append(column)
            } else if !column.isEmpty || value.text.contains(",") {
                report(
                    value.line,
                    "`\(column)` is not a column's name. Separate the columns by commas.")
            }
        }
        return columns
    }

    private func isColumnName(_ name: String) -> Bool {
        guard let first = name.utf8.first else { return false }
        return name.utf8.count <= ViewLimits.columnNameBytesMax && !SwiftName.isDigit(first)
            && name.utf8.allSatisfy(SwiftName.isIdentifierPart)
    }

    /// `column Type; column Type`.
    private mutating func readJSON(_ value: ViewHeader.Value, into parts: inout Parts) {
        for item in value.text.split(separator: ";") {
            let text = String(item).trimmed
            guard !text.isEmpty else { continue }
            let column = String(text.prefix { character in !character.isWhitespace })
            let type = String(text.dropFirst(column.count)).trimmed
            guard isColumnName(column) else {
                report(value.line, "`\(column)` is not a column's name.")
                continue
            }
            guard let parsed = JSONColumnType(type) else {
                report(
                    value.line,
                    """
                    `\(type)` is not a Swift type for \(column). \
                    Write, for example, `-- json: images [LookImage]; next LookLink?`.
                    """)
                continue
            }
            if parts.json.updateValue(parsed, forKey: column) != nil {
                report(value.line, "`json:` names \(column) twice.")
            }
            if parsed.isOptional { parts.nullable.insert(column) }
        }
    }

    /// The one column of a header that decides whether a row is shown; only incremental views hide
    /// rows.
    private mutating func shown(
        _ header: String, of parts: Parts, type: String = "timestamptz"
    ) -> String? {
        guard let value = parts.header.values[header]?.first else { return nil }
        let names = columns(value)
        guard names.count == 1 else {
            report(value.line, "`\(header):` names one column, of type \(type).")
            return nil
        }
        if parts.refresh != .incremental {
            report(
                value.line,
                "`\(header):` works with `refresh: incremental` only. Take one of the two out.")
        }
        return names[0]
    }

    /// The one column of `moved:`; what it tells apart are rows that keep their key.
    private mutating func moved(of parts: Parts) -> String? {
        guard let value = parts.header.values["moved"]?.first else { return nil }
        let names = columns(value)
        let fault: String? =
            if names.count != 1 {
                "names one column, of type text, such as `-- moved: slug`"
            } else if parts.refresh != .incremental {
                "works with `refresh: incremental` only"
            } else if parts.header.values["paginate"] != nil {
                "is about rows, and `paginate:` makes pages of them. Put it into the view of a row"
            } else if parts.key.contains(names[0]) {
                "names a column of the key. A row that has another key is another row: let the key "
                    + "be what stays, such as `-- key: id`"
            } else {
                nil
            }
        if let fault { report(value.line, "`moved:` \(fault).") }
        return fault == nil ? names[0] : nil
    }

    /// `schema.table(column): SELECT … = ANY ($1)`.
    private mutating func readWatch(_ value: ViewHeader.Value, into parts: inout Parts) {
        guard let watch = DeclaredWatch(value.text, line: value.line, in: schema) else {
            report(
                value.line,
                """
                `watch:` names a table, a column and a SELECT of the keys that depend on it: \
                `-- watch: shop.tag(name): SELECT slug FROM shop.item WHERE tag = ANY ($1)`.
                """)
            return
        }
        if parts.refresh != .incremental {
            report(value.line, "`watch:` works with `refresh: incremental` only. Take it out.")
        }
        parts.watches.append(watch)
    }

    // MARK: The statement

    private mutating func readStatement(_ tokens: [SQLToken], into parts: inout Parts) {
        guard let first = tokens.first else {
            report(1, "The file holds no statement. Write one SELECT.")
            return
        }
        if !first.isWord("select"), !first.isWord("with") {
            report(
                first.line,
                "A view is one SELECT, or WITH … SELECT; this begins with \(first.text).")
        }
        var statement = tokens[...]
        while let last = statement.last, last.isSymbol(";") { statement.removeLast() }
        if let semicolon = statement.first(where: { token in token.isSymbol(";") }) {
            report(
                semicolon.line,
                "A view is exactly one statement. Put what follows this semicolon elsewhere.")
        }
        for token in statement where token.kind == .parameter {
            report(token.line, "\(token.text): a view has no parameters.")
        }
        if let last = statement.last {
            let bytes = Array(text.utf8)[first.range.lowerBound..<last.range.upperBound]
            parts.sql = schema.statement(
                String(decoding: bytes, as: UTF8.self), Array(statement),
                from: first.range.lowerBound)
            parts.sqlLine = first.line
        }
        parts.references = references(in: Array(statement))
        parts.words = statement.map { token in "\(token.kind) \(token.text)" }
    }

    /// Makes pages of the statement's rows, if the header says so.
    private mutating func paginate(_ statement: ArraySlice<SQLToken>, _ parts: inout Parts) {
        parts.sqlLength = parts.sql.unicodeScalars.count
        guard let header = parts.header.values["paginate"]?.first, !parts.sql.isEmpty else {
            return
        }
        do throws(Pagination.Problem) {
            let pagination = try Pagination(header, key: parts.key, of: statement)
            (parts.sql, parts.sqlHead) = pagination.pages(of: parts.sql)
            parts.key.append("page")
            parts.pagination = pagination
        } catch {
            report(error.line, error.message)
        }
    }

    /// The views that are named as `sitegen.<view>`.
    private mutating func references(in tokens: [SQLToken]) -> [String] {
        var names: Set<String> = []
        // `sitegen.look_page.slug` names a column: the view is the same.
        for index in SiteSchema.mentions(in: tokens) {
            let target = tokens[index + 2]
            guard target.kind == .word || target.kind == .quotedName else { continue }
            if index + 3 < tokens.count, tokens[index + 3].isSymbol("(") { continue }
            if target.text == name {
                report(target.line, "The view reads itself.")
            } else {
                names.insert(target.text)
            }
        }
        return names.sorted()
    }
}
