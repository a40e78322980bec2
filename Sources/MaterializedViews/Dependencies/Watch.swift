/// What of a table is watched.
struct Watch: Hashable, Comparable {
    /// Which changes are queued under a watch's number.
    enum Part: Hashable {
        /// A row comes, goes, or moves from one link to another one.
        case rows
        /// One of these columns changes in a row that keeps its link; in the order of the table.
        case columns([String])
        /// Keys of a view that a step found and left to the next one: no trigger queues them.
        case keys
    }

    let table: QualifiedName
    /// The columns whose values are queued; none: any change concerns every row of the view.
    let columns: [String]
    var part = Part.rows

    /// The columns as `sitegen.watch.col` has them, `*` for any change.
    var column: String {
        columns.isEmpty ? "*" : columns.map(\.quotedName).joined(separator: ",")
    }

    /// The changes as `sitegen.watch.part` has them.
    var partText: String {
        switch part {
        case .rows: ""
        case .columns(let names): names.map(\.quotedName).joined(separator: ",")
        case .keys: "#"
        }
    }

    static func < (first: Watch, second: Watch) -> Bool {
        // Texts are made only where they decide.
        if first.table != second.table { return first.table < second.table }
        if first.columns != second.columns { return first.column < second.column }
        return first.partText < second.partText
    }
}
