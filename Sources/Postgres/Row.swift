internal import CLibPQ

/// One row of a result, lent to a closure.
///
/// Columns count from 0, in the order of the SELECT list.
@safe public struct Row: ~Copyable {
    @usableFromInline let raw: OpaquePointer
    @usableFromInline let index: Int32
    @usableFromInline let columns: ResultColumns
    /// The column that has other bytes than the result's; -1 for none.
    @usableFromInline let replaced: Int32
    @usableFromInline let replacement: UnsafeBufferPointer<UInt8>

    @unsafe init(of raw: OpaquePointer, at index: Int32, columns: ResultColumns) {
        unsafe self.raw = raw
        self.index = index
        self.columns = columns
        replaced = -1
        unsafe replacement = UnsafeBufferPointer(start: nil, count: 0)
    }

    private init(
        _ row: borrowing Row, _ column: Int32, _ bytes: UnsafeBufferPointer<UInt8>
    ) {
        unsafe raw = row.raw
        index = row.index
        columns = row.columns
        replaced = column
        unsafe replacement = unsafe bytes
    }

    /// Lends the same row with another text in one column.
    ///
    /// - Parameters:
    ///   - column: its index from 0; a column of a type of texts.
    ///   - text: what it has instead.
    ///   - body: reads the row.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    package borrowing func replacing<Value, Failure: Error>(
        _ column: Int, by text: String, _ body: (borrowing Row) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let bytes = Array(text.utf8)
        let result = unsafe bytes.withUnsafeBufferPointer { bytes -> Result<Value, Failure> in
            let row = unsafe Row(self, Int32(truncatingIfNeeded: column), bytes)
            do throws(Failure) {
                return .success(try body(row))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
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
        if column == replaced { return unsafe replacement }
        guard let base = unsafe PQgetvalue(raw, index, column) else { return nil }
        let count = unsafe Int(PQgetlength(raw, index, column))
        if count == 0, unsafe PQgetisnull(raw, index, column) != 0 { return nil }
        return unsafe UnsafeBufferPointer(
            start: UnsafeRawPointer(base).assumingMemoryBound(to: UInt8.self), count: count)
    }
}
