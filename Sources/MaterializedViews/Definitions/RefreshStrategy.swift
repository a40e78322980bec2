// What a view file's header may say: how rows are kept and who may see them.
//
// The raw values are the words of the header. `materialized` rows change only when somebody
// refreshes them, however often the tables below change. The scope is a promise that the author
// makes; that rows of a private view stay out of pages is seen to by the compiler, through the
// protocols of the generated rows.

/// How the rows of a view are kept.
package enum RefreshStrategy: String, CaseIterable, Sendable {
    /// A plain view: every read computes its rows. For small views and for fragments.
    case live
    /// A materialized view: rows are stored, and as old as the last refresh. For views that may
    /// be late, and for statements that cannot be watched.
    case materialized
    /// A table of rows that follows the tables it is computed from, key by key.
    case incremental
}

/// Who the rows of a view are for.
package enum RowScope: String, CaseIterable, Sendable {
    /// Everybody: pages and shared fragments may be made of them.
    case shared
    /// One visitor each: only private fragments take them.
    case `private`
}
