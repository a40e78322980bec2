// What UNION, INTERSECT and EXCEPT leave undecided: which row of several that they call alike.
//
// The columns of the answer are variables of the first branch. What a reader would get wrong: that
// an id is a key of each branch does not make it one of UNION ALL, unless another column that is a
// constant, and another one in each branch, tells the branches apart.

extension SelectScope {
    /// Makes all columns of the answer known where those that are known tell its rows apart.
    func followBranches(_ known: inout Knowledge) {
        guard let first = members.first else { return }
        let numbers = Set(known.fixed.filter { $0.source == first }.map(\.number))
        if tellsApart(rowsOf: members, by: numbers) { known.whole.insert(first) }
    }

    /// Whether no two rows of these branches agree in some columns.
    ///
    /// What they take from queries around is taken as known.
    func tellsApart(rowsOf branches: [Int], by numbers: Set<Int>) -> Bool {
        let scopes = branches.compactMap { branch -> SelectScope? in
            if case .query(let scope) = sources[branch] { scope } else { nil }
        }
        guard scopes.count == branches.count, !numbers.isEmpty,
            scopes.allSatisfy({ scope in
                scope.outputs(fixing: numbers, and: []) { _, _ in true }.isWhole
            })
        else { return false }
        return scopes.count == 1
            || numbers.contains { number in
                let values = scopes.compactMap { $0.constant(ofOutput: number) }
                return values.count == scopes.count && Set(values).count == values.count
            }
    }

    /// The bytes of a column that is the same constant in every row.
    private func constant(ofOutput number: Int) -> [UInt8]? {
        let target = query["targetList"].elements.first { entry in
            entry["resno"].integer == number && !entry["resjunk"].isTrue
        }
        guard query["setOperations"].isEmpty, let value = target?["expr"], !isLoose(value) else {
            return nil
        }
        return value.constantBytes
    }

    /// The operations of this query that take any of several rows which are equal and not written
    /// alike, by name.
    var looseOperations: [String] {
        query["setOperations"].setOperations.compactMap { operation in
            // SetOperation: none, union, intersect, except.
            let kind = operation["op"].integer ?? 1
            guard kind != 1 || !operation["all"].isTrue else { return nil }
            let types = operation["colTypes"].elements.compactMap(\.integer)
            let modifiers = operation["colTypmods"].elements.compactMap(\.integer)
            let collations = operation["colCollations"].elements.compactMap(\.integer)
            guard types.count == modifiers.count, types.count == collations.count else {
                return nil
            }
            let firm = types.indices.filter { place in
                !library.isLoose(
                    types[place], modifier: modifiers[place], collation: collations[place])
            }
            // Rows of EXCEPT are all those of its first operand.
            let members = kind == 3 ? operation["larg"].setMembers : operation.setMembers
            guard firm.count < types.count,
                !tellsApart(rowsOf: members, by: Set(firm.map { $0 + 1 }))
            else { return nil }
            return [2: "INTERSECT", 3: "EXCEPT"][kind] ?? "UNION"
        }
    }
}

extension NodeTree {
    /// The numbers of the branches below an operation, in the order of the statement.
    var setMembers: [Int] {
        type == "RANGETBLREF"
            ? self["rtindex"].integer.map { [$0] } ?? []
            : type == nil ? [] : self["larg"].setMembers + self["rarg"].setMembers
    }

    /// The operations at and below this one.
    fileprivate var setOperations: [NodeTree] {
        guard type == "SETOPERATIONSTMT" else { return [] }
        return [self] + self["larg"].setOperations + self["rarg"].setOperations
    }
}
