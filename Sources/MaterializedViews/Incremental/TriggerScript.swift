// The triggers of one table: after each statement they queue the links of the rows that changed.
//
// Links, not keys of views: which keys hang on a link is found out later, in the refresher's
// snapshot. Whoever resolves them here loses updates (two transactions that change the two ends of
// a link do not see each other). Old and new rows are joined by FULL JOIN: a plan made for one row
// and cached stays good for fifty thousand, since such a join cannot become a nested loop.
//
// Another program's statement never fails because of them: links are gathered in a block that
// catches errors, and where it fails, since a migration has renamed or dropped what it reads, every
// row of the views is queued instead. The block writes nothing, so it costs no transaction number.

import Postgres

/// The triggers of a table that views read.
struct TriggerScript {
    /// A watch with its number.
    struct NumberedWatch: Equatable {
        let number: Int
        let watch: Watch
        /// Whether rows without a link are told, by the negative number: they may give rows of a
        /// view a key that is NULL.
        var tellsMissing = false
    }

    let table: WatchedTable
    /// The schema of the site whose views read it.
    let schema: SiteSchema
    /// Sorted by their watches.
    let entries: [NumberedWatch]
    /// One function for each event, in the order of `events`; an installation asks for them again
    /// with each view.
    private(set) var functions: [SQLFunction] = []
    /// The names of the functions, in the order of `events`.
    let functionNames: [String]

    /// Works out the functions of a table.
    init(table: WatchedTable, entries: [NumberedWatch], in schema: SiteSchema) {
        self.table = table
        self.entries = entries
        self.schema = schema
        functionNames = Self.events.map { Self.function(table.name, $0, in: schema) }
        functions = [
            function("insert", rows("new_rows"), of: "new_rows"),
            function("update", update, of: "new_rows"),
            function("delete", rows("old_rows"), of: "old_rows"),
            truncate,
        ]
    }

    /// The watches of rows that come, go or move: what an INSERT, DELETE or TRUNCATE queues.
    private var arrivals: [NumberedWatch] { entries.filter { $0.watch.part == .rows } }

    /// Gathers what all views watch, by table.
    static func scripts(
        _ views: [ViewDependencies], tables: [Int: WatchedTable], numbers: [Watch: Int],
        in schema: SiteSchema
    ) -> [TriggerScript] {
        let watches = Dictionary(grouping: Set(views.flatMap(\.watches)), by: \.table)
            .mapValues { $0.sorted() }
        let missing = Set(views.filter(\.mayMissKeys).flatMap(\.watches))
        return tables.values.sorted { $0.name < $1.name }.compactMap { table in
            let entries = (watches[table.name] ?? []).compactMap { watch in
                numbers[watch].map {
                    NumberedWatch(number: $0, watch: watch, tellsMissing: missing.contains(watch))
                }
            }
            return entries.isEmpty || table.kind == "m"
                ? nil : TriggerScript(table: table, entries: entries, in: schema)
        }
    }

    /// The table and its partitions: a write to a partition does not fire its parent's triggers.
    var targets: [QualifiedName] { [table.name] + table.parts }

    /// The events, as in CREATE TRIGGER.
    static let events = ["insert", "update", "delete", "truncate"]

