// From a catalogue to the outline of a site.
//
// A table by itself is read by `TableReading`; here is what tables mean to each other: names that
// must differ, links along foreign keys, tables that only link two others, counts. Everything is
// in a fixed order, so that the same database gives the same site.

import MaterializedViews

/// Decides what becomes of the tables of a database.
struct SiteInference {
    private let catalogue: CatalogueReader.Catalogue
    private let readings: [TableReading]
    /// The tables that were named; nil lets every table that qualifies have pages.
    private let named: Set<Int>?
    private let excluded: Set<Int>
    /// The tables that have pages already, and what these are called.
    private let known: [Int: String]
    private var pages: [Int: PageTable] = [:]
    private var reasons: [Int: NoPages] = [:]
    private var outline = SiteOutline()
    private var typeNames = NameRegistry()
    /// How many columns of a table, and how many other tables' rows, its page has no room for.
    private var (surplus, surplusTables) = (0, 0)

    /// The outline of a site.
    ///
    /// - Parameters:
    ///   - catalogue: what there is.
    ///   - named: the tables that are to have pages, by their numbers; nil lets all that qualify.
    ///   - excluded: tables that are to have none, although they might.
    ///   - known: tables that have pages already, with `PageTable.base` of each.
    /// - Returns: all that is needed to write the site.
    static func outline(
        of catalogue: CatalogueReader.Catalogue, named: Set<Int>? = nil,
        excluding excluded: Set<Int> = [], known: [Int: String] = [:]
    ) -> SiteOutline {
        var inference = SiteInference(catalogue, named, excluded, known)
        inference.choosePages()
        inference.describePages()
        inference.conclude()
        return inference.outline
    }

    private init(
        _ catalogue: CatalogueReader.Catalogue, _ named: Set<Int>?, _ excluded: Set<Int>,
        _ known: [Int: String]
    ) {
        self.known = known
        self.catalogue = catalogue
        self.named = named
        self.excluded = excluded
        readings = catalogue.tables.map(TableReading.init)
        outline.isUnicode = catalogue.isUnicode
    }

    // MARK: Which tables have pages

    private mutating func choosePages() {
        var chosen: [TableReading] = []
        for reading in readings {
            if let reason = refusal(of: reading) {
                reasons[reading.table.oid] = reason
            } else {
                chosen.append(reading)
            }
        }
        let most = named == nil ? ScaffoldingLimits.tablesUnasked : ScaffoldingLimits.tablesMax
        if chosen.count > most {
            let links = Dictionary(
                grouping: catalogue.foreignKeys, by: \.target
            ).mapValues(\.count)
            // The tables that most others lead to say most about a database.
            let sorted = chosen.enumerated().sorted { one, other in
                let (left, right) = (
                    links[one.element.table.oid] ?? 0, links[other.element.table.oid] ?? 0
                )
                return (-left, one.offset) < (-right, other.offset)
            }
            let kept = Set(sorted.prefix(most).map(\.element.table.oid))
            for reading in chosen where !kept.contains(reading.table.oid) {
                reasons[reading.table.oid] = .tooMany
            }
            chosen.removeAll { !kept.contains($0.table.oid) }
        }
        var names = Self.tableNames()
        for base in known.values.sorted() { _ = names.take(base) }
        var headings = NameRegistry.numbered()
        /// The schema of the first table that a name was made of.
        var schemas: [String: String] = [:]
        for reading in chosen {
            guard let key = reading.key else { continue }
            let table = reading.table
            let short = NameWords.snake(table.name, or: "table", bytes: Self.baseBytesMax)
            var base = Self.allowed(short)
            var heading = NameWords.heading(table.name)
            let other = schemas[base] ?? (known.values.contains(base) ? "" : nil)
            if let other, other != table.schema, known[table.oid] == nil {
                base = NameWords.snake(
                    "\(table.schema)_\(table.name)", or: "table", bytes: Self.baseBytesMax)
                heading += " (\(NameWords.heading(table.schema)))"
            }
            schemas[base] = schemas[base] ?? table.schema
            pages[table.oid] = PageTable(
                table: table, base: known[table.oid] ?? names.take(Self.allowed(base)),
                heading: headings.take(heading), key: key, label: reading.label,
                slug: reading.slug, rules: reading.rules, modified: reading.modified)
        }
    }

