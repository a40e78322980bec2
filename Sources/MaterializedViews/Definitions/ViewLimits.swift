// Every limit of this module, with its name.
//
// They are far above what a site needs and far below what would hurt: a file that passes one of
// them is a mistake (a dump saved under the wrong name, a runaway generator), so it is reported
// with file and limit instead of being read to the end. PostgreSQL has limits of its own.

/// The limits of view definitions and of what is read from them.
package enum ViewLimits {
    /// The largest view file, in bytes.
    package static let fileBytesMax = 256 * 1024
    /// The most view files in one folder.
    static let viewsMax = 1_000
    /// The longest view name, in bytes: PostgreSQL cuts names at 63, and names of the objects
    /// that belong to a view are made from its name and a suffix.
    package static let nameBytesMax = 51
    /// The most columns of a view; PostgreSQL itself ends at 1,664.
    static let columnsMax = 500
    /// The most columns in a key.
    static let keyColumnsMax = 8
    /// The longest name of a column, in bytes (PostgreSQL's NAMEDATALEN less one).
    static let columnNameBytesMax = 63
    /// The most entries of a page of `paginate:`.
    static let entriesPerPageMax = 10_000
    /// The most columns of an entry: a function of PostgreSQL takes 100 arguments, two for each.
    static let entryColumnsMax = 50
    /// The most earlier texts of a row that are read.
    static let movedTextsMax = 100
    /// The longest Swift type expression in a `json` header, in bytes.
    static let typeBytesMax = 200
    /// The longest key of an incremental view's row, in bytes as PostgreSQL stores them: an index
    /// entry ends at 2,704, with its header.
    package static let keyBytesMax = 2_600
    /// The most keys that are named in one pass because their rows cannot be computed.
    static let failedRowsMax = 1_000
}
