// Which Swift type holds a value of which PostgreSQL type.
//
// `Int` is 64 bits wide on every platform Swift's server packages run on, so int4 and int8 are both
// `Int` and int2 too: authors write no conversions. `real` stays `Float`: as a `Double`, 0.1
// would be printed as 0.10000000149011612. Types that are only ever shown become text.

/// Maps the types of columns.
package enum SwiftTypeMap {
    /// The Swift type of a column that is never NULL, and the SQL that reads it.
    package struct Mapping: Equatable, Sendable {
        /// The type in generated source.
        package let swift: String
        /// The type the column is cast to when it is read; nil reads it as it is.
        let cast: String?
    }

    /// The mapping of a type.
    ///
    /// - Returns: nil for a type that rows cannot hold; the author casts it to text.
    package static func mapping(of base: ViewColumn.BaseType) -> Mapping? {
        switch base {
        case .builtIn(let name):
            if let swift = exact[name] { return Mapping(swift: swift, cast: nil) }
            return asText.contains(name) ? Mapping(swift: "String", cast: "text") : nil
        case .enumeration:
            return Mapping(swift: "String", cast: "text")
        case .array(let element):
            guard case .some(let mapping) = mapping(of: element), !isArray(element) else {
                return nil
            }
            return Mapping(
                swift: "[\(mapping.swift)]", cast: mapping.cast.map { cast in "\(cast)[]" })
        case .other:
            return nil
        }
    }

    private static func isArray(_ base: ViewColumn.BaseType) -> Bool {
        if case .array = base { return true }
        return false
    }

    private static let exact: [String: String] = [
        "bool": "Bool", "int2": "Int", "int4": "Int", "int8": "Int",
        "float4": "Float", "float8": "Double", "numeric": "Numeric",
        "text": "String", "varchar": "String", "bpchar": "String", "name": "String",
        "uuid": "PostgresUUID", "date": "PostgresDate", "timestamp": "Timestamp",
        "timestamptz": "Timestamp", "interval": "Interval", "bytea": "Bytea",
        "json": "String", "jsonb": "String",
    ]

    /// Types whose text is what a page shows.
    private static let asText: Set<String> = [
        "citext", "inet", "cidr", "macaddr", "macaddr8", "money", "time", "timetz", "xml", "char",
        "ltree", "tsvector", "bit", "varbit", "point", "line", "lseg", "box", "path", "polygon",
        "circle", "int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange",
        "regclass", "jsonpath",
    ]
}
