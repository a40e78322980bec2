// Asks PostgreSQL for everything that the dependencies of views are derived from.
//
// The views of the statements exist when this is called (`sitegen.def_<view>`), if only inside a
// transaction that is rolled back. What a reader would get wrong: an OID is good for this
// transaction only; what leaves this file names tables by schema and name.

import Postgres

/// The dependencies of the incremental views of a site, and the tables they read.
struct SiteDependencies: Equatable {
    /// By view.
    var views: [String: ViewDependencies] = [:]
    /// The tables that are read, by OID.
    var tables: [Int: WatchedTable] = [:]
}

/// Questions about what views read.
struct DependencyCatalog {
    /// A statement and what it calls and names.
    private struct Statement {
        let definition: ViewDefinition
        let columns: [ViewColumn]
        let oid: Int
        let action: NodeTree
    }

    /// Derives the dependencies of incremental views.
    ///
    /// - Throws: `.definitions` with everything that keeps a view from being incremental, unless
    ///   `isChecked` is false.
    static func read(
        _ definitions: [(definition: ViewDefinition, columns: [ViewColumn])], isChecked: Bool,
        on connection: borrowing Connection
    ) throws(ViewError) -> SiteDependencies {
        var statements: [Statement] = []
        var mentions = Mentions()
        var views: [Int: NodeTree] = [:]
        for (definition, columns) in definitions {
            let name = definition.schema.statement(of: definition.name)
            guard let (oid, action) = try rules([name], on: connection).first else { continue }
            mentions.collect(action)
            statements.append(
                Statement(definition: definition, columns: columns, oid: oid, action: action))
        }
        // Views of others, row security, and what they read in turn.
        var policies: [Int: [NodeTree]] = [:]
        let own = Set(statements.map(\.oid))
        while true {
            let before = mentions
            let unread = mentions.views.subtracting(views.keys).subtracting(own)
            let found = try rules(unread.sorted().map { "\($0)" }, on: connection)
            for (oid, action) in found {
                views[oid] = action
                mentions.collect(action)
            }
            for oid in unread where views[oid] == nil { views[oid] = NodeTree.none }
            policies = try RowSecurity.conditions(
                on: mentions.relations, through: mentions.views, connection)
            for policy in policies.values.joined() { mentions.collect(policy) }
            if mentions == before { break }
        }
        let catalog = StatementCatalog(
            equalities: try equalities(mentions.operators, on: connection),
            looseCollations: try looseCollations(on: connection), views: views,
            policies: policies)
        let operators = try operatorNames(Set(catalog.equalities.keys), on: connection)
        let (site, problems) = try derive(
            statements, catalog, operators, mentions.functions, on: connection)
        guard problems.isEmpty || !isChecked else { throw .definitions(problems) }
        return site
    }

    private static func derive(
        _ statements: [Statement], _ catalog: StatementCatalog, _ operators: [Int: String],
        _ functions: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) -> (SiteDependencies, [DefinitionProblem]) {
        var readings: [(statement: Statement, scope: StatementScope, reader: StatementReader)] = []
        let results = try WatchedTable.read(
            oids: Set(statements.map(\.oid)), names: [], on: connection)
        for statement in statements {
            let reader = StatementReader(catalog: catalog)
            let key = results[statement.oid]?.columns.filter { _, column in
                statement.definition.key.contains(column.name)
            }
            let scope = reader.read(
                statement.action, of: statement.oid, key: (key ?? [:]).keys.sorted())
            readings.append((statement, scope, reader))
        }
        var result = SiteDependencies()
        let declared = statements.flatMap(\.definition.watches).map(\.table)
        result.tables = try WatchedTable.read(
            oids: Set(readings.flatMap(\.reader.uses).map(\.table)), names: Set(declared),
            on: connection)
        let texts = try definitions(statements.map(\.oid), on: connection)
        let computing = try computingFunctions(functions, on: connection)
        let doubtful = try doubtfulFunctions(functions, on: connection)
        var problems: [DefinitionProblem] = []
        for (statement, scope, reader) in readings {
            let uses = reader.uses
            problems += DependencyCheck(
                definition: statement.definition, columns: statement.columns, uses: uses,
                tables: result.tables,
                functions: Self.calls(statement.action, catalog).compactMap { doubtful[$0] }
                    .sorted()
            ).problems()
            let definition = statement.definition
            let key = definition.key.compactMap {
                (name) -> (name: String, number: Int, type: String)? in
                guard
                    let found = results[statement.oid]?.columns.first(where: { _, column in
                        column.name == name
                    })
                else { return nil }
                return (name, found.key, found.value.type)
            }
            result.views[definition.name] = DependencyDerivation(
                view: definition.name, key: key, scope: scope, uses: uses, tables: result.tables,
                operators: operators, declared: definition.watches,
                expressions: KeyExpressions(
                    texts: KeyExpressions.texts(of: texts[statement.oid] ?? ""),
                    functions: computing)
            ).dependencies()
            result.views[definition.name]?.hasOuterOffset = reader.hasOuterOffset
        }
        return (result, problems)
    }

