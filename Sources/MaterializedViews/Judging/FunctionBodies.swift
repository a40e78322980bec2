// The bodies of SQL functions that are text, as PostgreSQL understands them.
//
// Each is made a function with a parsed body for a moment (BEGIN ATOMIC, PostgreSQL 14), under its
// own name and search path, in a savepoint that is rolled back. What a reader would get wrong: the
// text is somebody else's, so it is sent as one prepared statement first, in which a second one
// would be refused. Where making it is refused, the words of the text have to do (`FunctionText`):
// polymorphic parameters, a user who may not make temporary objects, a replica.

import Postgres

/// Asks PostgreSQL to parse bodies.
enum FunctionBodies {
    /// The parse trees of bodies.
    ///
    /// - Parameters:
    ///   - routines: functions whose bodies are texts, by OID.
    ///   - connection: a connection inside of a transaction.
    /// - Returns: by OID; those that cannot be parsed are not there.
    /// - Throws: `.database`.
    static func parsed(
        _ routines: [Int: Routine], on connection: borrowing Connection
    ) throws(ViewError) -> [Int: NodeTree] {
        var bodies: [Int: NodeTree] = [:]
        for (oid, routine) in routines.sorted(by: { $0.key < $1.key })
        where routine.language == "sql" && routine.kind == "f" {
            try connection.perform("SAVEPOINT body", doing: "parsing functions")
            let text = try parsed(oid, routine, on: connection)
            try connection.perform(
                "ROLLBACK TO SAVEPOINT body; RELEASE SAVEPOINT body", doing: "parsing functions")
            if let text { bodies[oid] = try ViewTree.parse(text) }
        }
        return bodies
    }

    private static func parsed(
        _ oid: Int, _ routine: Routine, on connection: borrowing Connection
    ) throws(ViewError) -> String? {
        do throws(PostgresError) {
            if let path = routine.searchPath {
                // As a value: it is somebody else's text, too.
                _ = try connection.execute(
                    "SELECT set_config('search_path', $1, true)", [Parameter(path)])
            }
            // Its parameters, as they are written under this search path.
            let signatures = try connection.rows(
                """
                SELECT pg_get_function_arguments(p.oid), pg_get_function_result(p.oid)
                FROM pg_catalog.pg_proc p WHERE p.oid = $1::text::oid
                """, [Parameter("\(oid)")]
            ) { row throws(PostgresError) in
                (try row.value(0, as: String.self), try row.value(1, as: String.self))
            }
            guard let (arguments, result) = signatures.first else { return nil }
            let statement =
                "CREATE FUNCTION pg_temp.\(routine.name.name.quotedName)(\(arguments)) "
                + "RETURNS \(result) LANGUAGE sql BEGIN ATOMIC\n\(routine.source)\n; END"
            _ = try connection.describe(statement)
            try connection.run(statement)
            return try connection.rows(
                """
                SELECT to_jsonb(p) ->> 'prosqlbody' FROM pg_catalog.pg_proc p
                WHERE p.pronamespace = pg_my_temp_schema() AND p.proname = $1
                """, [Parameter(routine.name.name)]
            ) { row throws(PostgresError) in try row.value(0, as: String?.self) }.first ?? nil
        } catch {
            guard error.sqlState != nil else {
                throw ViewError(error, in: nil, doing: "parsing functions")
            }
            return nil
        }
    }
}
