/// How a tab comes to the page that is at its address now.
struct PageChange: Encodable {
    /// The digest of the page.
    let page: String
    /// What changed, or why it has to be loaded; nothing of a row is in it.
    let why: String
    /// The event: `morph` for a change in place, `full` for what only a browser's loading can do.
    let event: String
    /// The sheets of the page with their versions: a tab may not have had all of them.
    var sheets: [String: String] = [:]
}
