// What the names in the texts of functions may stand for: the functions of that name that take so
// many arguments, and the tables and views, where the function looks for them.
//
// A body that is text gets a tree as if it were parsed, with the tables in FROM and the calls in
// the answer, so that whoever walks trees walks it, too. A name that several functions have stands
// for all of them.

import Postgres

/// Looks names of functions' texts up.
enum FunctionNames {
    /// The type of a node that stands for a call by name, and its field with the functions that
    /// may be meant.
    static let call = "NAMEDCALL"
    static let candidates = "funcids"

    /// A name, and in which schema it is looked for.
    private struct Wanted {
        let function: Int
        let schema: String
        let name: String
        /// How many arguments; nil for a table.
        let arguments: Int?
        /// Tells the names of one function apart.
        let number: Int
    }

    /// What bodies name, as queries.
    ///
    /// - Parameters:
    ///   - routines: functions whose bodies are texts, by OID.
    ///   - connection: where to ask; its `search_path` is that of functions without one of their
    ///     own.
    /// - Returns: by OID.
    /// - Throws: `.database`.
    static func bodies(
        of routines: [Int: Routine], on connection: borrowing Connection
    ) throws(ViewError) -> [Int: NodeTree] {
        guard !routines.isEmpty else { return [:] }
        let schemas = try connection.texts(
            "SELECT s FROM unnest(current_schemas(false)) AS s",
            doing: "reading the search path")
        let path = schemas.compactMap { $0[0] }
        var wanted: [Wanted] = []
        for (function, routine) in routines.sorted(by: { $0.key < $1.key }) {
            wanted += names(in: routine, function, routine.searchPath.map(Self.schemas) ?? path)
        }
        let calls = try functions(wanted.filter { $0.arguments != nil }, on: connection)
        let tables = try relations(wanted.filter { $0.arguments == nil }, on: connection)
        return routines.reduce(into: [:]) { bodies, entry in
            bodies[entry.key] = .node(
                type: "QUERY",
                fields: [
                    "targetList": .list(
                        (calls[entry.key] ?? [:]).sorted { $0.key < $1.key }.map {
                            .node(
                                type: call,
                                fields: [candidates: .list($0.value.map { .atom("\($0)") })])
                        }), "rtable": .list(tables[entry.key] ?? []),
                ])
        }
    }

    private static func names(
        in routine: Routine, _ function: Int, _ path: [String]
    ) -> [Wanted] {
        let text = FunctionText(routine.source)
        func schemas(_ schema: String?) -> [String] { schema.map { [$0] } ?? ["pg_catalog"] + path }
        var wanted: [Wanted] = []
        for (number, call) in text.calls.enumerated() {
            wanted += schemas(call.schema).map { schema in
                Wanted(
                    function: function, schema: schema, name: call.name,
                    arguments: call.arguments, number: number)
            }
        }
        for (number, relation) in text.relations.enumerated() {
            wanted += schemas(relation.schema).map { schema in
                Wanted(
                    function: function, schema: schema, name: relation.name, arguments: nil,
                    number: number)
            }
        }
        return wanted
    }

    /// The schemas of a `search_path`.
    private static func schemas(_ path: String) -> [String] {
        ((try? SQLLexer.tokens(of: path)) ?? []).filter { $0.kind != .symbol }.map(\.text)
    }

    /// By function and number of the name.
    private static func functions(
        _ wanted: [Wanted], on connection: borrowing Connection
    ) throws(ViewError) -> [Int: [Int: [Int]]] {
        let rows = try connection.texts(
            """
            SELECT w.place::text, p.oid::text
            FROM unnest($1::text::text[], $2::text::text[], $3::text::int[]) WITH ORDINALITY
                AS w (schema, name, arguments, place)
            JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
            JOIN pg_catalog.pg_proc p ON p.pronamespace = n.oid AND p.proname = w.name
                AND (p.provariadic <> 0 AND w.arguments >= p.pronargs - 1
                    OR w.arguments BETWEEN p.pronargs - p.pronargdefaults AND p.pronargs)
            ORDER BY 2
            """,
            [
                SQLText.array(wanted.map(\.schema)), SQLText.array(wanted.map(\.name)),
                SQLText.array(wanted.map { "\($0.arguments ?? 0)" }),
            ], columns: 2, doing: "looking for what functions call")
        return rows.reduce(into: [:]) { found, row in
            let numbers = row.compactMap { $0.flatMap { Int($0) } }
            guard numbers.count == 2 else { return }
            let name = wanted[numbers[0] - 1]
            found[name.function, default: [:]][name.number, default: []].append(numbers[1])
        }
    }

    /// By function, entries of FROM.
    private static func relations(
        _ wanted: [Wanted], on connection: borrowing Connection
    ) throws(ViewError) -> [Int: [NodeTree]] {
        let rows = try connection.texts(
            """
            SELECT DISTINCT ON (w.function, w.number) w.function::text, c.oid::text,
                c.relkind::text
            FROM unnest($1::text::text[], $2::text::text[], $3::text::bigint[], $4::text::int[])
                WITH ORDINALITY AS w (schema, name, function, number, place)
            JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
                AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            ORDER BY w.function, w.number, w.place
            """,
            [
                SQLText.array(wanted.map(\.schema)), SQLText.array(wanted.map(\.name)),
                SQLText.array(wanted.map { "\($0.function)" }),
                SQLText.array(wanted.map { "\($0.number)" }),
            ], columns: 3, doing: "looking for what functions read")
        return rows.reduce(into: [:]) { found, row in
            guard let function = row[0].flatMap({ Int($0) }), let oid = row[1] else { return }
            found[function, default: []].append(
                .node(
                    type: "RANGETBLENTRY",
                    fields: [
                        "rtekind": .atom("0"), "relid": .atom(oid),
                        "relkind": .atom(row[2] ?? ""), "inFromCl": .atom("true"),
                    ]))
        }
    }
}
