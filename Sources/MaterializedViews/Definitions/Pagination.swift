// `-- paginate: 24 by name, id`: a statement of entries becomes a view of pages.
//
// The author's statement gives one row for each entry; the view has one row for each page, with
// the columns `page`, `pages`, `total` and `entries`. Columns of `key:`, if there are any, are
// groups with pages of their own. Everything that is added stands before the statement on its
// first line, or behind it, so that lines of PostgreSQL's messages stay those of the file. Entries
// are numbered once, not counted off anew for each page.

/// How the rows of a statement are cut into pages.
struct Pagination: Equatable {
    /// What is wrong with a header or with the statement below it.
    struct Problem: Error, Equatable {
        let line: Int
        let message: String
    }

    /// The columns that a view of pages has besides its groups.
    static let columns = ["page", "pages", "total", "entries"]

    /// The most entries of a page.
    private let size: Int
    /// The order of the entries, as SQL over the row `c`.
    private let order: String
    /// The columns that each have pages of their own.
    private let groups: [String]
    /// The columns of an entry.
    private let entry: [String]

    /// Reads a header.
    ///
    /// - Parameters:
    ///   - header: its value, `24 by name, id desc`, and its line.
    ///   - key: the columns of `key:`; none for one list of everything.
    ///   - statement: the statement's tokens, without comments.
    /// - Throws: what has to be changed.
    init(
        _ header: ViewHeader.Value, key: [String], of statement: ArraySlice<SQLToken>
    ) throws(Problem) {
        func problem(_ message: String) -> Problem { Problem(line: header.line, message: message) }
        let columns = try Self.columnNames(of: statement)
        let words = header.text.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count == 3, words[1].lowercasedASCII == "by", let size = Int(words[0]) else {
            throw problem(
                """
                `paginate: \(header.text)` is not understood. Write how many entries a page has \
                and their order, such as `-- paginate: 24 by name, id`.
                """)
        }
        guard (1...ViewLimits.entriesPerPageMax).contains(size) else {
            throw problem("A page has 1 to \(ViewLimits.entriesPerPageMax) entries.")
        }
        self.size = size
        order = try words[2].split(separator: ",", omittingEmptySubsequences: false).map {
            part throws(Problem) in
            try Self.order(String(part).trimmed, among: columns, line: header.line)
        }.joined(separator: ", ")
        for column in key where !columns.contains(column) {
            throw problem(
                "The statement gives no column \(column), by which `key:` groups the pages.")
        }
        if let taken = key.first(where: Self.columns.contains) {
            throw problem(
                "`key:` names \(taken), which `paginate:` adds itself. Take it out, or rename it.")
        }
        groups = key
        entry = columns.filter { column in !key.contains(column) }
        guard !entry.isEmpty, entry.count <= ViewLimits.entryColumnsMax else {
            throw problem(
                """
                An entry has 1 to \(ViewLimits.entryColumnsMax) columns besides those of `key:`; \
                this has \(entry.count).
                """)
        }
    }

    /// `name`, `name desc`, `name asc nulls last` as SQL.
    private static func order(
        _ text: String, among columns: [String], line: Int
    ) throws(Problem) -> String {
        let words = text.split(separator: " ").map(String.init)
        let way = words.dropFirst().joined(separator: " ").lowercasedASCII
        guard let column = words.first, directions.contains(way) else {
            throw Problem(
                line: line,
                message: "`\(text)` is no order. Write a column, and desc or nulls last behind it.")
        }
        guard columns.contains(column) else {
            let nearest = NearestName.of(column, in: columns).map { " Is it \($0)?" } ?? ""
            throw Problem(
                line: line,
                message: "The statement gives no column \(column) to order by.\(nearest)")
        }
        return "c.\(column.quotedName)\(way.isEmpty ? "" : " \(way)")"
    }

    private static let directions = Set(
        ["", "asc", "desc"].flatMap { way in
            ["", "nulls first", "nulls last"].map { "\(way) \($0)".trimmed }
        })

    // MARK: The statement

    /// The names of the columns of a statement: every column says its own.
    private static func columnNames(
        of statement: ArraySlice<SQLToken>
    ) throws(Problem) -> [String] {
        var columns: [String] = []
        for item in items(of: statement) {
            let names = item.filter { $0.kind == .word || $0.kind == .quotedName }
            let hasAlias = item.dropLast().last?.isWord("as") ?? false
            // `name`, `t.name`, `schema.t.name`.
            let isColumn = item.enumerated().allSatisfy { place, token in
                place % 2 == 0 ? names.contains(token) : token.isSymbol(".")
            }
            guard let last = item.last, names.last == last, hasAlias || isColumn else {
                throw Problem(
                    line: item.first?.line ?? 1,
                    message: """
                        `paginate:` has to know the names of the columns: write each one, as \
                        `t.name` or `… AS name`, and no `*`.
                        """)
            }
            if columns.contains(last.text) {
                throw Problem(
                    line: last.line, message: "The statement has two columns \(last.text).")
            }
            columns.append(last.text)
        }
        return columns
    }

