import MaterializedViews
import Postgres

/// How the rows of a preview are read: from views that the reading transaction makes for itself.
struct PreviewReading: Sendable {
    let preview: Preview
    let definitions: [ViewDefinition]

    /// Begins a transaction that may make temporary views; it is never committed.
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ; "

    func createViews(on connection: borrowing Connection) throws {
        try PreviewViews.create(definitions, for: preview, on: connection)
    }

    /// Where the rows of a view are, as SQL.
    func relation(_ schema: ViewSchema) -> String { PreviewViews.relation(schema.name) }
}
