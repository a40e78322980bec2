// Why a build or a publication stopped, where no other module's error says it. Nothing live has
// changed when one of these is thrown.
//
// Each description says what happened on its first line and what to change after it. A problem of
// a page names the route, the view and the row's key, never the row's values.

/// Why a build stopped.
package enum BuildError: Error {
    /// A file of public/ or site/Styles cannot be used.
    case publicFile(name: String, reason: String)
    /// Pages that could not be made: the first ones, and how many in all.
    case pages([PageProblem], count: Int)
    /// Fragments that could not be made: the first ones, and how many in all.
    case fragments([PageProblem], count: Int)
    /// The site itself contradicts itself.
    case site(reason: String, remedy: String)
    /// A signal asked the build to stop.
    case interrupted
}

extension BuildError: CustomStringConvertible {
    /// What happened, then what to change.
    package var description: String {
        switch self {
        case .publicFile(let name, let reason):
            """
            \(name) cannot be published: \(reason).
            Remove or rename the file, make it smaller, or change its permissions.
            """
        case .pages(let problems, let count):
            Self.text(problems, of: "pages")
                + "\n\(count) page\(count == 1 ? "" : "s") could not be made; "
                + "nothing was published."
        case .fragments(let problems, let count):
            Self.text(problems, of: "fragments")
                + "\n\(count) fragment\(count == 1 ? "" : "s") could not be made; "
                + "none of this name was published."
        case .site(let reason, let remedy): "\(reason)\n\(remedy)"
        case .interrupted: "The build was interrupted; nothing was published."
        }
    }

    /// Each problem; what several pages of a route have in common is told once.
    private static func text(_ problems: [PageProblem], of kind: String) -> String {
        var texts: [String] = []
        var known: Set<PageProblem> = []
        for problem in problems where known.insert(problem.withoutPlace).inserted {
            let like = problems.count { $0.withoutPlace == problem.withoutPlace }
            let place =
                like == 1 ? ", \(problem.place)" : " (\(like) \(kind), such as \(problem.place))"
            texts.append("\(problem.route)\(place): \(problem.reason)")
        }
        return texts.joined(separator: "\n")
    }
}
