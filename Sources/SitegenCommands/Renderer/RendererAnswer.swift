/// An answer, or news.
///
/// What belongs to it as bytes is the frame's body.
package enum RendererAnswer: Codable, Sendable {
    /// The rows fit the database; questions are answered.
    case ready(version: Int)
    /// The compiled rows do not fit the database: the process ends.
    case refused(reason: String)
    /// What stands at the path of a question.
    case page(number: Int, RenderedPage)
    /// The text that was asked for.
    case text(number: Int)
    /// The texts that were asked for, one behind the other; nil for what there is none of.
    case texts(number: Int, lengths: [Int?])
    /// There is nothing of that name.
    case nothing(number: Int)
    /// The page of a question is looked for and rendered from now on.
    case begins(number: Int)
    /// The page that was begun is this page type's, of a row with a key in these columns.
    case renders(route: String, key: [String])
    /// The address of a question is not known yet; it begins again later, and an answer follows.
    case waits(number: Int)
    /// public/ and site/Styles were read again; files have their addresses in this folder.
    case files(number: Int, folder: String)
    /// Done.
    case done(number: Int)
    /// What was asked for cannot be made.
    case problem(number: Int, RendererProblem)
    /// Rows of these views changed.
    case rows(views: [String])
    /// Something that views were made from is another thing now: they have to be installed again.
    case viewsOutdated
    /// PostgreSQL cannot be asked; nil when it can again.
    case database(reason: String?)
    /// All addresses are known.
    case addresses(count: Int)

    /// What `ready` says.
    package static let version = 5
}