    private func refusal(of reading: TableReading) -> NoPages? {
        let oid = reading.table.oid
        let isLink = isJunction(reading)
        if isLink, named?.contains(oid) != true { return .junction }
        if let reason = reading.refusal { return reason }
        if let named { return named.contains(oid) ? nil : .notNamed }
        if excluded.contains(oid) { return .notNamed }
        if reading.label.isEmpty { return .noLabel }
        return reading.personalColumn.map { .personal(column: $0.name) }
    }

    /// The longest `PageTable.base`: a number and the suffix of a view come behind it.
    private static let baseBytesMax = 38

    /// Names that begin as those of sitegen's own tables do get another beginning.
    private static func allowed(_ base: String) -> String {
        let first = base.split(separator: "_").first
        return first == "v" || first == "def" ? "table_\(base)" : base
    }

    /// The names of tables: what they claim are types and views.
    private static func tableNames() -> NameRegistry {
        NameRegistry(taken: ["HomePage", "LostPage", "NotFoundPage", "StaticPage"]) { base in
            let type = TypeName.of(base)
            return ["\(type)Page", "\(type)ListPage"]
        }
    }

    // MARK: What tables mean to each other

    /// Foreign keys of one column that lead to the key of a table.
    private func links(of table: DatabaseTable) -> [(key: ForeignKey, column: DatabaseColumn)] {
        var seen: Set<Int> = []
        return catalogue.foreignKeys.compactMap { key in
            guard key.table == table.oid, key.columns.count == 1, key.targetColumns.count == 1,
                let column = table.column(key.columns[0]), column.isReadable,
                let target = readings.first(where: { $0.table.oid == key.target }),
                target.table.primaryKey == key.targetColumns, seen.insert(column.number).inserted
            else { return nil }
            return (key, column)
        }
    }

    /// Whether a table only says which rows of two tables belong together.
    private func isJunction(_ reading: TableReading) -> Bool {
        let table = reading.table
        let links = links(of: table)
        guard reading.isUsable, links.count == 2 else { return false }
        let columns = links.map(\.column)
        let pair = Set(columns.map(\.number))
        guard columns.allSatisfy(\.isNotNull),
            table.uniqueKeys.contains(where: { $0.count == 2 && Set($0) == pair })
        else { return false }
        return table.columns.allSatisfy { column in
            pair.contains(column.number) || ColumnMeaning.isAudit(column.name)
                || table.primaryKey == [column.number]
        }
    }

    private mutating func describePages() {
        typeNames = NameRegistry()
        for reading in readings {
            let oid = reading.table.oid
            guard var page = pages[oid] else { continue }
            var columns = NameRegistry.columns(["id", "slug", "name", "modified", "rev"])
            describeColumns(&page, &columns)
            describeRelations(&page, &columns)
            pages[oid] = page
        }
    }

    // MARK: Columns

