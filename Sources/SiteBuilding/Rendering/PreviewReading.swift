import MaterializedViews
import Postgres

/// How the rows of a preview are read: from views that the reading transaction makes for itself.
struct PreviewReading: Sendable {
    let preview: Preview
    /// The views that are read so; the others as they are installed.
    let definitions: [ViewDefinition]
    /// How long one statement may take; nil for as long as any may.
    var statementMilliseconds: Int?

    /// Begins a transaction that may make temporary views; it is never committed.
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ; "

    func createViews(on connection: borrowing Connection) throws {
        try PreviewViews.create(definitions, for: preview, on: connection)
        guard let statementMilliseconds else { return }
        try connection.run("SET LOCAL statement_timeout = \(statementMilliseconds)")
    }

    /// Where the rows of a view are, as SQL; nil for where they are installed.
    func relation(_ schema: ViewSchema) -> String? {
        definitions.contains { $0.name == schema.name }
            ? PreviewViews.relation(schema.name) : nil
    }
}
