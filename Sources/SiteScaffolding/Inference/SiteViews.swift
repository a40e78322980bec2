// The statements of a site's views: per table a card (name and address), a page and a list; a front
// page for all.
//
// Cards have the rules about what is shown, and everything else reads cards: a row that is hidden
// is hidden everywhere. Every list is ordered down to a key, and nothing depends on the session or
// the clock: what `db apply` would warn about is never written. So that PostgreSQL can describe a
// statement before there are any views, `source` says what stands in a card's place.

/// Writes view files.
struct SiteViews {
    /// What FROM says for a card; `sitegen.album_card` in files.
    var source: (PageReference) -> String = { "sitegen.\($0.card)" }
    /// Whether texts can be taken apart into letters and marks.
    var isUnicode = true

    // MARK: Cards

    /// The view of names and addresses.
    func card(_ page: PageTable) -> ViewText {
        var text = ViewText(
            name: page.card,
            prose: [
                "What rows of \(page.table.shown.oneLine) are called and where their pages are: "
                    + "part of other views."
            ], key: "id")
        if let from = page.rules.from {
            text.add("\(time(from)) AS shown_from")
            text.headers.append("publish-at: shown_from")
        }
        if let until = page.rules.until {
            text.add("\(time(until)) AS shown_until")
            text.headers.append("expire-at: shown_until")
            text.nullable.append("shown_until")
        }
        text.columns.insert(
            contentsOf: ["t.\(page.key.quoted) AS id", "\(slug(of: page)) AS slug", "n.name"],
            at: 0)
        var conditions = page.rules.conditions
        if !page.key.base.isPlainKey {
            conditions.append(
                "octet_length(t.\(page.key.quoted)::text) <= \(ScaffoldingLimits.keyTextBytes)")
        }
        text.from = """
            FROM \(page.table.quoted) t
            CROSS JOIN LATERAL (SELECT \(label(of: page)) AS name) n
            """ + where_(conditions)
        return text
    }

    /// A time as one with a zone.
    private func time(_ column: DatabaseColumn) -> String {
        let name = "t.\(column.quoted)"
        switch column.base {
        case .builtIn("date"): return "(\(name)::timestamp AT TIME ZONE 'UTC')"
        case .builtIn("timestamp"): return "(\(name) AT TIME ZONE 'UTC')"
        default: return name
        }
    }

    /// A row's name: never NULL, never empty.
    private func label(of page: PageTable) -> String {
        let key = "t.\(page.key.quoted)::text"
        let fallback = "\((page.heading + " ").sqlLiteral) || \(key)"
        let parts = page.label.map { "t.\($0.quoted)::text" }
        guard !parts.isEmpty else { return "(\(fallback)) COLLATE \"default\"" }
        // Spaces of all kinds, and marks that nobody sees or that turn text around.
        let spaces =
            isUnicode
            ? #"[\s\u0001-\u001f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"# : #"\s+"#
        let text =
            parts.count == 1
            ? parts[0] : parts.map { "coalesce(\($0), '')" }.joined(separator: " || ' ' || ")
        return """
            coalesce(
                nullif(left(btrim(regexp_replace(
                    (\(text)) COLLATE "C",
                    '\(spaces)', ' ', 'g')), \(ScaffoldingLimits.labelCharacters)), ''),
                \(fallback)) COLLATE "default"
            """
    }

    /// A row's part of the address: unique, and nothing in it has to be encoded.
    private func slug(of page: PageTable) -> String {
        let key = "t.\(page.key.quoted)::text"
        guard let slug = page.slug else {
            return """
                rtrim(
                        \(key) || '-' || \(words("n.name")), '-')
                """
        }
        let text = "t.\(slug.quoted)::text"
        let mark =
            page.key.base.isPlainKey ? key : "left(md5(\(key) COLLATE \"C\"), 12)"
        return """
            CASE
                    WHEN \(text) COLLATE "C" ~ '^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$'
                        AND length(\(text)) <= \(ScaffoldingLimits.plainSlugCharacters)
                        THEN \(text)
                    ELSE coalesce(\(words(text)), '') || '~' || \(mark)
                END COLLATE "default"
            """
    }

    /// A text's words in small letters with hyphens between them; empty if there are none.
    private func words(_ text: String) -> String {
        let plain =
            isUnicode
            ? """
            regexp_replace(
                            normalize(\(text), NFKD) COLLATE "C", '[\\u0300-\\u036f]', '', 'g')
            """
            : "(\(text) COLLATE \"C\")"
        return """
            trim(both '-' from left(regexp_replace(
                        lower(\(plain)),
                        '[^a-z0-9]+', '-', 'g'), \(ScaffoldingLimits.slugCharacters)))
            """
    }

    // MARK: Pages

    /// The view of the pages.
    func page(_ page: PageTable) -> ViewText {
        var prose = ["The page of one row of \(page.table.shown.oneLine)."]
        if let comment = page.table.comment?.oneLine, !comment.isEmpty {
            prose.append("Comment of the table: \(comment.prefix(80))")
        }
        var text = ViewText(name: "\(page.base)_page", prose: prose, key: "id")
        text.columns = ["t.\(page.key.quoted) AS id", "k.slug", "k.name"]
        if let modified = page.modified {
            let time = time(modified)
            text.add(
                """
                CASE
                        WHEN \(time) >= timestamptz '1970-01-01 00:00:00+00'
                            AND \(time) < timestamptz '9999-01-01 00:00:00+00'
                            THEN \(time)
                    END AS modified
                """)
            text.nullable.append("modified")
        }
        for fact in page.texts + page.facts { add(fact, to: &text) }
        for count in page.counts {
            text.add(
                """
                (SELECT count(*) FROM \(count.table.quoted) t1
                     WHERE t1.\(count.column.quoted) = t.\(page.key.quoted)\
                \(count.conditions.map { " AND " + $0.replacingRow("t1") }.joined())) \
                AS \(count.alias)
                """)
        }
        for list in page.lists { add(list, key: page.key, to: &text) }
        text.from = """
            FROM \(page.table.quoted) t
            JOIN \(source(PageReference(base: page.base))) k ON k.id = t.\(page.key.quoted)
            """
        return text
    }

