// Which pages a build makes anew, and why: a set of rows by view and key, whatever said so.
//
// A plan comes from comparing digests with the last release, from a log of changed rows, or from
// an input that every page depends on. What is not in it stays as it is in the release before.

package import ReleaseFormat

/// Why a page is made anew, or why it is not.
package enum PageCause: Sendable, Hashable {
    /// Nothing it is made from has changed.
    case unchanged
    /// The last release has no page of that row.
    case new
    /// The row's columns have another digest than in the last release.
    case row(was: RowDigest?, now: RowDigest?)
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
        case .removed: "the row is gone"
        case .asked: "asked for"
        }
    }

    private static func short(_ value: some CustomStringConvertible) -> String {
        let text = value.description
        return text.count > 40 ? text.prefix(12) + "…" : text
    }
}

/// What one view's rows mean for its pages.
package struct ViewPlan: Sendable {
    /// The rows to read and render.
    package var rendered: PlannedRows
    /// The rows that are gone.
    package var removed: PlannedRows
    /// The paths of the last release that this plan takes out, to be made anew or not.
    var replacedPaths: SpooledList
    /// The rows that stay as they are.
    package var unchanged = 0

    /// A plan that changes nothing.
    package init(spoolingIn spools: SpoolFolder) {
        rendered = PlannedRows(spoolingIn: spools)
        removed = PlannedRows(spoolingIn: spools)
        replacedPaths = SpooledList(in: spools)
    }

    /// Lends the keys of all rows that it has, some at a time.
    func forEachKey(
        atOnce size: Int, _ body: ([String]) async throws(BuildError) -> Void
    ) async throws(BuildError) {
        for list in [rendered, removed] {
            for start in stride(from: 0, to: list.count, by: size) {
                let rows = try releasing { () throws(ReleaseError) in
                    try list.rows(start..<min(start + size, list.count))
                }
                try await body(rows.map(\.key))
            }
        }
    }
}

/// Rows of a view, each with why it is in a plan; on disk when they are many.
package struct PlannedRows: Sendable {
    private var list: SpooledList

    init(spoolingIn spools: SpoolFolder) { list = SpooledList(in: spools) }

    /// How many rows there are.
    package var count: Int { list.count }

    /// Whether there are none.
    package var isEmpty: Bool { count == 0 }

    /// Adds a row.
    mutating func append(_ key: String, _ cause: RowCause) throws(ReleaseError) {
        try list.append(cause.bytes + key.utf8)
    }

    /// Some of the rows, in the order in which they were added.
    ///
    /// - Precondition: `range` is within `0..<count`.
    /// - Throws: `.system`.
    package func rows(
        _ range: Range<Int>
    ) throws(ReleaseError) -> [(key: String, cause: PageCause)] {
        try list.elements(range).map { bytes in
            let (cause, length) = RowCause.of(bytes)
            return (String(decoding: bytes[length...], as: UTF8.self), cause.pageCause)
        }
    }
}

/// Why a row is in a plan, as a list holds it: a letter, then the digests.
enum RowCause: Sendable, Hashable {
    case new, asked, removed
    case changed(was: RowDigest?, now: RowDigest)

    fileprivate var pageCause: PageCause {
        switch self {
        case .new: .new
        case .asked: .asked
        case .removed: .removed
        case .changed(let was, let now): .row(was: was, now: now)
        }
    }

    fileprivate var bytes: [UInt8] {
        switch self {
        case .new: [UInt8(ascii: "n")]
        case .asked: [UInt8(ascii: "a")]
        case .removed: [UInt8(ascii: "r")]
        case .changed(nil, let now): [UInt8(ascii: "c")] + now.bytes
        case .changed(let was?, let now): [UInt8(ascii: "d")] + now.bytes + was.bytes
        }
    }

    /// Reads what `bytes` wrote, and how many bytes that were.
    fileprivate static func of(_ bytes: [UInt8]) -> (RowCause, Int) {
        func digest(_ number: Int) -> RowDigest? {
            let start = 1 + number * RowDigest.byteCount
            return RowDigest(bytes: bytes[start..<start + RowDigest.byteCount])
        }
        switch bytes.first {
        case UInt8(ascii: "n"): return (.new, 1)
        case UInt8(ascii: "a"): return (.asked, 1)
        case UInt8(ascii: "r"): return (.removed, 1)
        case let letter:
            guard let now = digest(0) else { preconditionFailure("a digest has 16 bytes") }
            let hasBoth = letter == UInt8(ascii: "d")
            return (
                .changed(was: hasBoth ? digest(1) : nil, now: now),
                1 + (hasBoth ? 2 : 1) * RowDigest.byteCount
            )
        }
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
