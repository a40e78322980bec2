// The triggers of one table: after each statement they queue the links of the rows that changed.
//
// Links, not keys of views: which keys hang on a link is found out later, in the refresher's
// snapshot. Whoever resolves them here loses updates (two transactions that change the two ends of
// a link do not see each other). Old and new rows are joined by FULL JOIN: a plan made for one row
// and cached stays good for fifty thousand, since such a join cannot become a nested loop.

/// The triggers of a table that views read.
struct TriggerScript {
    /// A watch with the columns whose change matters to it.
    struct Entry: Equatable {
        let number: Int
        let watch: Watch
        let columns: [String]
    }

    let table: WatchedTable
    /// Sorted by number.
    let entries: [Entry]

    /// Gathers what all views watch, by table.
    static func scripts(
        _ views: [ViewDependencies], tables: [Int: WatchedTable], numbers: [Watch: Int]
    ) -> [TriggerScript] {
        var columns: [Watch: Set<String>] = [:]
        for dependency in views.flatMap(\.dependencies) {
            columns[dependency.watch, default: []].formUnion(dependency.columns)
        }
        return tables.values.sorted { $0.name < $1.name }.compactMap { table in
            let entries = columns.keys.filter { $0.table == table.name }.sorted().compactMap {
                (watch) -> Entry? in
                guard let number = numbers[watch] else { return nil }
                // A link is always compared: a row that moves matters to both ends.
                let matter = (columns[watch] ?? []).union(watch.columns)
                let names = table.columns.sorted { $0.key < $1.key }.map(\.value.name)
                return Entry(
                    number: number, watch: watch, columns: names.filter(matter.contains))
            }
            return entries.isEmpty || table.kind == "m"
                ? nil : TriggerScript(table: table, entries: entries)
        }
    }

    /// The table and its partitions: a write to a partition does not fire its parent's triggers.
    var targets: [QualifiedName] { [table.name] + table.parts }

    /// The events, as in CREATE TRIGGER.
    static let events = ["insert", "update", "delete", "truncate"]

    /// The name of the function for an event.
    static func function(_ table: QualifiedName, _ event: String) -> String {
        let digest = Digest.hexadecimal(of: table.text).prefix(8)
        let name = String(
            table.text.unicodeScalars.prefix(36).map { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || scalar == "_" || scalar == ".")
                    ? Character(scalar) : "_"
            })
        return "sitegen.\("on_\(name)_\(digest)_\(event)".quotedName)"
    }

    /// Where changes of this table are queued.
    private var queue: String {
        table.view == nil ? "sitegen.queue" : "sitegen.cascade"
    }

    /// One function for each event, in the order of `events`.
    var createFunctions: [String] {
        let numbers = entries.map { "\($0.number)" }.joined(separator: ", ")
        return [
            function("insert", rows("new_rows")), function("update", update),
            function("delete", rows("old_rows")),
            function(
                "truncate", "SELECT w, NULL::text FROM unnest(ARRAY[\(numbers)]) AS u (w)"),
        ]
    }

    private func function(_ event: String, _ query: String) -> String {
        """
        CREATE OR REPLACE FUNCTION \(Self.function(table.name, event))() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp\(settings)
        AS $sitegen$
        #variable_conflict use_column
        BEGIN
            INSERT INTO \(queue) (watch, link)
            \(query);
            RETURN NULL;
        END $sitegen$
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

    private func link(_ watch: Watch, _ alias: String) -> String {
        RowKey.sql(watch.columns.map { column in "\(alias).\(column.quotedName)" })
    }

    /// The links of all rows of a transition table.
    private func rows(_ transition: String) -> String {
        entries.map { entry in
            if entry.watch.columns.isEmpty {
                return "SELECT \(entry.number), NULL WHERE EXISTS (SELECT FROM \(transition))"
            }
            let isThere = entry.watch.columns.map { "r.\($0.quotedName) IS NOT NULL" }
                .joined(separator: " AND ")
            return "SELECT DISTINCT \(entry.number), \(link(entry.watch, "r")) "
                + "FROM \(transition) r WHERE \(isThere)"
        }.joined(separator: "\n    UNION ALL ")
    }

    /// The old and new links of the rows of which a column that matters has changed.
    private var update: String {
        // Without a key, old and new rows cannot be told to be the same: all of them count.
        guard !table.identity.isEmpty else {
            return "\(rows("old_rows"))\n    UNION ALL \(rows("new_rows"))"
        }
        let join = table.identity.map { column in
            "o.\(column.quotedName) = n.\(column.quotedName)"
        }.joined(separator: " AND ")
        let first = table.identity[0].quotedName
        func row(_ alias: String, _ columns: [String]) -> String {
            "ROW(\(columns.map { "\(alias).\($0.quotedName)" }.joined(separator: ", ")))::record"
        }
        let groups = Dictionary(grouping: entries, by: \.columns)
        let parts = groups.sorted { $0.value[0].number < $1.value[0].number }.map {
            (columns, entries) in
            let values = entries.flatMap { entry in
                entry.watch.columns.isEmpty
                    ? ["(\(entry.number), NULL::text, true)"]
                    : ["o", "n"].map { alias in
                        "(\(entry.number), \(link(entry.watch, alias)), false)"
                    }
            }
            return """
                SELECT v.watch, v.link FROM (VALUES \(values.joined(separator: ", "))) \
                AS v (watch, link, is_every)
                        WHERE (v.link IS NOT NULL OR v.is_every) AND (o.\(first) IS NULL
                            OR n.\(first) IS NULL
                            OR \(row("o", columns)) *<> \(row("n", columns)))
                """
        }
        return """
            SELECT DISTINCT l.watch, l.link
                FROM old_rows o FULL JOIN new_rows n ON \(join)
                CROSS JOIN LATERAL (
                    \(parts.joined(separator: "\n        UNION ALL "))) AS l
            """
    }

    /// Makes the triggers on one of `targets`; its functions are there.
    func createTriggers(on target: QualifiedName) -> [String] {
        let transitions = [
            "insert": "REFERENCING NEW TABLE AS new_rows ",
            "update": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows ",
            "delete": "REFERENCING OLD TABLE AS old_rows ",
        ]
        return Self.events.map { event in
            "CREATE TRIGGER sitegen_\(event) AFTER \(event.uppercased()) ON \(target.quoted) "
                + (transitions[event] ?? "")
                + "FOR EACH STATEMENT EXECUTE FUNCTION \(Self.function(table.name, event))()"
        }
    }

    /// Drops the triggers of a table.
    static func dropTriggers(on target: QualifiedName) -> [String] {
        events.map { event in
            "DROP TRIGGER IF EXISTS sitegen_\(event) ON \(target.quoted)"
        }
    }
}
