// Sample data of a site: a schema and a generator, loaded by `sitegen db seed`.
//
// The generator only names tables and rows; the tool writes them with COPY. The same size and seed
// give the same rows.

/// Where a generator writes its rows, in the order the foreign keys need.
public protocol RowSink {
    /// Begins a table; the rows that follow have these columns.
    ///
    /// - Parameters:
    ///   - name: the table, with its schema: `fashion.look`.
    ///   - columns: column names, in the order of the values.
    /// - Throws: what the database refused of the rows before.
    mutating func table(_ name: String, columns: [String]) throws
    /// Writes one row of the table that was begun last.
    ///
    /// - Throws: what the database refused.
    mutating func row(_ values: [SampleValue]) throws
}

/// One value of a sample row.
public enum SampleValue: Sendable, Hashable {
    /// NULL.
    case null
    /// A boolean.
    case bool(Bool)
    /// Any integer type.
    case int(Int)
    /// A floating point number.
    case double(Double)
    /// Text, or any type that PostgreSQL reads from text.
    case text(String)
    /// A moment, in seconds since 1970-01-01 00:00 UTC.
    case timestamp(secondsSince1970: Int)
}

/// A site's sample data.
public struct SampleData: Sendable {
    /// The SQL file that makes the tables, relative to the site's root folder.
    public let schemaFile: String
    /// The tables' schema: sample data is loaded only while PostgreSQL has no such schema.
    public let schemaName: String
    /// How large the sample is unless the command says otherwise.
    public let defaultSize: Int
    /// Writes all rows for a size and a seed.
    public let generate:
        @Sendable (_ size: Int, _ seed: UInt64, _ sink: inout any RowSink) throws -> Void

    /// Describes sample data.
    public init(
        schemaFile: String, schemaName: String, defaultSize: Int,
        generate:
            @escaping @Sendable (_ size: Int, _ seed: UInt64, _ sink: inout any RowSink) throws ->
            Void
    ) {
        self.schemaFile = schemaFile
        self.schemaName = schemaName
        self.defaultSize = defaultSize
        self.generate = generate
    }
}
