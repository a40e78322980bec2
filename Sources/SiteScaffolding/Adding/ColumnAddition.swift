// `sitegen add column`: a column of the table, new since a migration, becomes one of a view.
//
// The view's file is edited in two places: a header line if the column may be NULL, and the column
// itself, last of the SELECT. That is only done where the file has the form that `new` writes: one
// line that begins with FROM, and the table behind it as `t`.

import MaterializedViews
package import Postgres

extension SiteAddition {
    /// A column of a view.
    ///
    /// - Parameters:
    ///   - name: the column of the table.
    ///   - view: the view.
    ///   - site: the site.
    ///   - connection: a connection outside of any transaction.
    /// - Returns: the changed view file, and a line of its page.
    /// - Throws: `.unknownView`, `.unknownColumn`, `.unknownForm`, `.hiddenColumn`.
    package static func column(
        _ name: String, of view: String, to site: ExistingSite,
        on connection: borrowing Connection
    ) throws(ScaffoldingError) -> SiteAddition {
        let definition = try site.view(view)
        let text = site.texts[view] ?? ""
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let starts = lines.indices.filter { lines[$0].hasPrefix("FROM ") }
        let catalogue = try reading(connection) { (connection) throws(ScaffoldingError) in
            try wholeCatalogue(on: connection)
        }
        guard starts.count == 1, let from = starts.first, from > 0,
            let table = catalogue.tables.first(where: { lines[from] == "FROM \($0.quoted) t" })
        else { throw .unknownForm(view: view) }
        guard let column = table.columns.first(where: { $0.name == name }) else {
            throw .unknownColumn(name: name, of: table.shown, known: table.columns.map(\.name))
        }
        var addition = SiteAddition(to: site)
        let path = "site/database/\(view).sql"
        let alias = ColumnAlias.name(name)
        let present = try columns(of: definition, on: connection)
        let known = Set(present.compactMap { SwiftName.property(ofColumn: $0.name) })
        if known.contains(SwiftName.property(ofColumn: alias) ?? alias) {
            addition.say("\(path) has a column \(alias) already")
            return addition
        }
        guard let value = ColumnValue(column), value.kind != .fields(type: "", []) else {
            throw .hiddenColumn(
                name: "\(table.shown).\(name)",
                reason: ColumnValue.omission(of: column) ?? "\(column.type) is not shown")
        }
        lines[from - 1] += ","
        lines.insert("    \(value.sql) AS \(alias)", at: from)
        if !column.isNotNull, let key = lines.firstIndex(where: { $0.hasPrefix("-- key:") }) {
            lines.insert("-- nullable: \(alias)", at: key + 1)
        }
        addition.replace(path, with: lines.joined(separator: "\n"))
        addition.say("added to \(path): \(value.sql) AS \(alias)")
        let fact = PageFact(
            term: NameWords.heading(name), alias: alias, sql: value.sql, kind: value.kind,
            isNullable: !column.isNotNull)
        addition.add(
            PageFiles.fact(fact), to: "site/Pages/\(TypeName.of(view)).swift", at: "facts")
        if column.isNotNull {
            let row = RowSamples.row(definition, present)
            let changed = try site.changed(view, lines.joined(separator: "\n"))
            addition.renew(row, RowSamples.row(changed, try columns(of: changed, on: connection)))
        }
        return addition
    }

    /// Gives the made-up rows of the tests a value of the new column.
    private mutating func renew(_ row: String?, _ changed: String?) {
        let path = "Tests/SiteTests.swift"
        guard let row, let changed, let text = text(of: path), text.contains(row) else {
            return say("rows in \(path) need a value for it, too")
        }
        replace(
            path,
            with: text.split(separator: row, omittingEmptySubsequences: false)
                .joined(separator: changed))
        say("added to \(path): a value of it")
    }
}