    /// The functions that a statement calls, and what it reads: views of others, row security.
    private static func calls(_ action: NodeTree, _ catalog: StatementCatalog) -> Set<Int> {
        var mentions = Mentions(action)
        var done: Set<Int> = []
        while let relation = mentions.relations.subtracting(done).first {
            done.insert(relation)
            mentions.collect(catalog.views[relation] ?? .none)
            for policy in catalog.policies[relation] ?? [] { mentions.collect(policy) }
        }
        return mentions.functions
    }

    // MARK: Queries

    /// The parse trees of views, named or numbered.
    private static func rules(
        _ views: [String], on connection: borrowing Connection
    ) throws(ViewError) -> [(Int, NodeTree)] {
        let rows = try connection.texts(
            """
            SELECT w.ev_class::oid::text, w.ev_action::text
            FROM unnest($1::text::text[]) AS v (name)
            JOIN pg_catalog.pg_rewrite w ON w.rulename = '_RETURN' AND w.ev_class
                = CASE WHEN v.name ~ '^[0-9]+$' THEN v.name::oid ELSE to_regclass(v.name)::oid END
            """, [SQLText.array(views)], columns: 2, doing: "reading what views read")
        var found: [(Int, NodeTree)] = []
        for row in rows {
            guard let oid = row[0].flatMap({ Int($0) }), let text = row[1] else { continue }
            do throws(NodeTreeError) {
                found.append((oid, try NodeTreeReader.read(text)))
            } catch {
                throw .database(
                    doing: "reading what views read",
                    message: "the parse tree of a view cannot be read: \(error.reason).\n"
                        + "Use `refresh: materialized`, and report this version of PostgreSQL.")
            }
        }
        return found
    }

    /// The collations for which two texts of different bytes may be equal.
    private static func looseCollations(
        on connection: borrowing Connection
    ) throws(ViewError) -> Set<Int> {
        let rows = try connection.texts(
            "SELECT oid::text FROM pg_catalog.pg_collation WHERE NOT collisdeterministic",
            doing: "reading collations")
        return Set(rows.compactMap { row in row[0].flatMap { Int($0) } })
    }

    /// The operators among these that are an equality of single values: links are texts in an
    /// array, so that arrays and rows are none, nor is money, whose text is the session's.
    private static func equalities(
        _ operators: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) -> [Int: Set<Int>] {
        let rows = try connection.texts(
            """
            SELECT a.amopopr::oid::text, a.amopfamily::oid::text FROM pg_catalog.pg_amop a
            JOIN pg_catalog.pg_am m ON m.oid = a.amopmethod AND m.amname = 'btree'
            JOIN pg_catalog.pg_type t ON t.oid IN (a.amoplefttype, a.amoprighttype)
            WHERE a.amopstrategy = 3 AND a.amopopr = ANY ($1::text::oid[])
            GROUP BY a.amopopr, a.amopfamily
            HAVING bool_and(t.typcategory <> 'A'
                AND t.typname NOT IN ('anyarray', 'anycompatiblearray', 'record', 'money'))
            """, [SQLText.array(operators.sorted().map(String.init))], columns: 2,
            doing: "reading which operators are equalities")
        var families: [Int: Set<Int>] = [:]
        for row in rows {
            guard let operation = row[0].flatMap({ Int($0) }),
                let family = row[1].flatMap({ Int($0) })
            else { continue }
            families[operation, default: []].insert(family)
        }
        return families
    }