    /// The name of the function for an event.
    static func function(
        _ table: QualifiedName, _ event: String, in schema: SiteSchema
    ) -> String {
        let digest = Digest.hexadecimal(of: table.quoted).prefix(12)
        let name = String(
            table.text.unicodeScalars.prefix(36).map { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || scalar == "_" || scalar == ".")
                    ? Character(scalar) : "_"
            })
        return "\(schema).\("on_\(name)_\(digest)_\(event)".quotedName)"
    }

    /// Where changes of this table are queued.
    private var queue: String {
        table.view == nil ? "\(schema).queue" : "\(schema).cascade"
    }

    /// One function for each event, in the order of `events`.
    var createFunctions: [String] { functions.map(\.create) }

    /// The body of a function whose trigger only the table's owner could drop.
    static let silentBody = "BEGIN RETURN NULL; END"

    /// The most rows of a statement whose links are gathered in memory, so that they are written
    /// outside of the block that catches errors.
    private static let gatheredRowsMax = 1_000

    /// Queues what `query` finds; where that fails, every row of the views (file head).
    private func function(
        _ event: String, _ query: String, of transition: String
    ) -> SQLFunction {
        let isLong = "EXISTS (SELECT FROM \(transition) OFFSET \(Self.gatheredRowsMax))"
        return SQLFunction(
            head: head(event),
            body: """

                #variable_conflict use_column
                DECLARE
                    _watches pg_catalog.int4[];
                    _links pg_catalog.text[];
                    _is_long pg_catalog.bool;
                BEGIN
                    BEGIN
                        SELECT pg_catalog.array_agg(l.watch), pg_catalog.array_agg(l.link),
                            \(isLong)
                        INTO _watches, _links, _is_long
                        FROM (
                            \(query)
                        ) AS l (watch, link)
                        WHERE NOT \(isLong)
                            -- Fails where the queue is not there any more.
                            AND NOT EXISTS (SELECT q.watch, q.link FROM \(queue) q WHERE false);
                        IF _is_long THEN
                            INSERT INTO \(queue) (watch, link)
                            \(query);
                        END IF;
                    EXCEPTION WHEN \(IncrementalView.passing) THEN RAISE;
                    WHEN \(IncrementalView.fault) THEN
                        _watches := NULL;
                \(queueEvery)
                    END;
                    IF _watches IS NOT NULL THEN
                        INSERT INTO \(queue) (watch, link)
                        SELECT pg_catalog.unnest(_watches), pg_catalog.unnest(_links);
                    END IF;
                    RETURN NULL;
                END
                """)
    }

    private var truncate: SQLFunction {
        SQLFunction(
            head: head("truncate"),
            body: """

                BEGIN
                \(queueEvery)
                    RETURN NULL;
                END
                """)
    }

    /// SECURITY DEFINER without a search path of its own, which would cost the writer 10 µs: every
    /// name in a body, also of types and operators, is therefore written with its schema.
    private func head(_ event: String) -> String {
        "CREATE OR REPLACE FUNCTION \(Self.function(table.name, event, in: schema))() "
            + "RETURNS trigger\nLANGUAGE plpgsql SECURITY DEFINER\(settings)"
    }

    /// Queues every row of the views that read the table; if even that fails, the write goes on.
    private var queueEvery: String {
        let numbers = arrivals.map { "\($0.number)" }.joined(separator: ", ")
        return """
                    BEGIN
                        INSERT INTO \(queue) (watch, link)
                        SELECT u.watch, NULL::pg_catalog.text
                        FROM pg_catalog.unnest(ARRAY[\(numbers)]::pg_catalog.int4[]) AS u (watch);
                    EXCEPTION WHEN \(IncrementalView.passing) THEN RAISE;
                    WHEN \(IncrementalView.fault) THEN
                        RAISE WARNING 'sitegen could not note this change of % (SQLSTATE %): views '
                            'that read it are stale until `sitegen db apply` has run.',
                            \(SQLText.literal(table.name.text)), SQLSTATE;
                    END;
            """
    }

    /// Types whose text is the same in every session.
    private static let plainTypes: Set<String> = [
        "smallint", "integer", "bigint", "numeric", "boolean", "uuid", "text",
        "character varying", "bpchar",
    ]

    /// The settings under which links are written, where one needs them: each costs the writer.
    private var settings: String {
        let links = Set(entries.flatMap(\.watch.columns))
        let types = table.columns.values.filter { links.contains($0.name) }.map(\.type)
        return types.allSatisfy(Self.plainTypes.contains) ? "" : " \(IncrementalView.texts)"
    }

    /// The columns of the key that are the same bytes where they are equal: old and new rows are
    /// joined by the key, so that such a link never moves.
    private var fixedIdentity: Set<String> {
        let fixed: Set<String> = ["smallint", "integer", "bigint", "uuid", "boolean"]
        let types = Dictionary(
            table.columns.values.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first }
        )
        return Set(table.identity.filter { name in types[name].map(fixed.contains) ?? false })
    }

    private func link(_ watch: Watch, _ alias: String) -> String {
        RowKey.sql(watch.columns.map { column in "\(alias).\(column.quotedName)" })
    }

    /// That a row has no link: one of its columns is NULL.
    private func hasNoLink(_ watch: Watch, _ alias: String) -> String {
        watch.columns.map { "\(alias).\($0.quotedName) IS NULL" }.joined(separator: " OR ")
    }

    /// The links of all rows of a transition table.
    private func rows(_ transition: String) -> String {
        arrivals.flatMap { entry in
            if entry.watch.columns.isEmpty {
                return ["SELECT \(entry.number), NULL WHERE EXISTS (SELECT FROM \(transition))"]
            }
            let links =
                "SELECT DISTINCT \(entry.number), \(link(entry.watch, "r")) "
                + "FROM \(transition) r WHERE NOT (\(hasNoLink(entry.watch, "r")))"
            let missing =
                "SELECT -\(entry.number), NULL WHERE EXISTS "
                + "(SELECT FROM \(transition) r WHERE \(hasNoLink(entry.watch, "r")))"
            return entry.tellsMissing ? [links, missing] : [links]
        }.joined(separator: "\n    UNION ALL ")
    }

    /// The old and new links of the rows of which a column that matters has changed.
    private var update: String {
        // Without a key, old and new rows cannot be told to be the same: all of them count.
        guard !table.identity.isEmpty else {
            return "\(rows("old_rows"))\n    UNION ALL \(rows("new_rows"))"
        }
        let join = table.identity.map { column in
            "o.\(column.quotedName) OPERATOR(pg_catalog.=) n.\(column.quotedName)"
        }.joined(separator: " AND ")
        let first = table.identity[0].quotedName
        let isAlone = "o.\(first) IS NULL OR n.\(first) IS NULL"
        func differs(_ columns: [String]) -> String {
            let rows = ["o", "n"].map { alias in
                let values = columns.map { "\(alias).\($0.quotedName)" }
                return "ROW(\(values.joined(separator: ", ")))::pg_catalog.record"
            }
            return rows.joined(separator: " OPERATOR(pg_catalog.*<>) ")
        }
        func part(_ values: [String], _ condition: String) -> String {
            """
            SELECT v.watch, v.link FROM (VALUES \(values.joined(separator: ", "))) \
            AS v (watch, link, is_every)
                    WHERE (v.link IS NOT NULL OR v.is_every) AND (\(condition))
            """
        }
        // A row that moves matters to both ends, whoever reads what of it.
        var parts = arrivals.map { entry in
            let isFixed = Set(entry.watch.columns).isSubset(of: fixedIdentity)
            return entry.watch.columns.isEmpty
                ? part([value(entry, "n")], isAlone)
                : part(
                    [value(entry, "o"), value(entry, "n")],
                    isFixed ? isAlone : "\(isAlone) OR \(differs(entry.watch.columns))")
        }
        var groups: [(columns: [String], values: [String])] = []
        for entry in entries {
            guard case .columns(let all) = entry.watch.part else { continue }
            let columns = all.filter { !fixedIdentity.contains($0) }
            guard !columns.isEmpty else { continue }
            let value = value(entry, "n")
            if let known = groups.firstIndex(where: { $0.columns == columns }) {
                groups[known].values.append(value)
            } else {
                groups.append((columns, [value]))
            }
        }
        parts += groups.map { columns, values in
            part(
                values, "o.\(first) IS NOT NULL AND n.\(first) IS NOT NULL AND \(differs(columns))")
        }
        return """
            SELECT DISTINCT l.watch, l.link
                FROM old_rows o FULL JOIN new_rows n ON \(join)
                CROSS JOIN LATERAL (
                    \(parts.joined(separator: "\n        UNION ALL "))) AS l
            """
    }

    /// What a changed row queues for one watch: number, link, and whether it counts without one.
    private func value(_ entry: NumberedWatch, _ alias: String) -> String {
        if entry.watch.columns.isEmpty { return "(\(entry.number), NULL::pg_catalog.text, true)" }
        let number =
            entry.tellsMissing
            ? "CASE WHEN \(hasNoLink(entry.watch, alias)) THEN -\(entry.number) "
                + "ELSE \(entry.number) END" : "\(entry.number)"
        return "(\(number), \(link(entry.watch, alias)), \(entry.tellsMissing))"
    }

    /// Makes the triggers on one of `targets`, or makes them again; its functions are there.
    ///
    /// That takes the right TRIGGER and no other, and keeps writers out until the transaction ends.
    func createTriggers(on target: QualifiedName) -> [String] {
        let transitions = [
            "insert": "REFERENCING NEW TABLE AS new_rows ",
            "update": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows ",
            "delete": "REFERENCING OLD TABLE AS old_rows ",
        ]
        return Self.events.map { event in
            "CREATE OR REPLACE TRIGGER \(schema.triggerPrefix)\(event) AFTER \(event.uppercased()) "
                + "ON \(target.quoted) " + (transitions[event] ?? "")
                + "FOR EACH STATEMENT EXECUTE FUNCTION "
                + "\(Self.function(table.name, event, in: schema))()"
        }
    }
}
