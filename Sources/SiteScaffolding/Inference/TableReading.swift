// What one table is by itself: its key, what its rows are called, whether they are shown.
//
// Looks at no other table. Pure.

/// What is known of one table.
struct TableReading {
    let table: DatabaseTable
    /// The column of the primary key; nil without one, or with several.
    let key: DatabaseColumn?
    /// The columns whose texts are a row's name.
    let label: [DatabaseColumn]
    /// The column that is made for addresses.
    let slug: DatabaseColumn?
    let rules: VisibilityRules
    let modified: DatabaseColumn?
    /// The first column that says that rows are people.
    let personalColumn: DatabaseColumn?

    init(_ table: DatabaseTable) {
        self.table = table
        let readable = table.columns.filter(\.isReadable)
        let key =
            table.primaryKey.count == 1
            ? readable.first { $0.number == table.primaryKey[0] } : nil
        self.key = key
        label = Self.label(of: table, readable, key)
        slug = Self.slug(of: table, readable, key)
        rules = Self.rules(readable)
        modified = readable.first {
            ColumnMeaning.isModification($0.name) && $0.base.isTime
        }
        personalColumn = table.columns.first { ColumnMeaning.isPersonal($0.name) }
    }

    /// Whether its rows can be counted and listed for others.
    var isUsable: Bool { table.kind == .table && table.obstacle == nil }

    /// Why it has no pages, whatever others say; nil if it may have some.
    var refusal: NoPages? {
        if table.kind != .table { return .view(table.kind) }
        if let obstacle = table.obstacle { return .obstacle(obstacle) }
        if table.primaryKey.isEmpty { return .noKey }
        if table.primaryKey.count > 1 { return .compositeKey }
        guard let key else { return .obstacle(.noRights) }
        guard key.base.isKey else { return .keyType(key.type) }
        return key.isLoose ? .looseKey : nil
    }

    private static func label(
        of table: DatabaseTable, _ readable: [DatabaseColumn], _ key: DatabaseColumn?
    ) -> [DatabaseColumn] {
        let texts = readable.filter { $0.base.isText && !ColumnMeaning.isSecret($0.name) }
        let ranked = texts.compactMap { column in
            ColumnMeaning.labelRank(column.name, table: table.name).map { ($0, column) }
        }
        if let best = ranked.min(by: { ($0.0, $0.1.number) < ($1.0, $1.1.number) }) {
            return [best.1]
        }
        let words = texts.map { NameWords.words(of: $0.name).joined(separator: "_") }
        for (first, last) in [
            ("first_name", "last_name"), ("given_name", "family_name"), ("firstname", "lastname"),
            ("vorname", "nachname"),
        ] {
            if let one = words.firstIndex(of: first), let other = words.firstIndex(of: last) {
                return [texts[one], texts[other]]
            }
        }
        if let unique = texts.first(where: { table.uniqueKeys.contains([$0.number]) }) {
            return [unique]
        }
        return key.map { $0.base.isText ? [$0] : [] } ?? []
    }

    private static func slug(
        of table: DatabaseTable, _ readable: [DatabaseColumn], _ key: DatabaseColumn?
    ) -> DatabaseColumn? {
        let unique = readable.first { column in
            column.base.isText && ColumnMeaning.isSlug(column.name)
                && !ColumnMeaning.isSecret(column.name)
                && table.uniqueKeys.contains([column.number])
        }
        if let unique { return unique }
        return key.flatMap { $0.base.isPlainKey ? nil : $0 }
    }

    private static func rules(_ columns: [DatabaseColumn]) -> VisibilityRules {
        var rules = VisibilityRules()
        for column in columns {
            switch ColumnMeaning.visibility(column.name) {
            case .from where column.base.isTime && rules.from == nil: rules.from = column
            case .until where column.base.isTime && rules.until == nil: rules.until = column
            case .deleted where column.base.isTime:
                rules.conditions.append("t.\(column.quoted) IS NULL")
            case .shown where column.base == .builtIn("bool"):
                rules.conditions.append("t.\(column.quoted)")
            case .hidden where column.base == .builtIn("bool"):
                rules.conditions.append("t.\(column.quoted) IS NOT TRUE")
            default: break
            }
        }
        return rules
    }
}

extension ColumnType {
    /// Whether it is a text.
    var isText: Bool {
        guard case .builtIn(let name) = self else { return false }
        return ["text", "varchar", "bpchar", "citext", "name"].contains(name)
    }

    /// Whether it is a day or a moment.
    var isTime: Bool {
        guard case .builtIn(let name) = self else { return false }
        return ["timestamptz", "timestamp", "date"].contains(name)
    }

    /// Whether it may be the key of a view's rows.
    var isKey: Bool {
        if self == .enumeration || isText || isPlainKey { return true }
        guard case .builtIn(let name) = self else { return false }
        return ["numeric", "date"].contains(name)
    }

    /// Whether its text may stand in an address as it is.
    var isPlainKey: Bool {
        guard case .builtIn(let name) = self else { return false }
        return ["int2", "int4", "int8", "uuid"].contains(name)
    }
}
