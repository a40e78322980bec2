// The order in which views are created and refreshed: what is read comes first.
//
// Pure, and stable: views that do not depend on each other keep the order of their names, so two
// runs print and do the same.

/// Orders views by what they read.
enum ViewOrder {
    /// Sorts views so that each stands behind the views it reads.
    ///
    /// - Parameters:
    ///   - names: the views to order; references to others are ignored.
    ///   - references: what each view reads.
    /// - Returns: all of `names`, once each.
    /// - Throws: `.cycle` with the views of one circle, the first one again at the end.
    package static func sorted(
        _ names: [String], reading references: [String: [String]]
    ) throws(ViewError) -> [String] {
        let known = Set(names)
        var done: Set<String> = []
        var order: [String] = []
        for name in names.sorted() where !done.contains(name) {
            // Depth first with an explicit stack: the path is what a cycle is reported with.
            var path: [(name: String, rest: [String])] = []
            var isOnPath: Set<String> = []
            func enter(_ name: String) {
                let read = (references[name] ?? []).filter(known.contains)
                path.append((name, read.sorted(by: >)))
                isOnPath.insert(name)
            }
            enter(name)
            while let top = path.last {
                guard let next = path[path.count - 1].rest.popLast() else {
                    path.removeLast()
                    isOnPath.remove(top.name)
                    done.insert(top.name)
                    order.append(top.name)
                    continue
                }
                if done.contains(next) { continue }
                if isOnPath.contains(next) {
                    throw .cycle(path.map(\.name).drop { $0 != next } + [next])
                }
                enter(next)
            }
        }
        return order
    }
}
