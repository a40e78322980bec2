/// Something that a page shows of its row: a column of its view.
struct PageFact: Equatable, Sendable {
    /// How the value is written.
    enum Kind: Equatable, Sendable {
        /// A text.
        case text
        /// A whole number; digits of a plain one are not grouped.
        case number(isPlain: Bool)
        /// Yes or no.
        case flag
        /// A day, or a moment.
        case date
        /// A row of a page's table.
        case link(PageReference)
        /// Values of a JSON object, by the names of their properties.
        case fields(type: String, [JSONField])
    }

    /// What stands in front of the value.
    let term: String
    /// The name of the view's column.
    let alias: String
    /// The expression.
    let sql: String
    /// How it is written.
    let kind: Kind
    /// Whether it may be NULL.
    let isNullable: Bool
}
