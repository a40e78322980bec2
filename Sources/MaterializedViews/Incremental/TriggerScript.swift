// The triggers of one table: after each statement they queue the links of the rows that changed.
//
// Links, not keys of views: which keys hang on a link is found out later, in the refresher's
// snapshot. Whoever resolves them here loses updates (two transactions that change the two ends of
// a link do not see each other). Old and new rows are joined by FULL JOIN: a plan made for one row
// and cached stays good for fifty thousand, since such a join cannot become a nested loop.

/// The triggers of a table that views read.
struct TriggerScript {
    /// A watch with its number.
    struct Entry: Equatable {
        let number: Int
        let watch: Watch
    }

    let table: WatchedTable
    /// Sorted by their watches.
    let entries: [Entry]

    /// The watches of rows that come, go or move: what an INSERT, DELETE or TRUNCATE queues.
    private var arrivals: [Entry] { entries.filter { $0.watch.part == .rows } }

    /// Gathers what all views watch, by table.
    static func scripts(
        _ views: [ViewDependencies], tables: [Int: WatchedTable], numbers: [Watch: Int]
    ) -> [TriggerScript] {
        let watches = Set(views.flatMap(\.watches)).sorted()
        return tables.values.sorted { $0.name < $1.name }.compactMap { table in
            let entries = watches.filter { $0.table == table.name }.compactMap { watch in
                numbers[watch].map { Entry(number: $0, watch: watch) }
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
        let numbers = arrivals.map { "\($0.number)" }.joined(separator: ", ")
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

    /// The links of all rows of a transition table.
    private func rows(_ transition: String) -> String {
        arrivals.map { entry in
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
        let isAlone = "o.\(first) IS NULL OR n.\(first) IS NULL"
        func differs(_ columns: [String]) -> String {
            let rows = ["o", "n"].map { alias in
                let values = columns.map { "\(alias).\($0.quotedName)" }
                return "ROW(\(values.joined(separator: ", ")))::record"
            }
            return rows.joined(separator: " *<> ")
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
                ? part(["(\(entry.number), NULL::text, true)"], isAlone)
                : part(
                    ["o", "n"].map { alias in
                        "(\(entry.number), \(link(entry.watch, alias)), false)"
                    }, isFixed ? isAlone : "\(isAlone) OR \(differs(entry.watch.columns))")
        }
        var groups: [(columns: [String], values: [String])] = []
        for entry in entries {
            guard case .columns(let columns) = entry.watch.part else { continue }
            let value =
                entry.watch.columns.isEmpty
                ? "(\(entry.number), NULL::text, true)"
                : "(\(entry.number), \(link(entry.watch, "n")), false)"
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
