// libpq's results with one owner each, and the row that a closure gets to see.
//
// A row lends bytes that die with its result, so it cannot be copied or kept: `value` copies what
// is kept. In single-row mode every row is a result of its own; the columns' names and types are
// read once from the first and shared.

internal import CLibPQ

/// Sole owner of one PGresult.
@safe struct QueryResult: ~Copyable {
    let raw: OpaquePointer

    /// Takes over `raw`; nobody else may call PQclear on it.
    @unsafe init(owning raw: OpaquePointer) { unsafe self.raw = raw }

    deinit { unsafe PQclear(raw) }

    var status: ExecStatusType { unsafe PQresultStatus(raw) }
    var rowCount: Int { unsafe Int(PQntuples(raw)) }

    /// The number of rows an INSERT, UPDATE, DELETE, COPY or SELECT touched, otherwise 0.
    var affectedRows: Int {
        guard let text = unsafe PQcmdTuples(raw) else { return 0 }
        return unsafe Int(String(cString: text)) ?? 0
    }

    /// The command's tag, such as "COMMIT".
    var command: String {
        guard let text = unsafe PQcmdStatus(raw) else { return "" }
        return unsafe String(cString: text)
    }

    /// One field of the server's report.
    func field(_ code: Character) -> String? {
        guard let ascii = code.asciiValue,
            let text = unsafe PQresultErrorField(raw, Int32(ascii))
        else { return nil }
        return unsafe String(String(cString: text).prefix(Limits.messageCharactersMax))
    }

    /// What the server said; the codes are those of libpq's PG_DIAG_… constants.
    func report(statement: String?) -> ServerReport {
        ServerReport(
            sqlState: field("C") ?? "", message: field("M") ?? "no message", detail: field("D"),
            hint: field("H"), position: field("P").flatMap { Int($0) }, constraint: field("n"),
            statement: statement)
    }
}

/// Names and types of a result's columns.
@usableFromInline final class ResultColumns {
    @usableFromInline let names: [String]
    @usableFromInline let types: [PostgresType]
    /// The connection's names of types that are not built in.
    let catalog: TypeCatalog

    init(_ result: borrowing QueryResult, catalog: TypeCatalog) {
        let count = unsafe PQnfields(result.raw)
        names = (0..<count).map { column in
            guard let name = unsafe PQfname(result.raw, column) else { return "" }
            return unsafe String(cString: name)
        }
        types = (0..<count).map { unsafe PostgresType(oid: PQftype(result.raw, $0)) }
        self.catalog = catalog
    }
}

/// The types of one database that PostgreSQL does not bring along.
final class TypeCatalog {
    var names: [UInt32: String] = [:]

    func name(of type: PostgresType) -> String {
        type.builtInName ?? names[type.oid] ?? "the type with OID \(type.oid)"
    }
}

/// One row of a result, lent to a closure.
///
/// Columns count from 0, in the order of the SELECT list.
@safe public struct Row: ~Copyable {
    @usableFromInline let raw: OpaquePointer
    @usableFromInline let index: Int32
    @usableFromInline let columns: ResultColumns

    @unsafe init(of raw: OpaquePointer, at index: Int32, columns: ResultColumns) {
        unsafe self.raw = raw
        self.index = index
        self.columns = columns
    }

    /// The number of columns.
    public var count: Int { columns.types.count }

    /// The names of the columns, as the query gives them.
    public var columnNames: [String] { columns.names }

    /// Reads a column.
    ///
    /// - Parameters:
    ///   - column: its index from 0.
    ///   - type: what to read; an optional type reads NULL as nil.
    /// - Returns: a value of its own, which may be kept.
    /// - Throws: `.typeMismatch`, `.unexpectedNull`, `.malformedValue` with the column's name, or
    ///   `.noColumn`.
    @inlinable public borrowing func value<T: PostgresDecodable>(
        _ column: Int, as type: T.Type = T.self
    ) throws(PostgresError) -> T {
        guard columns.types.indices.contains(column) else {
            throw .noColumn(index: column, count: columns.types.count)
        }
        let columnType = columns.types[column]
        guard T.accepts(columnType) else { throw mismatch(column, T.postgresExpectation) }
        guard let bytes = unsafe bytes(column) else {
            if let null = T.postgresNull { return null }
            throw .unexpectedNull(column: columns.names[column], expected: T.postgresExpectation)
        }
        guard let value = unsafe T(postgres: bytes.span, type: columnType) else {
            throw .malformedValue(column: columns.names[column], expected: T.postgresExpectation)
        }
        return value
    }

    @usableFromInline borrowing func mismatch(
        _ column: Int, _ expected: String
    ) -> PostgresError {
        .typeMismatch(
            column: columns.names[column], expected: expected,
            found: columns.catalog.name(of: columns.types[column]))
    }

    /// The bytes of a value, nil for NULL; they live as long as the row.
    @usableFromInline borrowing func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8>? {
        let column = Int32(truncatingIfNeeded: column)
        guard let base = unsafe PQgetvalue(raw, index, column) else { return nil }
        let count = unsafe Int(PQgetlength(raw, index, column))
        if count == 0, unsafe PQgetisnull(raw, index, column) != 0 { return nil }
        return unsafe UnsafeBufferPointer(
            start: UnsafeRawPointer(base).assumingMemoryBound(to: UInt8.self), count: count)
    }
}
