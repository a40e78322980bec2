/// All problems of a watch, by what has to succeed for them to go.
package struct ProblemSet: Sendable, Equatable {
    /// What has to succeed.
    package enum Source: Sendable, Hashable {
        /// A step.
        case step(WatchStep)
        /// The check of style sheets.
        case styles
        /// PostgreSQL.
        case database
        /// The page at a path.
        case page(String)
        /// What the policy refuses in the page at a path.
        case policy(String)
    }

    /// The most problems that are kept of one source.
    static let eachMax = 50

    private var problems: [Source: [Problem]] = [:]

    /// None.
    package init() {}

    /// All of them: errors first, in an order that stays.
    package var all: [Problem] {
        let sorted = problems.sorted { $0.key.order < $1.key.order }.flatMap(\.value)
        return sorted.filter { $0.severity == .error } + sorted.filter { $0.severity == .warning }
    }

    /// What is wrong of a source now; none says that it succeeded.
    ///
    /// - Returns: whether that is news.
    @discardableResult
    package mutating func set(_ found: [Problem], of source: Source) -> Bool {
        let kept = Array(found.prefix(Self.eachMax))
        guard problems[source] ?? [] != kept else { return false }
        problems[source] = kept.isEmpty ? nil : kept
        return true
    }

    /// The paths of the pages with problems.
    package var pages: [String] {
        problems.keys.compactMap { if case .page(let path) = $0 { path } else { nil } }
    }

    /// The problems of a source.
    package func problems(of source: Source) -> [Problem] { problems[source] ?? [] }

    /// Whether a source has problems.
    package func has(_ source: Source) -> Bool { problems[source] != nil }
}

extension ProblemSet.Source {
    fileprivate var order: (Int, String) {
        switch self {
        case .step(let step): (step.rawValue, "")
        case .styles: (100, "")
        case .database: (101, "")
        case .page(let path): (102, path)
        case .policy(let path): (103, path)
        }
    }
}
