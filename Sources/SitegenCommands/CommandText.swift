/// What a command takes and gives: the four lines that every help text ends with.
///
/// It is the one place where a command says so; a test asks every command for all of them.
package struct CommandText {
    /// Where the database is.
    package static let database =
        "the database of --db, DATABASE_URL or a private server; in it "
        + "the schema of the site, whose name is in SITEGEN_SITE or site/database/site.name"
    /// What commands about a database may end with.
    static let databaseStatus =
        "0 done, 64 usage, 69 PostgreSQL unavailable, 75 somebody holds a lock, 130 interrupted"

    private let about: String
    private let lines: [(name: String, text: String)]

    /// Describes a command.
    ///
    /// - Parameters:
    ///   - about: what to know besides the abstract; none is needed.
    ///   - input: what it reads.
    ///   - output: what it prints.
    ///   - status: the exit statuses that mean something.
    ///   - files: what it writes, and where.
    package init(
        _ about: String = "", input: String, output: String, status: String, files: String
    ) {
        self.about = about
        lines = [("Input", input), ("Output", output), ("Status", status), ("Files", files)]
    }

    /// The text behind the abstract.
    package var discussion: String {
        let told = lines.map { "\($0.name): \($0.text)." }.joined(separator: "\n")
        return about.isEmpty ? told : "\(about)\n\n\(told)"
    }
}
