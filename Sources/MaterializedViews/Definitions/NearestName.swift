// What somebody may have meant who wrote a name that is not there.
//
// A name is offered only where most of it was written right: a guess that is far off is worse than
// none. No I/O.

/// Names that are almost the same.
package enum NearestName {
    /// The name with the fewest edits from `name`; nil if more than a third of it would change.
    package static func of(_ name: String, in known: [String]) -> String? {
        let best = known.map { (name: $0, edits: edits(name, $0)) }.min { first, second in
            (first.edits, first.name) < (second.edits, second.name)
        }
        guard let best, best.edits * 3 <= max(name.count, 3) else { return nil }
        return best.name
    }

    /// How many characters are to be added, dropped, changed or swapped; the name of a table
    /// may stand without its schema.
    private static func edits(_ name: String, _ other: String) -> Int {
        let whole = distance(Array(name), Array(other))
        guard !name.contains("."), let dot = other.lastIndex(of: ".") else { return whole }
        return min(whole, distance(Array(name), Array(other[other.index(after: dot)...])))
    }

    /// Two characters in the wrong order are one edit.
    private static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var before = [Int](repeating: 0, count: second.count + 1)
        var last = Array(0...second.count)
        for (row, character) in first.enumerated() {
            var next = [row + 1]
            for (column, other) in second.enumerated() {
                var edits = min(
                    last[column + 1] + 1, next[column] + 1,
                    last[column] + (character == other ? 0 : 1))
                if row > 0, column > 0, character == second[column - 1],
                    other == first[row - 1]
                {
                    edits = min(edits, before[column - 1] + 1)
                }
                next.append(edits)
            }
            before = last
            last = next
        }
        return last[second.count]
    }
}
