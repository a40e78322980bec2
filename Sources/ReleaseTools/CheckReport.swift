/// What a check of a release found.
package struct CheckReport: Sendable {
    /// How many findings of one kind are listed.
    package static let findingsMax = 200

    /// The findings, errors first; at most `findingsMax` of each kind.
    package let findings: [ReleaseFinding]
    /// How many findings there are of each kind, also beyond that limit.
    package let counts: [ReleaseFinding.Kind: Int]
    /// How many entries were checked.
    package let entries: Int
    /// How many stored files were read and decoded.
    package let files: Int

    /// What pages are allowed beyond the strict policy, each with the number of its entries.
    package let openings: [String: Int]

    /// How many findings are errors.
    package var errors: Int { counts.reduce(0) { $0 + ($1.key.isError ? $1.value : 0) } }
    /// How many findings are warnings.
    package var warnings: Int { counts.reduce(0) { $0 + ($1.key.isError ? 0 : $1.value) } }
}
