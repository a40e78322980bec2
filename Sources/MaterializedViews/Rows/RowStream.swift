// Reads the rows of a view into their Swift type: all of them in key order, or some by key.
//
// Rows are never gathered: each is handed on before the next is read, so memory does not grow with
// the view. The order is that of the key's bytes (COLLATE "C"), the same on every machine.

package import Postgres
import Synchronization

/// Reads one view through prepared statements of one connection.
package struct RowStream<R: ViewRow>: Sendable {
    private let all: String
    private let some: String

    /// Prepares the statements that read `R`'s view.
    ///
    /// - Throws: `.database` if the view is not as it was when `R` was generated; `ViewCheck` tells
    ///   that better, before.
    package init(
        _ type: R.Type = R.self, on connection: borrowing Connection
    ) throws(ViewError) {
        let statements = RowStatements(schema: R.schema)
        let number = RowStatements.count.add(1, ordering: .relaxed).newValue
        all = "sitegen_all_\(number)"
        some = "sitegen_some_\(number)"
        do throws(PostgresError) {
            try connection.prepare(all, as: statements.all)
            try connection.prepare(some, as: statements.some)
        } catch {
            throw ViewError(
                error.withoutPosition, in: nil, doing: "preparing to read \(R.schema.name)")
        }
    }

    /// How many rows the view has now.
    package func count(on connection: borrowing Connection) throws(ViewError) -> Int {
        try RowStatements.count(R.schema.name, on: connection)
    }

    /// Reads all rows, in the order of their keys.
    ///
    /// - Parameters:
    ///   - connection: the connection that was given to `init`; it is busy until the end.
    ///   - body: takes one row. What it throws ends the reading.
    /// - Throws: `.postgres` with `.row` for a row that does not fit, `.body` for what `body`
    ///   threw.
    package func each<Failure: Error>(
        on connection: borrowing Connection, _ body: (R) throws(Failure) -> Void
    ) throws(RowStreamError<Failure>) {
        try read(all, [], on: connection, body)
    }

    /// Reads the rows with these keys, in the order of their keys; those gone are left out.
    ///
    /// - Parameters:
    ///   - keys: keys as `rowKey` gives them, any number; a text that is no key is passed over.
    ///   - connection: the connection that was given to `init`; it is busy until the end.
    ///   - body: takes one row. What it throws ends the reading.
    /// - Throws: as `each(on:_:)`.
    package func rows<Failure: Error>(
        withKeys keys: [String], on connection: borrowing Connection,
        _ body: (R) throws(Failure) -> Void
    ) throws(RowStreamError<Failure>) {
        let width = R.schema.key.count
        for start in stride(from: 0, to: keys.count, by: ViewLimits.keysPerLookup) {
            let chunk = keys[start..<min(start + ViewLimits.keysPerLookup, keys.count)]
            let parts = chunk.compactMap { key in RowKey.parts(of: key, count: width) }
            let columns = (0..<width).map { place in
                Parameter(parts.map { part in part[place] })
            }
            try read(some, columns, on: connection, body)
        }
    }

    private func read<Failure: Error>(
        _ statement: String, _ parameters: [Parameter], on connection: borrowing Connection,
        _ body: (R) throws(Failure) -> Void
    ) throws(RowStreamError<Failure>) {
        do throws(StreamError<RowStreamError<Failure>>) {
            try connection.stream(statement, parameters) {
                (row) throws(RowStreamError<Failure>) in
                let value: R
                do throws(RowError) {
                    value = try R(from: row)
                } catch {
                    throw .view(.row(error))
                }
                do throws(Failure) {
                    try body(value)
                } catch {
                    throw .body(error)
                }
            }
        } catch {
            switch error {
            case .body(let error): throw error
            case .postgres(let error):
                throw .view(
                    ViewError(
                        error.withoutPosition, in: nil, doing: "reading \(R.schema.name)"))
            }
        }
    }
}

/// Why reading rows ended early: the view's fault, or the reader's.
package enum RowStreamError<Body: Error>: Error {
    /// A row does not fit its type, or the database failed.
    case view(ViewError)
    /// What the closure threw.
    case body(Body)
}