    private mutating func describeColumns(_ page: inout PageTable, _ names: inout NameRegistry) {
        let table = page.table
        let links = links(of: table)
        surplus = 0
        let ruled = [page.rules.from, page.rules.until].compactMap { $0?.number }
        for column in table.columns {
            let name = "\(table.shown).\(column.name)"
            guard column.isReadable else {
                omit("\(name): this user may not read it")
                continue
            }
            if let link = links.first(where: { $0.column.number == column.number }),
                let target = pages[link.key.target]
            {
                describeLink(column, link.key, to: target, of: &page, &names)
                continue
            }
            let isLabel = page.label.contains(column)
            if column.number == page.key.number || isLabel || column == page.slug
                || ColumnMeaning.isAudit(column.name)
                || links.contains(where: { $0.column.number == column.number })
                || ruled.contains(column.number)
            {
                continue
            }
            if ColumnMeaning.isSecret(column.name) {
                omit("\(name): it looks like a secret or like somebody's data")
                continue
            }
            if ColumnMeaning.visibility(column.name) != nil,
                column.base == .builtIn("bool") || column.base.isTime
            {
                continue
            }
            describeValue(column, name, of: &page, &names)
        }
        if surplus > 0 {
            omit("\(table.shown): \(surplus) columns more than the page shows")
        }
    }

    private mutating func describeLink(
        _ column: DatabaseColumn, _ key: ForeignKey, to target: PageTable, of page: inout PageTable,
        _ names: inout NameRegistry
    ) {
        guard page.facts.count < ScaffoldingLimits.factsMax else {
            surplus += 1
            return
        }
        let stem = Self.stem(of: column, target)
        page.facts.append(
            PageFact(
                term: NameWords.heading(stem), alias: names.take(ColumnAlias.name(stem)),
                sql: "t.\(column.quoted)", kind: .link(PageReference(base: target.base)),
                isNullable:
                    !(key.isAlwaysTrue && column.isNotNull && target.rules.isOpen
                    && target.key.base.isPlainKey)))
    }

    /// `artist_id` without its `_id`.
    private static func stem(of column: DatabaseColumn, _ target: PageTable) -> String {
        var words = NameWords.words(of: column.name)
        if words.count > 1, ["id", "fk", "key", "ref"].contains(words.last) { words.removeLast() }
        if words.isEmpty || words == ["id"] { return target.table.name }
        return words.joined(separator: "_")
    }

    private mutating func describeValue(
        _ column: DatabaseColumn, _ name: String, of page: inout PageTable,
        _ names: inout NameRegistry
    ) {
        guard let value = ColumnValue(column) else {
            if let reason = ColumnValue.omission(of: column) { omit("\(name): \(reason)") }
            return
        }
        let term = NameWords.heading(column.name)
        let isText = value.kind == .text && column.base.isText
        if isText, ColumnMeaning.isRunningText(column.name),
            page.texts.count < ScaffoldingLimits.textsMax
        {
            page.texts.append(
                PageFact(
                    term: term, alias: names.take(ColumnAlias.name(column.name)), sql: value.sql,
                    kind: .text, isNullable: !column.isNotNull))
            return
        }
        guard page.facts.count < ScaffoldingLimits.factsMax else {
            surplus += 1
            return
        }
        var kind = value.kind
        if case .fields = kind { kind = fields(of: column, in: page) }
        page.facts.append(
            PageFact(
                term: term, alias: names.take(ColumnAlias.name(column.name)), sql: value.sql,
                kind: kind, isNullable: value.isNullable))
    }

    private mutating func fields(of column: DatabaseColumn, in page: PageTable) -> PageFact.Kind {
        var properties = NameRegistry.columns([])
        let fields = column.jsonKeys.map { key in
            let alias = properties.take(ColumnAlias.name(key))
            return JSONField(
                key: key, property: SwiftName.property(ofColumn: alias) ?? alias,
                term: NameWords.heading(key))
        }
        let type = page.typeName + TypeName.of(ColumnAlias.name(column.name))
        return .fields(type: typeNames.take(type) + "Fields", fields)
    }

    private mutating func omit(_ text: String) { outline.omissions.append(text) }

    // MARK: Rows of other tables

