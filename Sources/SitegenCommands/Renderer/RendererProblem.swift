/// Why something cannot be made; nothing of a row but its key is in it.
package struct RendererProblem: Codable, Sendable {
    /// The author's page type; empty if none is at fault.
    package let route: String
    /// View and key, or a path.
    package let place: String
    /// What is wrong, then what to change.
    package let reason: String
}
