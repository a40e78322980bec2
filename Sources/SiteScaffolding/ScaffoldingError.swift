// What may keep a site from being written: what happened, then what to change.
//
// Names of schemas and tables are told, with the nearest one where a name is not there; a value of
// a row never is.

package import MaterializedViews
package import Postgres

/// Why a site cannot be written.
package enum ScaffoldingError: Error, Equatable, Sendable {
    /// There is no schema of this name.
    case unknownSchema(name: String, known: [String])
    /// There is no table of this name in the schemas.
    case unknownTable(name: String, known: [String])
    /// Several schemas have a table of this name.
    case ambiguousTable(name: String, candidates: [String])
    /// A table was asked for that cannot have pages.
    case noPages(table: String, reason: String)
    /// More tables were named than a site has room for.
    case tooManyTables(count: Int)
    /// Something is in the folder already.
    case folderNotEmpty(path: String)
    /// SwiftPM would take the folder for a package that the site depends on.
    case folderName(String)
    /// There is no site in the folder.
    case noSite(path: String)
    /// The site has no view of this name.
    case unknownView(name: String, known: [String])
    /// A view or a table has no column of this name.
    case unknownColumn(name: String, of: String, known: [String])
    /// The rows of a view have no pages that could be linked to.
    case noPagesOfView(String)
    /// A view file has not the form that can be edited.
    case unknownForm(view: String)
    /// A column that is not shown on pages.
    case hiddenColumn(name: String, reason: String)
    /// A file cannot be written.
    case notWritten(path: String, reason: String)
    /// A statement that was written is refused; a mistake of this program.
    case view(ViewError)
    /// A view file of the site cannot be read, or not be described.
    case site(ViewError)
    /// A column of a view that is no time, where a time is needed.
    case noTime(column: String, view: String)
    /// A column of a table that is no text, where an address is needed.
    case noText(column: String, table: String)
    /// A fragment's name that cannot be one.
    case fragmentName(String)
    /// A view without any text or number.
    case nothingToShow(view: String)
    /// The database refused.
    case database(PostgresError)
}

extension ScaffoldingError: CustomStringConvertible {
    /// What happened, then what to change.
    package var description: String {
        switch self {
        case .unknownSchema(let name, let known):
            "There is no schema \(name).\n" + Self.proposal(name, known, "Schemas are")
        case .unknownTable(let name, let known):
            "There is no table \(name) in these schemas.\n"
                + Self.proposal(name, known, "Tables are")
        case .ambiguousTable(let name, let candidates):
            "Several schemas have a table \(name).\n"
                + "Name one of \(candidates.joined(separator: ", "))."
        case .noPages(let table, let reason):
            "\(table) cannot have pages (\(reason)).\nTake it out of --tables."
        case .tooManyTables(let count):
            "\(count) tables are named, and a site has pages of "
                + "\(ScaffoldingLimits.tablesMax) at most.\nName fewer with --tables."
        case .folderNotEmpty(let path):
            "\(path) is not empty, and a new site is written into an empty folder only.\n"
                + "Choose another name, or empty the folder."
        case .folderName(let name):
            "A site cannot be in a folder called \(name): SwiftPM would take it for the package of "
                + "that name.\nChoose another name."
        case .noSite(let path):
            "There is no site in \(path == "." ? "this folder" : path): it has no site/database.\n"
                + "Run the command in the site's folder, or name that with --root."
        case .unknownView, .unknownColumn, .noPagesOfView, .unknownForm, .hiddenColumn,
            .noTime, .noText, .fragmentName, .nothingToShow:
            additionText
        case .site(let error): error.description
        case .notWritten(let path, let reason):
            "\(path) cannot be written: \(reason).\nCheck the permissions and the space there."
        case .view(let error):
            "A view that was to be written is refused. \(error)\n"
                + "Leave its table out with --tables, and report this as a bug of sitegen."
        case .database(let error): error.description
        }
    }

    private var additionText: String {
        switch self {
        case .unknownView(let name, let known):
            "The site has no view \(name).\n" + Self.proposal(name, known, "Views are")
        case .unknownColumn(let name, let of, let known):
            "\(of) has no column \(name).\n" + Self.proposal(name, known, "Columns are")
        case .noPagesOfView(let view):
            "The rows of \(view) have no pages: it is not …_card or …_page of a file in "
                + "site/Pages.\nName the view of a table's names, such as album_card."
        case .unknownForm(let view):
            "site/database/\(view).sql does not have the form of a written view: one line that "
                + "begins with FROM, and a table of the database behind it as t.\n"
                + "Add the column by hand, and run `sitegen db apply` and `sitegen db generate`."
        case .hiddenColumn(let name, let reason):
            "\(name) cannot be shown: \(reason).\nWrite an expression of it into the view by hand."
        case .noTime(let column, let view):
            "\(view).\(column) is no point in time.\nName one with --by."
        case .noText(let column, let table):
            "\(table).\(column) holds no text.\nName columns with addresses by --from and --to."
        case .fragmentName(let name):
            "\(name) cannot be a fragment's name.\nWrite a–z first, then a–z, 0–9 and hyphens, "
                + "64 letters at most."
        case .nothingToShow(let view):
            "\(view) has no text and no number beside its key.\nName another view."
        default: ""
        }
    }

    private static func proposal(_ name: String, _ known: [String], _ list: String) -> String {
        if let near = NearestName.of(name, in: known) { return "Did you mean \(near)?" }
        if known.isEmpty { return "There are none that this user may see." }
        let shown = known.prefix(20).joined(separator: ", ")
        return "\(list) \(shown)\(known.count > 20 ? ", and \(known.count - 20) more" : "")."
    }
}