    private mutating func describeRelations(
        _ page: inout PageTable, _ names: inout NameRegistry
    ) {
        var headings = NameRegistry.numbered()
        surplusTables = 0
        for reading in readings where reading.isUsable {
            let other = reading.table
            let back = links(of: other).filter { $0.key.target == page.table.oid }
            let isLink = isJunction(reading) && pages[other.oid] == nil
            for (key, column) in back {
                let isOne = back.count == 1
                if isLink, let partner = links(of: other).first(where: { $0.key.name != key.name }),
                    let target = pages[partner.key.target]
                {
                    addList(
                        isOne ? target.heading : Self.heading(target, by: partner.column),
                        isOne ? target.base : ColumnAlias.name(partner.column.name), target,
                        of: other, column, partner.column, to: &page, &names, &headings)
                } else if let target = pages[other.oid] {
                    addList(
                        isOne ? target.heading : Self.heading(target, by: column),
                        isOne ? target.base : "\(target.base)_\(ColumnAlias.name(column.name))",
                        target, of: other, column, target.key, to: &page, &names, &headings)
                } else if reading.personalColumn == nil {
                    addCount(of: reading, column, isOne: isOne, to: &page, &names)
                } else {
                    continue
                }
                if !other.indexedColumns.contains(column.number) {
                    outline.missingIndexes.append(
                        "CREATE INDEX ON \(other.quoted) (\(column.quoted));")
                }
            }
        }
        if surplusTables > 0 {
            omit("\(page.table.shown): rows of \(surplusTables) tables more than the page shows")
        }
    }

    private static func heading(_ target: PageTable, by column: DatabaseColumn) -> String {
        "\(target.heading): \(NameWords.heading(stem(of: column, target)).lowercased())"
    }

    private mutating func addList(
        _ heading: String, _ alias: String, _ target: PageTable, of other: DatabaseTable,
        _ column: DatabaseColumn, _ cardColumn: DatabaseColumn, to page: inout PageTable,
        _ names: inout NameRegistry, _ headings: inout NameRegistry
    ) {
        guard page.lists.count < ScaffoldingLimits.listsMax else {
            surplusTables += 1
            return
        }
        let list = names.take("\(alias.prefix(40))_list")
        let count = names.take("\(alias.prefix(40))_count")
        page.lists.append(
            RelatedList(
                heading: headings.take(heading), alias: list, countAlias: count,
                target: PageReference(base: target.base), table: other, column: column,
                cardColumn: cardColumn))
    }

    private mutating func addCount(
        of reading: TableReading, _ column: DatabaseColumn, isOne: Bool, to page: inout PageTable,
        _ names: inout NameRegistry
    ) {
        let other = reading.table
        guard page.counts.count < ScaffoldingLimits.countsMax else {
            surplusTables += 1
            return
        }
        let words = isOne ? other.name : "\(other.name)_\(column.name)"
        page.counts.append(
            RelatedCount(
                term: NameWords.heading(other.name)
                    + (isOne ? "" : " (\(NameWords.heading(column.name).lowercased()))"),
                alias: names.take("\(ColumnAlias.name(words).prefix(40))_count"), table: other,
                column: column, conditions: reading.rules.conditions))
    }

    // MARK: The end

    private mutating func conclude() {
        outline.pages = readings.compactMap { pages[$0.table.oid] }
        var read: Set<Int> = []
        for page in outline.pages {
            read.insert(page.table.oid)
            read.formUnion(page.lists.map(\.table.oid))
            read.formUnion(page.counts.map(\.table.oid))
        }
        outline.readTables = readings.map(\.table).filter { read.contains($0.oid) }
        outline.missingIndexes = Array(Set(outline.missingIndexes)).sorted()
        outline.decisions = readings.map { reading in
            let oid = reading.table.oid
            if let page = pages[oid] {
                return SiteOutline.Decision(
                    table: reading.table.shown, outcome: "pages at \(page.folder)", hasPages: true,
                    isPersonal: false)
            }
            return SiteOutline.Decision(
                table: reading.table.shown, outcome: reasons[oid]?.text ?? "left out",
                hasPages: false, isPersonal: reasons[oid]?.isPersonal ?? false)
        }
    }
}
