// Reads the rows of a view into their Swift type, as a build does: all of them in key order, or
// some by key.

package import MaterializedViews
package import Postgres
import Synchronization

/// Numbers prepared statements, so that two readers may share a connection.
private let streamCount = Atomic<Int>(0)

/// Reads one view through prepared statements of one connection.
package struct RowStream<R: ViewRow> {
    private let all: String
    private let some: String

    /// Prepares the statements that read `R`'s view.
    package init(_ type: R.Type = R.self, on connection: borrowing Connection) throws {
        let statements = RowStatements(schema: R.schema, in: connection.schema)
        let number = streamCount.add(1, ordering: .relaxed).newValue
        all = "sitegen_all_\(number)"
        some = "sitegen_some_\(number)"
        try connection.prepare(all, as: statements.all)
        try connection.prepare(some, as: statements.some)
    }

    /// Reads all rows, in the order of their keys; what `body` throws ends the reading.
    package func each(on connection: borrowing Connection, _ body: (R) throws -> Void) throws {
        try read(all, [], on: connection, body)
    }

    /// Reads the rows with these keys, in the order of their keys; those gone are left out.
    package func rows(
        withKeys keys: [String], on connection: borrowing Connection, _ body: (R) throws -> Void
    ) throws {
        let width = R.schema.key.count
        let parts = keys.compactMap { key in RowKey.parts(of: key, count: width) }
        let columns = (0..<width).map { place in Parameter(parts.map { part in part[place] }) }
        try read(some, columns, on: connection, body)
    }

    private func read(
        _ statement: String, _ parameters: [Parameter], on connection: borrowing Connection,
        _ body: (R) throws -> Void
    ) throws {
        do throws(StreamError<any Error>) {
            try connection.stream(statement, parameters) { (row) throws(any Error) in
                try body(try R(from: row))
            }
        } catch {
            switch error {
            case .body(let error): throw error
            case .postgres(let error): throw error
            }
        }
    }
}
