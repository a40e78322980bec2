// What a generated row type knows about its view: enough to read it, and to notice that the view
// has become another one. It is compiled into the binary; `ViewCheck` compares it before a build.
// The digest is that of the whole file: a changed comment, too, asks for a new row type.

/// The columns of a view as they were when its row type was generated.
public struct ViewSchema: Sendable, Equatable {
    /// A column of the view.
    public struct Column: Sendable, Equatable {
        /// The column's name in the database.
        public let name: String
        /// Its type as PostgreSQL writes it, such as `timestamp with time zone`.
        public let type: String
        /// The type it is cast to when it is read; nil reads it as it is.
        public let cast: String?

        /// A column; `type` is the text of PostgreSQL's `format_type`.
        public init(_ name: String, _ type: String, cast: String? = nil) {
            self.name = name
            self.type = type
            self.cast = cast
        }
    }

    /// The view's name, without `sitegen.`.
    public let name: String
    /// The columns that identify a row, in order; at least one.
    public let key: [String]
    /// The columns in the order in which rows are read.
    public let columns: [Column]
    /// The column whose earlier texts are kept, as `moved:` says; nil for none.
    public let moved: String?
    /// SHA-256 of the view's file, in hexadecimal.
    public let digest: String

    /// A schema, as `sitegen db generate` writes it.
    public init(
        name: String, key: [String], columns: [Column], moved: String? = nil, digest: String
    ) {
        self.name = name
        self.key = key
        self.columns = columns
        self.moved = moved
        self.digest = digest
    }

    /// The places of the key's columns in `columns`; a name that is not there is left out.
    var keyPlaces: [Int] {
        key.compactMap { name in columns.firstIndex { column in column.name == name } }
    }
}
