// The settings of PostgreSQL that change what a statement answers, in one place.
//
// Most have one value for every machine: a text that depends on the session would make pages differ
// between machines, and a link would not be read back as it was written. The language of dates,
// money and text search is the database's own: it is taken when a view is installed, set in
// the view's functions, and remembered (`ViewMeaning`), so that another value makes `db status` ask
// for `db apply`, which compares all rows. What a reader would get wrong: each SET of a function
// costs every call, so trigger functions get those of texts only, and views the language only
// where they read it. timezone_abbreviations is left out: setting it reads a file each time.

import Postgres

/// Settings that results depend on.
enum PinnedSettings {
    /// Those that decide how values are written and read.
    static let ofTexts = [
        ("TimeZone", "UTC"), ("DateStyle", "ISO, YMD"), ("IntervalStyle", "iso_8601"),
        ("bytea_output", "hex"), ("extra_float_digits", "1"),
    ]

    /// Those that decide what statements answer, besides.
    static let ofAnswers = [
        ("xmlbinary", "base64"), ("xmloption", "content"), ("array_nulls", "on"),
        ("quote_all_identifiers", "off"), ("transform_null_equals", "off"),
        ("standard_conforming_strings", "on"), ("row_security", "on"),
        ("gin_fuzzy_search_limit", "0"),
    ]

    /// The one that says how words are searched for.
    static let searchConfiguration = "default_text_search_config"

    /// Those that are the database's own.
    private static let language = [
        searchConfiguration, "lc_monetary", "lc_numeric", "lc_time",
    ]

    /// For the rest of a transaction.
    static let local = (ofTexts + ofAnswers)
        .map { "SET LOCAL \($0.0) = '\($0.1)';" }.joined(separator: " ")

    /// For a function, while it runs.
    static func clauses(_ settings: [(String, String)]) -> String {
        settings.map { "SET \($0.0) = '\($0.1.replacingQuotes)'" }.joined(separator: " ")
    }

    /// The database's own settings, as this session has them.
    static func session(
        on connection: borrowing Connection
    ) throws(ViewError) -> [String: String] {
        let rows = try connection.texts(
            "SELECT s.name, current_setting(s.name) FROM unnest($1::text::text[]) AS s (name)",
            [SQLText.array(language)], columns: 2, doing: "reading settings")
        return Dictionary(
            rows.map { ($0[0] ?? "", $0[1] ?? "") }, uniquingKeysWith: { first, _ in first })
    }

    /// The names of the database's own settings that functions read.
    static func names(readBy functions: Set<Int>, _ library: StatementLibrary) -> [String] {
        var names: Set<String> = []
        for function in functions {
            guard let routine = library.routines[function] else { continue }
            if !routine.isBuiltIn {
                // Its text is not looked into, and may call anything.
                if !routine.isParsed, routine.language != "c" { names.formUnion(language) }
            } else if Self.searching.contains(routine.name.name) {
                names.insert(searchConfiguration)
            } else if Self.formatting.contains(routine.name.name) {
                names.formUnion(["lc_monetary", "lc_numeric", "lc_time"])
            } else if routine.argumentTypes.contains(money) {
                names.insert("lc_monetary")
            }
        }
        return names.sorted()
    }

    /// The values of those that the statements of incremental views read, by view.
    static func needed(
        by views: [String], on connection: borrowing Connection
    ) throws(ViewError) -> [String: [String: String]] {
        guard !views.isEmpty else { return [:] }
        let rows = try connection.texts(
            """
            SELECT substr(c.relname::text, 5), c.oid::text FROM pg_catalog.pg_class c
            WHERE c.relnamespace = to_regnamespace('\(connection.schema)') AND c.relkind = 'v'
                AND c.relname = ANY ($1::text::text[])
            """, [SQLText.array(views.map { "def_\($0)" })], columns: 2,
            doing: "looking for statements of views")
        let oids = rows.compactMap { row in row[1].flatMap { Int($0) } }
        let trees = try ViewTree.read(Set(oids), on: connection)
        let library = try StatementLibrary.read(trees.values, on: connection)
        let values = try session(on: connection)
        var needed: [String: [String: String]] = [:]
        for row in rows {
            guard let name = row[0], let tree = row[1].flatMap({ Int($0) }).flatMap({ trees[$0] })
            else { continue }
            let names = names(readBy: library.reach(of: tree).functions, library)
            needed[name] = values.filter { names.contains($0.key) }
        }
        return needed
    }

    private static let money = 790
    private static let searching: Set<String> = [
        "to_tsvector", "to_tsquery", "plainto_tsquery", "phraseto_tsquery",
        "websearch_to_tsquery", "ts_headline", "json_to_tsvector", "jsonb_to_tsvector",
        "ts_match_tt", "ts_match_tq", "get_current_ts_config",
    ]
    private static let formatting: Set<String> = [
        "to_char", "to_number", "to_date", "to_timestamp",
    ]
}

extension String {
    /// The text between the quotes of an SQL string.
    fileprivate var replacingQuotes: String {
        split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
    }
}
