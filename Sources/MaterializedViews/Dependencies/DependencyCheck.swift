// What keeps a view from being incremental: whatever could change its rows without firing a
// trigger that sitegen can make. Each problem says what to change; the way out that always works
// is `refresh: materialized`, which is late but never wrong for long.

/// Looks for what cannot be watched.
struct DependencyCheck {
    let definition: ViewDefinition
    let columns: [ViewColumn]
    let uses: [TableUse]
    let tables: [Int: WatchedTable]
    /// The doubtful functions that the statement calls, by name.
    let functions: [String]

    /// Everything that is wrong, sentences with file and line.
    func problems() -> [DefinitionProblem] {
        var messages: [(Int, String)] = []
        let line = definition.sqlLine
        messages += times()
        for function in functions where definition.watches.isEmpty {
            messages.append(
                (
                    line,
                    "\(function) is not IMMUTABLE, so it may read tables that nobody sees here. "
                        + "Mark it IMMUTABLE if it reads none, name what it reads in `-- watch:`, "
                        + "or use `refresh: materialized`."
                ))
        }
        var seen: Set<Int> = []
        for use in uses {
            guard let table = tables[use.table] else { continue }
            if use.readsWholeRow {
                messages.append(
                    (
                        line,
                        "A row of \(table.name.text) is read as a whole: a column added to it "
                            + "later would change rows without a sign. List its columns."
                    ))
            }
            if use.readsSystemColumn {
                messages.append(
                    (
                        line,
                        "A system column of \(table.name.text) is read. It changes without a "
                            + "change of the row: take it out."
                    ))
            }
            for column in table.names(use.columns.filter { table.columns[$0]?.isVirtual == true }) {
                messages.append(
                    (
                        line,
                        "\(table.name.text).\(column) is a virtual generated column, which "
                            + "triggers do not see. Make it STORED, or read the columns that it "
                            + "is computed from."
                    ))
            }
            if seen.insert(use.table).inserted, let message = unwatchable(table) {
                messages.append((line, message))
            }
        }
        messages += declared()
        return messages.map { DefinitionProblem(definition.file, $0.0, $0.1) }
    }

    private func times() -> [(Int, String)] {
        [("publish-at", definition.publishAt), ("expire-at", definition.expireAt)].compactMap {
            (header, name) in
            guard let name else { return nil }
            let line = definition.headerLines[header] ?? definition.sqlLine
            guard let column = columns.first(where: { $0.name == name }) else {
                return (
                    line,
                    "The view has no column \(name) for `\(header):`. It has "
                        + "\(columns.map(\.name).joined(separator: ", "))."
                )
            }
            return column.type.hasPrefix("timestamp") && column.type.hasSuffix("with time zone")
                ? nil
                : (
                    line,
                    "\(name) is \(column.type); `\(header):` needs a timestamptz. Cast it."
                )
        }
    }

    private func unwatchable(_ table: WatchedTable) -> String? {
        let name = table.name.text
        let way = "Use `refresh: materialized`, or leave it out."
        switch (table.kind, table.name.schema) {
        case ("m", _) where table.isOwn: return nil
        case (_, "pg_catalog"), (_, "information_schema"), (_, "pg_toast"):
            return "\(name) belongs to PostgreSQL itself and has no triggers. \(way)"
        case ("f", _):
            return "\(name) is a foreign table: its changes fire no triggers here. \(way)"
        case ("m", _):
            return "\(name) is a materialized view that sitegen does not refresh, so nobody sees "
                + "its changes. Make it a view of sitegen, or read its tables."
        default:
            if let part = table.foreignParts.first {
                return "\(part.text), a part of \(name), is a foreign table: its changes fire no "
                    + "triggers here. \(way)"
            }
            guard !table.isSubscribed else {
                return "\(name) receives the changes of a subscription, which fire no statement "
                    + "triggers. \(way)"
            }
            return table.parent.map { parent in
                "\(name) is a part of \(parent), and a write through that one fires no triggers "
                    + "here. Read the parent, with a condition, or use `refresh: materialized`."
            }
        }
    }

    private func declared() -> [(Int, String)] {
        definition.watches.compactMap { watch in
            guard let table = tables.values.first(where: { $0.name == watch.table }) else {
                return (watch.line, "`watch:` names \(watch.table.text), which does not exist.")
            }
            let column = table.columns.values.first { $0.name == watch.column }
            guard column?.type != "money" else {
                return (
                    watch.line,
                    "`watch:` names column \(watch.column) of \(watch.table.text), which is money: "
                        + "its text depends on lc_monetary. Name another column."
                )
            }
            guard column != nil else {
                return (
                    watch.line,
                    "`watch:` names column \(watch.column), which \(watch.table.text) "
                        + "does not have."
                )
            }
            return unwatchable(table).map { message in (watch.line, message) }
        }
    }
}
