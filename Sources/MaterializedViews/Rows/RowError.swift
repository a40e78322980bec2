// Why a row could not be read into its Swift type.
//
// It is thrown by generated code, so it is public. It names view, column and key, and never a
// value: errors end up in logs and on terminals of people who may not see the data.

/// A row that does not fit the type that was generated for it.
public struct RowError: Error, Equatable, Sendable {
    /// What is wrong with the column.
    public enum Reason: Equatable, Sendable {
        /// NULL in a column that is not declared nullable.
        case null
        /// JSON that cannot be read as the declared type; where and why, without the value.
        case json(type: String, problem: String)
        /// Bytes that are no value of the expected Swift type.
        case type(expected: String, problem: String)
    }

    /// The view's name, without `sitegen.`.
    public var view: String
    /// The column's name in the database.
    public var column: String
    /// The row's key; nil where even the key could not be read.
    public var key: String?
    /// What is wrong.
    public var reason: Reason

    /// An error of one column of one row.
    public init(view: String, column: String, key: String?, reason: Reason) {
        self.view = view
        self.column = column
        self.key = key
        self.reason = reason
    }
}

extension RowError: CustomStringConvertible {
    /// What happened, then what to change; fit for logs, since it holds no value but the key.
    public var description: String {
        let place = "\(view).\(column)" + (key.map { key in ", row \(key)," } ?? "")
        switch reason {
        case .null:
            return """
                \(place) is NULL.
                Change site/database/\(view).sql so that it never is, or add `-- nullable: \
                \(column)` and run `sitegen db generate`.
                """
        case .json(let type, let problem):
            return """
                \(place) holds JSON that is no \(type): \(problem).
                Change site/database/\(view).sql or the type \(type).
                """
        case .type(let expected, let problem):
            return """
                \(place) cannot be read as \(expected): \(problem).
                Run `sitegen db apply`, then `sitegen db generate`.
                """
        }
    }
}
