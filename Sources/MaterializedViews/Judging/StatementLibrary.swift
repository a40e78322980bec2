// Everything that statements lead to, to the bottom: the parse trees of views and of SQL functions,
// the functions behind operators and aggregates, the keys of tables.
//
// It is read with a handful of questions, whatever the number of views, and is a plain value then:
// who judges a statement, and who remembers what it was made from, asks no database.

import Postgres

/// A table, as far as the order of its rows goes.
struct ReadTable: Equatable {
    let name: QualifiedName
    /// `pg_class.relkind`.
    let kind: String
    /// Whether a crash empties it.
    let isUnlogged: Bool
    /// The columns of each unique index whose values are never NULL.
    var keys: [Set<Int>] = []
    /// The conditions of row security, where it holds for whoever asks.
    var policies: [NodeTree] = []
}

/// What statements lead to.
struct StatementLibrary: Equatable {
    /// The parse trees of views, by OID.
    var views: [Int: NodeTree] = [:]
    var routines: [Int: Routine] = [:]
    var tables: [Int: ReadTable] = [:]
    /// The functions of operators.
    var operatorFunctions: [Int: Int] = [:]
    /// Operators that are the equality of a B-tree.
    var equalities: Set<Int> = []
    /// Types and collations in which values are equal that are not written alike.
    var looseTypes: Set<Int> = []
    var looseCollations: Set<Int> = []
    /// Types that are not PostgreSQL's own and made of times, with their names.
    private var times: [Int: String] = [:]
    private var isParsing = false

    /// The name of a type that is a time or made of times; nil for any other.
    func timeName(of type: Int) -> String? { TimeWords.types[type] ?? times[type] }

    /// Whether equal values of a type may be written differently.
    ///
    /// - Parameters:
    ///   - type: the type.
    ///   - modifier: its modifier; -1 without one.
    ///   - collation: the collation of the values, if they have one.
    /// - Returns: false where nothing says so.
    func isLoose(_ type: Int, modifier: Int, collation: Int?) -> Bool {
        if looseTypes.contains(type) || collation.map(looseCollations.contains) == true {
            return true
        }
        guard LooseTypes.builtIn.contains(type) else { return false }
        return !(LooseTypes.exactWithModifier.contains(type) && modifier >= 0)
    }

    /// Everything that a tree names, and what that names in turn.
    func reach(of tree: NodeTree) -> Mentions {
        var reached = Mentions(tree)
        var done = Mentions()
        while true {
            var more = Mentions()
            for view in reached.views.subtracting(done.views) {
                more.collect(views[view] ?? .none)
            }
            for operation in reached.operators.subtracting(done.operators) {
                operatorFunctions[operation].map { _ = more.functions.insert($0) }
            }
            for relation in reached.relations.subtracting(done.relations) {
                for policy in tables[relation]?.policies ?? [] { more.collect(policy) }
            }
            for function in reached.functions.subtracting(done.functions) {
                more.collect(routines[function]?.body ?? .none)
                more.functions.formUnion(routines[function]?.parts ?? [])
            }
            done = reached
            reached.formUnion(more)
            if reached == done { return reached }
        }
    }

    /// Reads what these trees lead to.
    ///
    /// - Parameters:
    ///   - trees: the parse trees of views.
    ///   - isParsing: whether bodies of SQL functions that are text get parsed, inside of a
    ///     transaction; else what their words may mean is taken, which every user finds alike.
    ///   - connection: where to ask.
    /// - Returns: everything to the bottom.
    /// - Throws: `.database`.
    static func read(
        _ trees: some Sequence<NodeTree>, isParsing: Bool = false,
        on connection: borrowing Connection
    ) throws(ViewError) -> StatementLibrary {
        var library = StatementLibrary()
        library.isParsing = isParsing
        var wanted = Mentions()
        for tree in trees { wanted.collect(tree) }
        while true {
            let before = wanted
            try library.readDefinitions(&wanted, on: connection)
            try library.readTables(
                wanted.relations.subtracting(library.tables.keys), on: connection)
            let policies = try RowSecurity.conditions(
                on: wanted.relations, through: wanted.views, connection)
            for (table, conditions) in policies {
                library.tables[table]?.policies = conditions
                for condition in conditions { wanted.collect(condition) }
            }
            if wanted == before { break }
        }
        try library.readLooseTypes(wanted, on: connection)
        library.times = try TimeWords.types(
            among: wanted.types.union(library.routines.values.map(\.resultType))
                .filter { $0 >= Mentions.firstOwn }, on: connection)
        return library
    }

