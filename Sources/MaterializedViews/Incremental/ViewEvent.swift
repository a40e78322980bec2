import Postgres

/// A row of a view that changed.
package struct ViewEvent: Equatable, Sendable {
    /// What happened to the row.
    package enum Operation: String, Sendable {
        /// It is new in the view.
        case insert = "i"
        /// Some of its columns differ.
        case update = "u"
        /// It is not in the view any more.
        case delete = "d"
    }

    /// The number of the change; later changes have higher ones, and so do later commits.
    package let sequence: Int64
    /// The view's name.
    package let view: String
    /// The key's text (`RowKey`).
    package let key: String
    /// What happened.
    package let operation: Operation
    /// The columns that differ; nil unless it is an update.
    package let columns: [String]?
}
