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
        return unsafe String(String(cString: text).prefix(PostgresLimits.messageCharactersMax))
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
