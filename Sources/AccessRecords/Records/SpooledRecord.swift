// What stands in a spool: answers, and what was lost, reported and seen by browsers alone. Records
// of all kinds are in the order in which they were written, which is that of their times but for a
// wall clock that was set.

/// One record of a spool.
package enum SpooledRecord: Equatable, Sendable {
    /// A request and its answer.
    case answer(AccessRecord)
    /// Answers that have no record.
    case loss(LossRecord)
    /// A browser's report of a violated policy.
    case report(ReportRecord)
    /// What a page's script told when it was left.
    case beacon(BeaconRecord)

    /// When it was written, in microseconds since 2000-01-01 00:00 UTC.
    package var at: Int64 {
        switch self {
        case .answer(let record): record.at
        case .loss(let record): record.at
        case .report(let record): record.at
        case .beacon(let record): record.at
        }
    }
}

/// Answers that have no record, because there was no room for one.
package struct LossRecord: Hashable, Sendable {
    /// When that was told: behind the loss.
    package var at: Int64
    /// The kind of the answers.
    package var kind: RequestKind
    /// How many.
    package var count: Int

    /// A loss.
    package init(at: Int64, kind: RequestKind, count: Int) {
        self.at = at
        self.kind = kind
        self.count = count
    }
}

/// A browser's report of a violated policy.
package struct ReportRecord: Hashable, Sendable {
    /// When it came.
    package var at: Int64
    /// The directive: `script-src-elem`.
    package var directive: String
    /// The page.
    package var name: AccessName
    /// The host of what was blocked, or `inline`, `eval` and the like.
    package var blocked: String

    /// A report.
    package init(at: Int64, directive: String, name: AccessName, blocked: String) {
        self.at = at
        self.directive = directive
        self.name = name
        self.blocked = blocked
    }
}
