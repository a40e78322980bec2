// Preparing, describing and executing statements with parameters.
//
// Every statement with parameters is prepared first, if only namelessly: then the server has said
// which types it wants, and values go out in exactly those. Results come back in binary form.
// Behind a pooler the next transaction may find another session, without our statements or with
// somebody else's of the same name: there, a name is known to this side only, and a statement is
// sent with its text each time.

internal import CLibPQ

/// What the server said about a prepared statement.
struct StatementShape {
    var sql: String
    var parameters: [PostgresType]
    var columns: [ColumnDescription]
}

/// A column of a statement's result, before any row.
package struct ColumnDescription: Equatable, Sendable {
    /// The name in the SELECT list; several columns may share one.
    package var name: String
    /// The type; for a domain it is the type below it.
    package var type: PostgresType
    /// The type's modifier, such as the 10,2 of numeric(10,2); -1 for none.
    package var modifier: Int
    /// The type as SQL writes it: "bigint", "numeric(10,2)", "text[]", "shop.size".
    package var typeName: String
    /// The OID of the table whose column this is, 0 for an expression.
    package var table: UInt32
    /// The column's number in that table, 0 for an expression.
    var tableColumn: Int
}

/// The types of a statement's parameters and columns.
package struct StatementDescription: Equatable, Sendable {
    /// One for each $n.
    package var parameters: [PostgresType]
    /// In the order of the SELECT list; empty if the statement returns no rows.
    package var columns: [ColumnDescription]
}

extension Connection {
    /// Prepares a statement for this connection; a statement of the same name is replaced.
    ///
    /// - Parameters:
    ///   - name: at most `PostgresLimits.statementNameBytesMax` bytes, not empty.
    ///   - sql: one statement with $1, $2, … for its parameters.
    /// - Throws: what the server said, with the statement's name.
    package borrowing func prepare(_ name: String, as sql: String) throws(PostgresError) {
        guard (1...PostgresLimits.statementNameBytesMax).contains(name.utf8.count) else {
            throw .misuse(
                """
                A statement's name has \(name.utf8.count) bytes.
                Give it 1 to \(PostgresLimits.statementNameBytesMax).
                """)
        }
        try requireIdle()
        if session.statements[name] != nil {
            if !isPooled { try run("DEALLOCATE \(Self.quoted(identifier: name))") }
            session.statements[name] = nil
        }
        let shape = try prepareAndDescribe(name, sql)
        session.statements[name] = shape
        try learnTypes(shape)
    }

    /// Asks the server for a statement's types, without running it.
    ///
    /// - Parameter sql: one statement.
    /// - Returns: types of parameters and columns, with their names.
    /// - Throws: what the server said about the statement.
    package borrowing func describe(_ sql: String) throws(PostgresError) -> StatementDescription {
        try requireIdle()
        let shape = try prepareAndDescribe("", sql)
        var description = StatementDescription(
            parameters: shape.parameters, columns: shape.columns)
        guard !shape.columns.isEmpty else { return description }
        let names = try rows(
            "SELECT pg_catalog.format_type(t, m) FROM unnest($1::oid[], $2::int4[]) AS x(t, m)",
            [Parameter(shape.columns.map(\.type.oid)), Parameter(shape.columns.map(\.modifier))]
        ) { row throws(PostgresError) in try row.value(0, as: String.self) }
        for (index, name) in names.enumerated() { description.columns[index].typeName = name }
        return description
    }

    private borrowing func prepareAndDescribe(
        _ name: String, _ sql: String
    ) throws(PostgresError) -> StatementShape {
        guard isPooled, unsafe PQtransactionStatus(raw) == PQTRANS_IDLE else {
            return try prepareAndDescribeHere(name, sql)
        }
        // Preparing and describing are two questions: a transaction keeps them in one session.
        return try inTransaction { (connection) throws(PostgresError) in
            try connection.prepareAndDescribeHere(name, sql)
        }
    }

    private borrowing func prepareAndDescribeHere(
        _ name: String, _ sql: String
    ) throws(PostgresError) -> StatementShape {
        let label = name.isEmpty ? nil : name
        let name = isPooled ? "" : name
        _ = unsafe try checked(unsafe PQprepare(raw, name, sql, 0, nil), statement: label)
        let answer = unsafe try checked(unsafe PQdescribePrepared(raw, name), statement: label)
        let parameters = unsafe (0..<PQnparams(answer.raw)).map {
            unsafe PostgresType(oid: PQparamtype(answer.raw, $0))
        }
        let columns = unsafe (0..<PQnfields(answer.raw)).map { column in
            let type = unsafe PostgresType(oid: PQftype(answer.raw, column))
            return unsafe ColumnDescription(
                name: PQfname(answer.raw, column).map { unsafe String(cString: $0) } ?? "",
                type: type, modifier: Int(PQfmod(answer.raw, column)),
                typeName: type.builtInName ?? "", table: PQftable(answer.raw, column),
                tableColumn: Int(PQftablecol(answer.raw, column)))
        }
        return StatementShape(sql: sql, parameters: parameters, columns: columns)
    }

