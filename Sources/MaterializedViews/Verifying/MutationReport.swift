// What a mutation check found: what differed before anything was changed, what did not reach a
// view, and what could not be tried and why.
//
// Texts name views, tables, columns and constraints, never a value of a row.

/// What a mutation check found.
package struct MutationReport: Equatable, Sendable {
    /// A view whose rows were not those of its statement before anything was changed.
    package struct Difference: Equatable, Sendable, CustomStringConvertible {
        /// The view.
        package let view: String
        /// How many rows are missing, stale or left over.
        package let rows: Int
        /// How many rows its statement gives without a key.
        let withoutKey: Int

        /// `look_page: 3 rows differ already, before any change`.
        package var description: String {
            var parts: [String] = []
            if rows > 0 {
                parts.append(
                    rows == 1
                        ? "1 row differs already, before any change"
                        : "\(rows) rows differ already, before any change")
            }
            if withoutKey > 0 {
                parts.append(
                    withoutKey == 1
                        ? "1 row has a NULL key and is not in the view"
                        : "\(withoutKey) rows have a NULL key and are not in the view")
            }
            return "\(view): \(parts.joined(separator: "; "))"
        }
    }

    /// A change that did not reach a view.
    package struct Miss: Equatable, Sendable, CustomStringConvertible {
        /// The change, such as `a change of fashion.look.rating`.
        package let change: String
        /// The view whose rows are stale.
        package let view: String
        /// How many of them.
        package let rows: Int

        /// `look_page: 3 rows are stale after a change of fashion.look.rating`.
        package var description: String {
            "\(view): \(rows == 1 ? "1 row is" : "\(rows) rows are") stale after \(change)"
        }
    }

    /// Something that could not be tried on any row.
    struct Untried: Equatable, Sendable, CustomStringConvertible {
        /// What it was, such as `a change of fashion.look.rating`.
        package let change: String
        /// Why.
        package let reason: String

        /// `not tried: a deletion from t: the foreign key t_u_fkey does not allow it`.
        package var description: String { "not tried: \(change): \(reason)" }
    }

    /// How many changes were made and compared.
    package var tried = 0
    /// How many changes the database did not allow.
    package var refused = 0
    /// Views that differed before anything was changed.
    package var differences: [Difference] = []
    /// What did not reach a view.
    package var misses: [Miss] = []
    /// What could not be tried.
    var untried: [Untried] = []
    /// How many comparisons of a view were of a part of its rows, by view.
    package var partial: [String: Int] = [:]
    /// Whether everything was tried that could be, before the time was up.
    package var isComplete = true

    /// The lines about what is wrong and what is not known, each once.
    package var lines: [String] {
        differences.map(\.description) + misses.map(\.description) + untried.map(\.description)
            + partial.sorted { $0.key < $1.key }.map { view, count in
                "\(view): after \(count) changes only a part of its rows was compared: all of them "
                    + "take longer than one change may (--change-seconds)"
            }
    }

    /// `154 changes, 3 refused, 0 missed`.
    package var description: String {
        "\(tried) changes, \(refused) refused, \(misses.count) missed"
            + (differences.isEmpty
                ? ""
                : differences.count == 1
                    ? ", 1 view differed before" : ", \(differences.count) views differed before")
            + (isComplete ? "" : "; the time was up before everything was tried")
    }
}

/// How much a mutation check may do.
package struct MutationLimits: Sendable {
    /// The most rows of one table that may be changed.
    package static let rowsMax = 1_000
    /// How many rows of each table are changed in each way.
    package var rows = 2
    /// Seconds after which nothing new is begun.
    package var seconds = 300
    /// Seconds that one transaction may take: so long are changed rows locked.
    package var changeSeconds = 10
    /// Seconds up to which rows are compared after each change, not after several.
    var cheapSeconds = 0.1

    /// The usual limits.
    package init() {}
}
