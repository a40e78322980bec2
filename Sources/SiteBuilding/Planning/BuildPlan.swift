// Which pages a build makes anew, and why: a set of rows by view and key, whatever said so.
//
// A plan comes from comparing digests with the last release, from a log of changed rows, from the
// files that pages name, or from an input that every page depends on. What is not in it stays as it
// is in the release before.

package import ReleaseFormat

/// Why a page is made anew, or why it is not.
package enum PageCause: Sendable, Hashable {
    /// Nothing it is made from has changed.
    case unchanged
    /// The last release has no page of that row.
    case new
    /// The row's columns have another digest than in the last release.
    case row(was: RowDigest?, now: RowDigest?)
    /// A file of public/ that the page names is another, or gone.
    case file(name: String)
    /// Something that every page depends on is another.
    case input(name: String, was: String?, now: String?)
    /// The row is gone, so the page goes.
    case removed
    /// It was asked for.
    case asked
}

extension PageCause: CustomStringConvertible {
    /// A few words for people.
    package var description: String {
        switch self {
        case .unchanged: "unchanged"
        case .new: "the row is new"
        case .row(let was, let now):
            "the row changed: \(was.map(Self.short) ?? "-") → \(now.map(Self.short) ?? "-")"
        case .input(let name, let was, let now):
            "\(name) changed: \(was.map(Self.short) ?? "-") → \(now.map(Self.short) ?? "-")"
        case .file(let name): "\(name) changed"
        case .removed: "the row is gone"
        case .asked: "asked for"
        }
    }

    private static func short(_ value: some CustomStringConvertible) -> String {
        let text = value.description
        return text.count > 40 ? text.prefix(12) + "…" : text
    }
}

/// What a build will do.
package enum BuildPlan: Sendable {
    /// Every page is rendered, for this cause.
    case everything(PageCause)
    /// Only the rows of these views, by the view's name; pages without a row stay.
    case rows([String: ViewPlan])

    /// How many rows are read and rendered; nil for all.
    package var renderedCount: Int? {
        guard case .rows(let views) = self else { return nil }
        return views.values.reduce(0) { $0 + $1.rendered.count }
    }

    /// Whether the plan changes nothing.
    package var isEmpty: Bool {
        guard case .rows(let views) = self else { return false }
        return views.values.allSatisfy { $0.rendered.isEmpty && $0.removed.isEmpty }
    }
}