    /// Views, operators and functions that are wanted and not there, and what they name.
    private mutating func readDefinitions(
        _ wanted: inout Mentions, on connection: borrowing Connection
    ) throws(ViewError) {
        let views = wanted.views.subtracting(self.views.keys)
        for view in views { self.views[view] = NodeTree.none }
        for (oid, tree) in try ViewTree.read(views, on: connection) {
            self.views[oid] = tree
            wanted.collect(tree)
        }
        let operators = wanted.operators.subtracting(operatorFunctions.keys)
        try readOperators(operators, on: connection)
        for operation in operators {
            operatorFunctions[operation].map { _ = wanted.functions.insert($0) }
        }
        let functions = wanted.functions.subtracting(routines.keys)
        try readRoutines(functions, on: connection)
        let texts = routines.filter { functions.contains($0.key) && $0.value.isText }
        var bodies = try FunctionNames.bodies(of: texts, on: connection)
        if isParsing {
            let parsed = try FunctionBodies.parsed(texts, on: connection)
            bodies.merge(parsed) { _, parsed in parsed }
        }
        for (function, body) in bodies { routines[function]?.body = body }
        for function in functions {
            guard let routine = routines[function] else { continue }
            // What PostgreSQL's own functions are made of is known.
            if !routine.isBuiltIn { wanted.collect(routine.body) }
            wanted.functions.formUnion(routine.parts)
        }
    }

    // MARK: Questions

    private mutating func readOperators(
        _ operators: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) {
        guard !operators.isEmpty else { return }
        let rows = try connection.texts(
            """
            SELECT o.oid::text, o.oprcode::oid::text, EXISTS (
                SELECT FROM pg_catalog.pg_amop a
                JOIN pg_catalog.pg_am m ON m.oid = a.amopmethod AND m.amname = 'btree'
                WHERE a.amopstrategy = 3 AND a.amopopr = o.oid)::text
            FROM pg_catalog.pg_operator o WHERE o.oid = ANY ($1::text::oid[])
            """, [SQLText.oids(operators)], columns: 3, doing: "reading operators")
        for row in rows {
            guard let oid = row[0].flatMap({ Int($0) }) else { continue }
            operatorFunctions[oid] = row[1].flatMap { Int($0) }
            if row[2] == "true" { equalities.insert(oid) }
        }
    }

    private mutating func readRoutines(
        _ functions: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) {
        guard !functions.isEmpty else { return }
        let rows = try connection.texts(
            """
            SELECT p.oid::text, n.nspname::text, p.proname::text,
                pg_catalog.pg_get_function_identity_arguments(p.oid),
                array_to_string(p.proargtypes::oid[], ','), p.prokind::text,
                p.provolatile::text, l.lanname::text, p.proretset::text,
                CASE WHEN n.nspname <> 'pg_catalog' THEN to_jsonb(p) ->> 'prosqlbody' END,
                CASE WHEN n.nspname <> 'pg_catalog' THEN p.prosrc END,
                CASE WHEN n.nspname <> 'pg_catalog' THEN encode(sha256(convert_to(
                    (to_jsonb(p) - '{oid,proowner,proacl,pronamespace}'::text[])::text
                    || coalesce(to_jsonb(a)::text, '')
                    || coalesce((SELECT min(e.extname || ' ' || e.extversion)
                        FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e
                            ON d.refclassid = 'pg_catalog.pg_extension'::regclass
                            AND e.oid = d.refobjid
                        WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid
                            AND d.deptype = 'e'), ''), 'UTF8')), 'hex') END,
                array_to_string(array_remove(ARRAY[\(Routine.aggregateParts)], 0), ','),
                p.prorettype::oid::text,
                (SELECT substr(s.setting, 13) FROM unnest(p.proconfig) AS s (setting)
                 WHERE starts_with(s.setting, 'search_path='))
            FROM pg_catalog.pg_proc p
            JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            JOIN pg_catalog.pg_language l ON l.oid = p.prolang
            LEFT JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid
            WHERE p.oid = ANY ($1::text::oid[])
            """, [SQLText.oids(functions)], columns: 15, doing: "reading functions")
        for row in rows {
            guard let oid = row[0].flatMap({ Int($0) }) else { continue }
            routines[oid] = Routine(
                name: QualifiedName(schema: row[1] ?? "", name: row[2] ?? ""),
                arguments: row[3] ?? "", argumentTypes: SQLText.numbers(row[4]),
                resultType: row[13].flatMap { Int($0) } ?? 0,
                kind: row[5] ?? "", volatility: row[6] ?? "", language: row[7] ?? "",
                givesRows: row[8] == "true",
                body: try row[9].map { text throws(ViewError) in try ViewTree.parse(text) }
                    ?? NodeTree.none,
                isParsed: row[9] != nil, source: row[10] ?? "", searchPath: row[14],
                fingerprint: row[11] ?? "", parts: SQLText.numbers(row[12]))
        }
    }

