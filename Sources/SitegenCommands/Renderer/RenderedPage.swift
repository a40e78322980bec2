/// What stands at a path, less its bytes.
package struct RenderedPage: Codable, Sendable {
    /// The status.
    package let status: Int
    /// Names and values of header fields, in turn.
    package let fields: [[String]]
    /// Whether it is a web page.
    package let isPage: Bool
    /// The page type that made it; empty for a file of public/.
    package let route: String
    /// The view and the key of its row; empty without one.
    package let view: String
    /// See `view`.
    package let key: String
    /// The names of its style sheets.
    package let sheets: [String]
    /// What is wrong with its fragments.
    package let warnings: [RendererProblem]
}
