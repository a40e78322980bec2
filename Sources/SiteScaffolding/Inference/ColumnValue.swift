// How a column's value is read for a page: an expression in SQL, and how Swift writes it.
//
// What is only shown becomes text in the database, where every type has one. Texts that depend on
// the session are those of the settings that sitegen pins. Types that nobody reads, such as
// vectors and composites, are left out.

/// A column as a page shows it.
struct ColumnValue: Equatable {
    /// The expression on the row `t`.
    let sql: String
    /// How it is written; of JSON fields, a mere hint.
    let kind: PageFact.Kind
    /// Whether it may be NULL.
    let isNullable: Bool

    /// How a column is shown; nil if it is not.
    init?(_ column: DatabaseColumn) {
        let name = "t.\(column.quoted)"
        var isNullable = !column.isNotNull
        switch column.base {
        case .enumeration: (sql, kind) = ("\(name)::text", .text)
        case .array(let element, let isKnown):
            guard isKnown, Self.hidden[element] == nil, !Self.silent.contains(element),
                element != "json", element != "jsonb"
            else { return nil }
            (sql, kind) = ("array_to_string(\(name), ', ')", .text)
        case .other: return nil
        case .builtIn(let type):
            switch type {
            case "text", "varchar": (sql, kind) = (name, .text)
            case "int2", "int4", "int8":
                let isPlain = ColumnMeaning.isPlainNumber(column.name)
                (sql, kind) = (name, .number(isPlain: isPlain))
            case "bool": (sql, kind) = (name, .flag)
            case "date", "timestamp": (sql, kind) = ("\(name)::text", .date)
            case "timestamptz": (sql, kind) = ("(\(name) AT TIME ZONE 'UTC')::text", .date)
            case "json", "jsonb":
                guard !column.jsonKeys.isEmpty else { return nil }
                (sql, kind) = (name, .fields(type: "", []))
                isNullable = true
            case _ where Self.asText.contains(type): (sql, kind) = ("\(name)::text", .text)
            default: return nil
            }
        }
        self.isNullable = isNullable
    }

    /// Why a column is not shown; nil for what nobody misses.
    static func omission(of column: DatabaseColumn) -> String? {
        switch column.base {
        case .builtIn(let type):
            if silent.contains(type) { return nil }
            if type == "json" || type == "jsonb" {
                return "\(column.type), not an object of plain values"
            }
            return hidden[type] ?? "\(column.type) is left out"
        case .other(let type):
            return silent.contains(type) ? nil : "\(column.type) is left out"
        case .array(let element, _):
            return silent.contains(element) ? nil : "\(column.type) is left out"
        case .enumeration: return nil
        }
    }

    /// Types whose text is what a page shows.
    private static let asText: Set<String> = [
        "citext", "bpchar", "name", "numeric", "float4", "float8", "money", "time", "timetz",
        "interval", "inet", "cidr", "macaddr", "macaddr8", "bit", "varbit", "point", "line", "lseg",
        "box", "path", "polygon", "circle", "int4range", "int8range", "numrange", "daterange",
        "tsrange", "tstzrange", "xml",
    ]
    /// Types that are machinery.
    private static let silent: Set<String> = [
        "uuid", "tsvector", "tsquery", "vector", "halfvec", "oid", "xid", "xid8", "cid", "tid",
        "pg_lsn", "txid_snapshot", "pg_snapshot",
    ]
    private static let hidden = ["bytea": "bytea; files of bytea are not written yet"]
}