    /// What PostgreSQL makes of the statements of views, as SQL.
    private static func definitions(
        _ views: [Int], on connection: borrowing Connection
    ) throws(ViewError) -> [Int: String] {
        let rows = try connection.texts(
            """
            SELECT v.oid::text, pg_catalog.pg_get_viewdef(v.oid, false)
            FROM unnest($1::text::oid[]) AS v (oid)
            """, [SQLText.array(views.map(String.init))], columns: 2,
            doing: "reading the statements of views")
        return Dictionary(
            rows.compactMap { row in row[0].flatMap { Int($0) }.map { ($0, row[1] ?? "") } },
            uniquingKeysWith: { first, _ in first })
    }

    /// The functions with which a key may be computed apart from its row (`KeyExpressions`).
    private static func computingFunctions(
        _ functions: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) -> Set<Int> {
        let rows = try connection.texts(
            """
            SELECT p.oid::text FROM pg_catalog.pg_proc p
            WHERE p.oid = ANY ($1::text::oid[]) AND p.proisstrict AND NOT p.proretset
                AND (p.provolatile = 'i' OR p.provolatile = 's'
                    AND p.pronamespace = 'pg_catalog'::regnamespace)
            """, [SQLText.array(functions.sorted().map(String.init))],
            doing: "reading which functions compute keys")
        return Set(rows.compactMap { row in row[0].flatMap { Int($0) } })
    }

    /// The operators that are not found in pg_catalog as `=`.
    private static func operatorNames(
        _ operators: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) -> [Int: String] {
        let rows = try connection.texts(
            """
            SELECT o.oid::text, format('OPERATOR(%I.%s)', n.nspname, o.oprname)
            FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
            WHERE o.oid = ANY ($1::text::oid[])
                AND NOT (n.nspname = 'pg_catalog' AND o.oprname = '=')
            """, [SQLText.array(operators.sorted().map(String.init))], columns: 2,
            doing: "reading the names of operators")
        return Dictionary(
            rows.compactMap { row in row[0].flatMap { Int($0) }.map { ($0, row[1] ?? "=") } },
            uniquingKeysWith: { first, _ in first })
    }

    /// The functions that may read what nobody sees, or give another answer each time.
    ///
    /// PostgreSQL calls every aggregate IMMUTABLE, whatever it is made of.
    private static func doubtfulFunctions(
        _ functions: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) -> [Int: String] {
        let rows = try connection.texts(
            """
            SELECT w.oid::text, min(format('%I.%I', n.nspname, p.proname)
                || CASE WHEN a.aggfnoid IS NULL THEN ''
                    ELSE format(' (of the aggregate %s)', w.oid::regproc) END)
            FROM unnest($1::text::oid[]) AS w (oid)
            LEFT JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = w.oid
            JOIN pg_catalog.pg_proc p ON p.oid IN (w.oid, \(Routine.aggregateParts))
            JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname <> 'pg_catalog' AND p.provolatile <> 'i'
            GROUP BY w.oid
            """, [SQLText.array(functions.sorted().map(String.init))], columns: 2,
            doing: "reading which functions are immutable")
        return Dictionary(
            rows.compactMap { row in row[0].flatMap { Int($0) }.map { ($0, row[1] ?? "") } },
            uniquingKeysWith: { first, _ in first })
    }
}

/// Texts of SQL values.
enum SQLText {
    /// A one-dimensional array.
    static func array(_ elements: [String]) -> String {
        let quoted = elements.map { element in
            var text = "\""
            for character in element.unicodeScalars {
                if character == "\"" || character == "\\" { text += "\\" }
                text.unicodeScalars.append(character)
            }
            return text + "\""
        }
        return "{\(quoted.joined(separator: ","))}"
    }
}