    private func add(_ fact: PageFact, to text: inout ViewText) {
        if fact.isNullable { text.nullable.append(fact.alias) }
        switch fact.kind {
        case .link(let target):
            text.add(
                """
                (SELECT json_build_object('slug', k.slug, 'name', k.name)
                     FROM \(source(target)) k
                     WHERE k.id = \(fact.sql)) AS \(fact.alias)
                """)
            text.json.append("\(fact.alias) NamedLink\(fact.isNullable ? "?" : "")")
        case .fields(let type, let fields):
            let pairs = fields.map { field in
                "\(field.property.sqlLiteral), \(fact.sql) ->> \(field.key.sqlLiteral)"
            }
            text.add(
                """
                CASE WHEN \(fact.sql) IS NOT NULL THEN json_build_object(
                        \(pairs.joined(separator: ",\n        "))) END AS \(fact.alias)
                """)
            text.json.append("\(fact.alias) \(type)?")
        default:
            text.add(
                fact.sql == "t.\(fact.alias)" ? fact.sql : "\(fact.sql) AS \(fact.alias)")
        }
    }

    private func add(_ list: RelatedList, key: DatabaseColumn, to text: inout ViewText) {
        let rows = """
            FROM \(list.table.quoted) o
                       JOIN \(source(list.target)) c ON c.id = o.\(list.cardColumn.quoted)
                       WHERE o.\(list.column.quoted) = t.\(key.quoted)
            """
        text.add(
            """
            (SELECT coalesce(json_agg(json_build_object('slug', l.slug, 'name', l.name)
                        ORDER BY l.name, l.id), '[]')
                 FROM (SELECT c.id, c.slug, c.name
                       \(rows)
                       ORDER BY c.name, c.id
                       LIMIT \(ScaffoldingLimits.linksPerList)) l) AS \(list.alias)
            """)
        text.add("(SELECT count(*)\n           \(rows)) AS \(list.countAlias)")
        text.json.append("\(list.alias) [NamedLink]")
    }

    // MARK: Lists

    /// The view of the list's pages.
    func list(_ page: PageTable) -> ViewText {
        Self.list(
            name: "\(page.base)_list", prose: "All rows of \(page.table.shown.oneLine) by name",
            size: ScaffoldingLimits.linksPerPage, from: source(PageReference(base: page.base)),
            order: "c.name, c.id")
    }

    /// A view that cuts rows with a slug and a name into pages; the first is there in any case.
    static func list(
        name: String, prose: String, size: Int, from source: String, order: String
    ) -> ViewText {
        var text = ViewText(name: name, prose: ["\(prose), \(size) a page."], key: "page")
        text.json = ["entries [NamedLink]"]
        text.columns = [
            "n.page", "a.pages", "a.total", "coalesce(k.entries, '[]') AS entries",
        ]
        text.from = """
            FROM (SELECT count(*)::int AS total,
                      greatest(1, ceil(count(*) / \(size).0))::int AS pages
                  FROM \(source) c) a
            CROSS JOIN LATERAL generate_series(1, a.pages) AS n (page)
            LEFT JOIN (
                SELECT o.page, json_agg(json_build_object('slug', o.slug, 'name', o.name)
                    ORDER BY o.place) AS entries
                FROM (SELECT p.slug, p.name, p.place, ((p.place - 1) / \(size) + 1)::int AS page
                      FROM (SELECT c.slug, c.name, row_number() OVER (ORDER BY \(order)) AS place
                            FROM \(source) c) p) o
                GROUP BY o.page) k ON k.page = n.page
            """
        return text
    }

    // MARK: The front page

    /// The view of the front page; one row.
    func home(_ sections: [HomeSection]) -> ViewText {
        var text = ViewText(
            name: "home", prose: ["The front page: of each section its size and its first names."],
            key: "edition")
        text.columns = ["1 AS edition"]
        for section in sections {
            let source = source(section.target)
            text.add("(SELECT count(*) FROM \(source) c) AS \(section.countAlias)")
            text.add(
                """
                (SELECT coalesce(json_agg(json_build_object('slug', l.slug, 'name', l.name)
                            ORDER BY l.name, l.id), '[]')
                     FROM (SELECT c.id, c.slug, c.name
                           FROM \(source) c
                           ORDER BY c.name, c.id
                           LIMIT \(ScaffoldingLimits.linksPerSection)) l) AS \(section.firstAlias)
                """)
            text.json.append("\(section.firstAlias) [NamedLink]")
        }
        return text
    }

    private func where_(_ conditions: [String]) -> String {
        conditions.isEmpty ? "" : "\nWHERE " + conditions.joined(separator: "\n  AND ")
    }
}

/// A section of the front page.
struct HomeSection: Equatable {
    let heading: String
    let target: PageReference
    let folder: String
    let countAlias: String
    let firstAlias: String

    /// The sections of these tables, with names for their columns.
    static func of(_ pages: [PageTable]) -> [HomeSection] {
        var names = NameRegistry.columns(["edition", "rev"])
        return pages.map { page in
            HomeSection(
                heading: page.heading, target: PageReference(base: page.base), folder: page.folder,
                countAlias: names.take("\(page.base)_count"),
                firstAlias: names.take("\(page.base)_first"))
        }
    }
}
