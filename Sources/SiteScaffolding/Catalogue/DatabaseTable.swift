/// A table, view or the like, as PostgreSQL's catalogue describes it.
struct DatabaseTable: Equatable, Sendable {
    /// What kind of relation it is.
    enum Kind: String, Sendable {
        /// An ordinary table, or a partitioned one.
        case table
        /// A view of somebody else's.
        case view
        /// A materialized view.
        case materializedView = "materialized view"
        /// A table of another server.
        case foreignTable = "foreign table"
    }

    /// Why its rows cannot be read, or not in a way that pages can rest on.
    enum Obstacle: Equatable, Sendable {
        /// The user may not read it, or a column of its key.
        case noRights
        /// What it shows depends on who asks.
        case rowSecurity
        /// A crash of the server empties it without a sign.
        case unlogged
        /// Other tables inherit from it, so that its key does not tell its rows apart.
        case hasHeirs
        /// It inherits from another table.
        case isHeir
    }

    /// The number that PostgreSQL knows it by.
    let oid: Int
    /// The schema's name.
    let schema: String
    /// The table's name.
    let name: String
    /// What kind of relation it is.
    let kind: Kind
    /// The columns in their order, dropped ones left out.
    var columns: [DatabaseColumn] = []
    /// The numbers of the columns of the primary key; empty without one.
    var primaryKey: [Int] = []
    /// The columns of each unique index over whole columns and all rows.
    var uniqueKeys: [[Int]] = []
    /// The columns that an index begins with.
    var indexedColumns: Set<Int> = []
    /// What COMMENT ON says; nil without a comment.
    let comment: String?
    /// What keeps pages from being made of it; nil for nothing.
    let obstacle: Obstacle?

    /// Describes a table.
    init(
        oid: Int, schema: String = "public", name: String, kind: Kind = .table,
        columns: [DatabaseColumn] = [], primaryKey: [Int] = [], uniqueKeys: [[Int]] = [],
        indexedColumns: Set<Int> = [], comment: String? = nil, obstacle: Obstacle? = nil
    ) {
        self.oid = oid
        self.schema = schema
        self.name = name
        self.kind = kind
        self.columns = columns
        self.primaryKey = primaryKey
        self.uniqueKeys = uniqueKeys
        self.indexedColumns = indexedColumns
        self.comment = comment
        self.obstacle = obstacle
    }

    /// `schema.table`, for people.
    var shown: String { "\(schema).\(name)" }

    /// `schema.table`, for SQL.
    var quoted: String { SQLName.quoted(schema) + "." + SQLName.quoted(name) }

    /// The column of a number; nil for none.
    func column(_ number: Int) -> DatabaseColumn? { columns.first { $0.number == number } }
}
