// A column of a table, and what its type is below all domains.
//
// What a name means is read elsewhere; here are facts of the catalogue alone. JSON columns also
// have the keys that rows were seen with.

/// A column of a table, as PostgreSQL's catalogue describes it.
struct DatabaseColumn: Equatable, Sendable {
    /// Its number in the table, from 1; dropped columns leave gaps.
    let number: Int
    /// Its name.
    let name: String
    /// Whether NULL is refused.
    let isNotNull: Bool
    /// The type as SQL writes it, with its modifier.
    let type: String
    /// The type below all domains.
    let base: ColumnType
    /// Whether texts that are written differently may be equal in it.
    let isLoose: Bool
    /// Whether the user may read it.
    var isReadable: Bool
    /// The keys of the JSON objects in it that hold plain values in every row that was looked at;
    /// empty for other columns.
    var jsonKeys: [String] = []

    /// Describes a column.
    init(
        number: Int, name: String, isNotNull: Bool = true, type: String = "text",
        base: ColumnType = .builtIn("text"), isLoose: Bool = false, isReadable: Bool = true,
        jsonKeys: [String] = []
    ) {
        self.number = number
        self.name = name
        self.isNotNull = isNotNull
        self.type = type
        self.base = base
        self.isLoose = isLoose
        self.isReadable = isReadable
        self.jsonKeys = jsonKeys
    }

    /// The name, for SQL.
    var quoted: String { SQLName.quoted(name) }
}

/// What a column's type is, below all domains.
enum ColumnType: Equatable, Sendable {
    /// A type of the system catalogue by its internal name, or `citext`.
    case builtIn(String)
    /// A type made with CREATE TYPE … AS ENUM.
    case enumeration
    /// An array whose elements are of the system catalogue, enumerations or not.
    case array(of: String, isKnown: Bool)
    /// A composite, a range of one's own, a type of an extension.
    case other(String)
}
