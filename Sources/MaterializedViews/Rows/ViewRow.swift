// What a row type is. The types themselves are generated into `site/Rows.generated.swift`.
//
// A row is a final class with constants: it is passed to components by reference, and a page reads
// the few properties it needs. Nothing about it changes after it was read.

public import Postgres

/// Lends one row of an answer to a generated initialiser.
public typealias RowReader = Row

/// A row of a view, read into Swift.
public protocol ViewRow: AnyObject, Sendable {
    /// The view as it was when this type was generated.
    static var schema: ViewSchema { get }

    /// Reads the columns in the order of the schema.
    ///
    /// - Throws: what does not fit: NULL where none is allowed, JSON of another shape.
    init(from row: borrowing RowReader) throws(RowError)

    /// The text of the row's key, unique in its view. See `RowKey` for keys of several columns.
    var rowKey: String { get }
}

/// A row that everybody may see: pages and shared fragments are made of these.
public protocol SharedRow: ViewRow {}

/// A row for one visitor: only a private fragment may take it, so that it can enter no page.
public protocol PrivateRow: ViewRow {}
