// What `sitegen watch` and the renderer, a process of the site's program, say to each other.
//
// docs/architecture/watching.md tells the protocol. Questions have numbers and may be answered in
// any order; a message without a number is news. Both ends are of one build of sitegen: a program
// that speaks otherwise is refused by `version`.

/// A question, or a wish without an answer.
package enum RendererQuestion: Codable, Sendable {
    /// What stands at a path, for a visitor with these cookies.
    case page(number: Int, path: String, cookies: [String: String])
    /// The texts of style sheets.
    case sheets(number: Int, names: [String])
    /// The text of a script.
    case script(number: Int, name: String)
    /// Another text for the style sheet of a component, which is being compiled.
    case change(number: Int, component: String, style: String)
    /// Shows pages from what the files of these views say, before it is installed; of no view, from
    /// what is installed.
    case views(number: Int, names: [String])
    /// The source of the site's row types once these views are installed as their files are.
    case rowTypes(number: Int, names: [String])
    /// Reads site/Styles again, and public/ if that has changed.
    case reload(number: Int, hasFiles: Bool)
    /// Where an earlier renderer found an address.
    case expect(path: String, route: String, key: String)
    /// How often to look for changed rows.
    case pace(milliseconds: Int)
}