    /// The items between SELECT and FROM, of the first SELECT that stands in no parentheses.
    private static func items(of statement: ArraySlice<SQLToken>) -> [ArraySlice<SQLToken>] {
        var depth = 0
        var start: Int?
        var items: [ArraySlice<SQLToken>] = []
        for index in statement.indices {
            let token = statement[index]
            if token.isSymbol("(") || token.isSymbol("[") { depth += 1 }
            if token.isSymbol(")") || token.isSymbol("]") { depth -= 1 }
            guard depth == 0 else { continue }
            guard let begin = start else {
                if token.isWord("select") { start = index + 1 }
                continue
            }
            if index == begin, token.isWord("distinct") || token.isWord("all") {
                start = index + 1
            } else if token.isSymbol(",") {
                items.append(statement[begin..<index])
                start = index + 1
            } else if ends.contains(token.text), token.kind == .word,
                !isInside(token, behind: statement[begin..<index])
            {
                return items + [statement[begin..<index]]
            }
        }
        return start.map { items + [statement[$0...]] } ?? items
    }

    /// Whether a word of `ends` is part of an item: `IS [NOT] DISTINCT FROM`, `f(…) WITHIN GROUP`.
    private static func isInside(_ token: SQLToken, behind item: ArraySlice<SQLToken>) -> Bool {
        let before = item.dropLast().last
        guard let last = item.last, let before else { return false }
        switch token.text {
        case "from": return last.isWord("distinct") && (before.isWord("is") || before.isWord("not"))
        case "group": return last.isWord("within") && before.isSymbol(")")
        default: return false
        }
    }

    /// The words that end a list of columns.
    private static let ends: Set<String> = [
        "from", "where", "group", "having", "window", "union", "intersect", "except", "order",
        "limit", "offset", "fetch",
    ]

    /// The statement of pages.
    ///
    /// - Parameter statement: the author's SELECT.
    /// - Returns: the whole, and how many characters stand before the author's first one.
    func pages(of statement: String) -> (sql: String, head: Int) {
        let object = entry.map { "\(SQLText.literal($0)), o.\($0.quotedName)" }
            .joined(separator: ", ")
        let entries = "json_agg(json_build_object(\(object)) ORDER BY o._place) AS entries"
        let parts = groups.map { "c.\($0.quotedName)" }.joined(separator: ", ")
        let numbered = """
            c.*, row_number() OVER (\(parts.isEmpty ? "" : "PARTITION BY \(parts) ")\
            ORDER BY \(order)) AS _place
            """
        let page = "((p._place - 1) / \(size) + 1)::int AS _page"
        if groups.isEmpty {
            let head = """
                SELECT n.page, a.pages, a.total, coalesce(k.entries, '[]') AS entries \
                FROM (SELECT count(*)::int AS total, \
                greatest(1, ceil(count(*) / \(size).0))::int AS pages FROM (
                """
            let tail = """
                ) c) a
                CROSS JOIN LATERAL generate_series(1, a.pages) AS n (page)
                LEFT JOIN (SELECT o._page, \(entries)
                    FROM (SELECT p.*, \(page) FROM (SELECT \(numbered) FROM (\(statement)) c) p) o
                    GROUP BY o._page) k ON k._page = n.page
                """
            return (head + statement + tail, head.unicodeScalars.count)
        }
        let group = groups.map { "o.\($0.quotedName)" }.joined(separator: ", ")
        let head = """
            SELECT \(group), o._page AS page, o._pages AS pages, o._total AS total, \(entries) \
            FROM (SELECT p.*, \(page), ((p._total - 1) / \(size) + 1)::int AS _pages \
            FROM (SELECT \(numbered), (count(*) OVER (PARTITION BY \(parts)))::int AS _total FROM (
            """
        let tail = ") c) p) o\nGROUP BY \(group), o._page, o._pages, o._total"
        return (head + statement + tail, head.unicodeScalars.count)
    }

    /// Text that is another one when the pages are other ones, for digests.
    var installed: String { "paginate: \(size) by \(order)" }
}
