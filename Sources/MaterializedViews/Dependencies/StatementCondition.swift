// The equalities of a statement, once everything is read: which table use they tie to which.
//
// An equality counts where every row of the use has to satisfy it: among the conjuncts of WHERE, of
// an inner JOIN, and of an outer JOIN for the side that may be missing. A side that is kept is tied
// as well where rows without the other one matter to nobody: the key is never NULL, and WHERE may
// ask for an equality. Nothing under NOT or CASE counts, so what is found is true and what is not
// found only costs precision.

/// An equality between two columns, in WHERE or in the condition of a join.
struct StatementCondition {
    /// One side of it.
    enum Side {
        /// A column of this query, or of one around it.
        case variable(NodeTree)
        /// A column of a sub-select's answer: `x IN (SELECT …)`, `x = (SELECT …)`.
        case output(Int, StatementScope)
    }

    /// What a condition belongs to.
    struct Place {
        /// The sources whose rows the condition may tie, by what has to be there for that: a source
        /// on a side of a join that is kept is tied only if the other side is needed.
        var tied: Set<Int> = []
        /// Sources that are tied once one of others is needed.
        var alternatives: [(tied: Set<Int>, needing: Set<Int>)] = []
        /// Whether it stands in WHERE, so that rows without its columns are not in the answer.
        var isFilter = false
        /// Whether it stands under OR: it says nothing about this query's own rows.
        var isAlternative = false
    }

    let first: Side
    let second: Side
    /// The OID of the equality.
    let equality: Int
    let place: Place
    /// Whether the sub-select gives one value instead of a set.
    var isSingle = false
}

extension StatementScope {
    /// Ties the table uses of this query and of those inside it.
    func tie() {
        let needed = neededSources
        for number in needed.keys.sorted() {
            guard case .query(let inner)? = sources[number] else { continue }
            inner.neededOutputs.formUnion(needed[number] ?? [])
        }
        for branch in branches { branch.neededOutputs.formUnion(neededOutputs) }
        for condition in conditions { tie(condition, Set(needed.keys)) }
        for child in children { child.tie() }
    }

    /// The sources without which a row matters to nobody, with the columns that may not be NULL.
    private var neededSources: [Int: Set<Int>] {
        var needed: [Int: Set<Int>] = [:]
        func add(_ variable: NodeTree) {
            guard variable["varlevelsup"].integer == 0, let number = variable["varno"].integer,
                let column = variable["varattno"].integer, column > 0
            else { return }
            if case .join(let columns)? = sources[number] {
                guard column <= columns.count, let base = columns[column - 1].strippedVariable
                else { return }
                add(base)
            } else {
                needed[number, default: []].insert(column)
            }
        }
        for number in neededOutputs {
            guard let entry = output(number), let variable = entry["expr"].strippedVariable else {
                continue
            }
            do throws(Opacity) {
                try check(entry, .rows(equality: nil))
                add(variable)
            } catch {
                // Rows without it may matter to those with it.
            }
        }
        for condition in conditions
        where condition.place.isFilter && !condition.place.isAlternative {
            for case .variable(let variable) in [condition.first, condition.second] {
                add(variable)
            }
        }
        return needed
    }

    private func tie(_ condition: StatementCondition, _ needed: Set<Int>) {
        var tied = condition.place.tied
        for alternative in condition.place.alternatives
        where !alternative.needing.isDisjoint(with: needed) { tied.formUnion(alternative.tied) }
        for (child, parent) in [
            (condition.first, condition.second), (condition.second, condition.first),
        ] where mayBeTied(child, condition, tied) {
            do throws(Opacity) {
                guard let target = try origins(of: parent, .value).first,
                    target.use.isLinkable
                else { continue }
                for origin in try origins(of: child, .rows(equality: condition.equality))
                where origin.use !== target.use && origin.use.isLinkable {
                    origin.use.links.append(
                        TableUse.Link(
                            column: origin.column, parent: target.use,
                            parentColumn: target.column, equality: condition.equality))
                }
            } catch {
                // A computed side ties nothing: the use stays without this link.
            }
        }
    }

    private func mayBeTied(
        _ side: StatementCondition.Side, _ condition: StatementCondition, _ tied: Set<Int>
    ) -> Bool {
        switch side {
        case .variable(let variable):
            guard !condition.place.isAlternative, variable["varlevelsup"].integer == 0,
                let number = variable["varno"].integer
            else { return false }
            return tied.contains(number)
        case .output: return !condition.isSingle
        }
    }

    private func origins(
        of side: StatementCondition.Side, _ sense: Sense
    ) throws(Opacity) -> [ColumnOrigin] {
        switch side {
        case .variable(let variable): try origins(of: variable, sense)
        case .output(let number, let inner): try inner.origins(ofOutput: number, sense)
        }
    }
}