    private mutating func readTables(
        _ relations: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) {
        guard !relations.isEmpty else { return }
        let rows = try connection.texts(
            """
            SELECT c.oid::text, n.nspname::text, c.relname::text, c.relkind::text,
                (c.relpersistence = 'u')::text,
                (SELECT string_agg(k.columns, ';') FROM pg_catalog.pg_index i
                 CROSS JOIN LATERAL (
                    SELECT string_agg(k.attnum::text, ',') AS columns
                    FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                    WHERE k.place <= i.indnkeyatts) k
                 WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid
                    AND i.indpred IS NULL AND i.indexprs IS NULL
                    AND NOT EXISTS (
                        SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS u (attnum, place)
                        JOIN pg_catalog.pg_attribute a
                            ON a.attrelid = c.oid AND a.attnum = u.attnum AND NOT a.attnotnull
                        WHERE u.place <= i.indnkeyatts))
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = ANY ($1::text::oid[])
            """, [SQLText.oids(relations)], columns: 6, doing: "reading the keys of tables")
        for row in rows {
            guard let oid = row[0].flatMap({ Int($0) }) else { continue }
            let keys = (row[5] ?? "").split(separator: ";").map { Set(SQLText.numbers(String($0))) }
            tables[oid] = ReadTable(
                name: QualifiedName(schema: row[1] ?? "", name: row[2] ?? ""),
                kind: row[3] ?? "", isUnlogged: row[4] == "true", keys: keys)
        }
    }

    /// Types that are made of loose ones, citext, and collations that are not deterministic.
    private mutating func readLooseTypes(
        _ wanted: Mentions, on connection: borrowing Connection
    ) throws(ViewError) {
        looseTypes = Set(
            try TypeParts.types(
                madeOf: LooseTypes.builtIn, orNamed: ["citext"],
                exact: LooseTypes.exactWithModifier, among: wanted.types, on: connection
            ).keys)
        let collations = try connection.texts(
            """
            SELECT c.oid::text FROM pg_catalog.pg_collation c
            WHERE c.oid = ANY ($1::text::oid[]) AND NOT c.collisdeterministic
            """, [SQLText.oids(wanted.collations)], doing: "reading collations")
        looseCollations = Set(collations.compactMap { row in row[0].flatMap { Int($0) } })
    }
}

/// The types of PostgreSQL in which values are equal that are not written alike: 1.0 and 1.00.
enum LooseTypes {
    /// bpchar, interval, timetz, numeric and jsonb, their arrays, numrange and nummultirange.
    static let builtIn: Set<Int> = [
        1042, 1186, 1266, 1700, 3802, 1014, 1187, 1270, 1231, 3807, 3906, 3907, 4532, 6151,
    ]
    /// Those of them that are exact with a modifier: `numeric(8,2)`, `char(3)`, their arrays.
    static let exactWithModifier: Set<Int> = [1042, 1700, 1014, 1231]
}

extension SQLText {
    /// An array of OIDs.
    static func oids(_ oids: Set<Int>) -> String { array(oids.sorted().map(String.init)) }

    /// Numbers between commas.
    static func numbers(_ text: String?) -> [Int] {
        (text ?? "").split(separator: ",").compactMap { Int($0) }
    }
}