    /// Looks up the names of types that are not built in, for errors; once for each connection.
    private borrowing func learnTypes(_ shape: StatementShape) throws(PostgresError) {
        let unknown = Set(shape.columns.map(\.type)).filter {
            $0.builtInName == nil && session.catalog.names[$0.oid] == nil
        }
        guard !unknown.isEmpty else { return }
        // Inside a transaction that has failed every statement fails; names can wait.
        guard unsafe PQtransactionStatus(raw) != PQTRANS_INERROR else { return }
        let found = try rows(
            "SELECT t, pg_catalog.format_type(t, NULL) FROM unnest($1::oid[]) AS x(t)",
            [Parameter(unknown.map(\.oid))]
        ) { row throws(PostgresError) in
            (try row.value(0, as: UInt32.self), try row.value(1, as: String.self))
        }
        for (oid, name) in found { session.catalog.names[oid] = name }
    }

    /// Runs one statement and reads all its rows; for many rows use `stream`.
    ///
    /// - Parameters:
    ///   - sql: one statement with $1, $2, … for its parameters.
    ///   - parameters: one value for each.
    ///   - decode: called for each row in order; must not use the connection.
    /// - Returns: what `decode` returned.
    /// - Throws: what the server said or what `decode` threw.
    package borrowing func rows<T>(
        _ sql: String, _ parameters: [Parameter] = [],
        _ decode: (borrowing Row) throws(PostgresError) -> T
    ) throws(PostgresError) -> [T] {
        try decodeAll(try result(of: sql, parameters), decode)
    }

    /// Runs one statement with parameters.
    ///
    /// - Parameters:
    ///   - sql: one statement.
    ///   - parameters: one value for each $n.
    /// - Returns: how many rows it inserted, changed, deleted or returned.
    /// - Throws: what the server said.
    @discardableResult
    package borrowing func execute(
        _ sql: String, _ parameters: [Parameter] = []
    ) throws(PostgresError) -> Int {
        try result(of: sql, parameters).affectedRows
    }

    private borrowing func result(
        of sql: String, _ parameters: [Parameter]
    ) throws(PostgresError) -> QueryResult {
        try requireIdle()
        if parameters.isEmpty {
            let raw = unsafe PQexecParams(raw, sql, 0, nil, nil, nil, nil, 1)
            return try unsafe checked(raw, statement: nil)
        }
        let shape = try prepareAndDescribe("", sql)
        let encoded = try EncodedParameters(parameters, for: shape, statement: "(unnamed)")
        return try unsafe checked(run(shape, "", encoded), statement: nil)
    }

    /// Runs a statement of this shape, by its name or, behind a pooler, by its text.
    @unsafe private borrowing func run(
        _ shape: StatementShape, _ name: String, _ encoded: EncodedParameters
    ) -> OpaquePointer? {
        let types = shape.parameters.map(\.oid)
        return unsafe encoded.withPointers { count, values, lengths, formats in
            isPooled
                ? unsafe PQexecParams(raw, shape.sql, count, types, values, lengths, formats, 1)
                : unsafe PQexecPrepared(raw, name, count, values, lengths, formats, 1)
        }
    }

    private borrowing func result(
        ofPrepared name: String, _ parameters: [Parameter]
    ) throws(PostgresError) -> QueryResult {
        try requireIdle()
        guard let shape = session.statements[name] else { throw .notPrepared(statement: name) }
        let encoded = try EncodedParameters(parameters, for: shape, statement: name)
        return try unsafe checked(run(shape, name, encoded), statement: name)
    }

    private borrowing func decodeAll<T>(
        _ result: consuming QueryResult, _ decode: (borrowing Row) throws(PostgresError) -> T
    ) throws(PostgresError) -> [T] {
        let columns = ResultColumns(result, catalog: session.catalog)
        session.isBusy = true
        defer { session.isBusy = false }
        var values: [T] = []
        values.reserveCapacity(result.rowCount)
        for index in 0..<result.rowCount {
            let row = unsafe Row(of: result.raw, at: Int32(index), columns: columns)
            values.append(try decode(row))
        }
        return values
    }

    /// Quotes a name for use in SQL; section "Identifiers and Key Words".
    package static func quoted(identifier: String) -> String {
        "\""
            + identifier.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }

    /// Quotes a text for use in SQL, whatever standard_conforming_strings says.
    package static func quoted(literal: String) -> String {
        var text = literal.contains("\\") ? "E'" : "'"
        for character in literal.unicodeScalars {
            if character == "'" || character == "\\" { text.unicodeScalars.append(character) }
            text.unicodeScalars.append(character)
        }
        return text + "'"
    }
}
