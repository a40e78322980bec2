import MaterializedViews

/// Names of columns and properties.
enum ColumnAlias {
    /// Long enough for what is put behind it, below PostgreSQL's 63 bytes.
    private static let bytesMax = 40

    /// A name that a column of a view may have, and a property in Swift without backticks.
    static func name(_ name: String) -> String {
        let alias = NameWords.snake(name, or: "column", bytes: bytesMax)
        guard let property = SwiftName.property(ofColumn: alias) else { return "column" }
        return property.hasPrefix("`") || contextual.contains(alias)
            ? "\(alias)_value" : alias
    }

    /// Words that mean something to Swift at the beginning of an expression, beside those that are
    /// reserved, and `rev`, which sitegen has for itself.
    private static let contextual: Set<String> = [
        "any", "async", "await", "borrow", "consume", "consuming", "copy", "discard", "dynamic",
        "each", "isolated", "macro", "nonisolated", "nonsending", "open", "package", "rev", "row",
        "sending", "some", "then", "unowned", "unsafe", "weak", "yield", "actor", "lazy",
        "mutating", "optional", "override", "required", "final", "convenience",
        "row_key", "schema", "self", "init",
    ]
}
