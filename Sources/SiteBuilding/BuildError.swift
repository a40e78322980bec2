// Why a build or a publication stopped. Nothing live has changed when one of these is thrown.
//
// Each description says what happened on its first line and what to change after it. A problem of
// a page names the route, the view and the row's key, never the row's values.

package import Fragments
package import MaterializedViews
package import Minification
package import Postgres
package import Redis
package import ReleaseFormat

/// Why a build stopped.
package enum BuildError: Error {
    /// The database refused or is away.
    case database(PostgresError)
    /// A view is missing, stale or of another shape.
    case view(ViewError)
    /// The release folder cannot be written or is locked.
    case release(ReleaseError)
    /// A style or script cannot be minified.
    case minification(MinificationError)
    /// A file of public/ or site/Styles cannot be used.
    case publicFile(name: String, reason: String)
    /// Pages that could not be made: the first ones, and how many in all.
    case pages([PageProblem], count: Int)
    /// Fragments that could not be made: the first ones, and how many in all.
    case fragments([PageProblem], count: Int)
    /// A fragment that cannot be published.
    case fragment(FragmentError)
    /// Redis refused or is away.
    case redis(RedisError)
    /// The site itself contradicts itself.
    case site(reason: String, remedy: String)
    /// A signal asked the build to stop.
    case interrupted
}

extension BuildError: CustomStringConvertible {
    /// What happened, then what to change.
    package var description: String {
        switch self {
        case .database(let error): "\(error)"
        case .view(let error): "\(error)"
        case .release(let error): "\(error)"
        case .minification(let error): "\(error)"
        case .publicFile(let name, let reason):
            """
            \(name) cannot be published: \(reason).
            Remove or rename the file, make it smaller, or change its permissions.
            """
        case .pages(let problems, let count):
            Self.text(problems)
                + "\n\(count) page\(count == 1 ? "" : "s") could not be made; "
                + "nothing was published."
        case .fragments(let problems, let count):
            Self.text(problems)
                + "\n\(count) fragment\(count == 1 ? "" : "s") could not be made; "
                + "none of this name was published."
        case .fragment(let error): "\(error)"
        case .redis(let error): "\(error)"
        case .site(let reason, let remedy): "\(reason)\n\(remedy)"
        case .interrupted: "The build was interrupted; nothing was published."
        }
    }

    private static func text(_ problems: [PageProblem]) -> String {
        problems.map { "\($0.route), \($0.place): \($0.reason)" }.joined(separator: "\n")
    }
}
