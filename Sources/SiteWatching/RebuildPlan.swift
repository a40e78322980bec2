// What has to be done after a change, in which order. Pure: changes in, steps out.
//
// A change of Swift needs the compiler; a change of a view needs the database and new row types,
// and so the compiler, too; everything else needs only a build by the program that is there.

/// What was noticed.
package enum SiteChange: Sendable, Hashable {
    /// Files of a kind changed.
    case files(WatchedKind)
    /// Rows were written.
    case rows
}

/// One step of a rebuild.
package enum RebuildStep: Sendable, Hashable, CaseIterable {
    /// Install the view files.
    case applyViews
    /// Write the row types.
    case generateRows
    /// Compile the site.
    case compile
    /// Compute the views again.
    case refreshViews
    /// Build a release.
    case build
    /// Render fragments into Redis.
    case publishFragments

    /// Whether the step itself writes to PostgreSQL, which `RowWatcher` notices.
    package var writesRows: Bool { self == .applyViews || self == .refreshViews }
}

/// The steps of a rebuild.
package enum RebuildPlan {
    /// The steps for a set of changes, in the order of `RebuildStep`'s cases; none for none.
    package static func steps(for changes: Set<SiteChange>) -> [RebuildStep] {
        var needed: Set<RebuildStep> = []
        for change in changes {
            switch change {
            case .files(.view):
                needed.formUnion([
                    .applyViews, .generateRows, .compile, .build, .publishFragments,
                ])
            case .files(.swift): needed.formUnion([.compile, .build, .publishFragments])
            case .files(.style), .files(.publicFile): needed.insert(.build)
            case .rows: needed.formUnion([.refreshViews, .build, .publishFragments])
            }
        }
        return RebuildStep.allCases.filter(needed.contains)
    }
}
