// What the catalogue knows about a table that views read, and what is watched of it.
//
// A watch is (table, link columns, part): the columns of a changed row whose values lead to rows
// of views that depend on it, and which changes it is about. Views that read other columns have
// other watches, so that a change is looked at only by those that read what it changed. A watch's
// number stands in the change queue, so it is given once and never reused.

/// A name with its schema.
struct QualifiedName: Hashable, Comparable, Sendable {
    let schema: String
    let name: String

    /// The name as SQL reads it in any search path.
    var quoted: String { "\(schema.quotedName).\(name.quotedName)" }

    /// The name as people read it.
    var text: String { "\(schema).\(name)" }

    static func < (first: QualifiedName, second: QualifiedName) -> Bool {
        (first.schema, first.name) < (second.schema, second.name)
    }
}

/// A table that views read.
struct WatchedTable: Equatable {
    /// A column of it.
    struct Column: Equatable {
        let name: String
        /// The type without a modifier, readable in any search path: `character varying`, and
        /// `bpchar` where `character` would be `character(1)`.
        let type: String
        /// Whether the table never holds NULL there.
        var isNotNull = false
        /// Whether PostgreSQL computes it from other columns.
        var isGenerated = false
        /// Whether it is computed when it is read, which triggers do not do (PostgreSQL 18).
        var isVirtual = false
        /// Whether its type is an enumeration.
        var isEnumeration = false
    }

    let oid: Int
    let name: QualifiedName
    /// `pg_class.relkind`: r table, p partitioned, f foreign, m materialized view.
    let kind: String
    /// By number; dropped columns are not there.
    var columns: [Int: Column] = [:]
    /// The numbers of the columns that an index begins with.
    var indexed: Set<Int> = []
    /// The columns of the primary key, or of the first unique key without NULL; empty without one
    /// whose `=` is in pg_catalog.
    var identity: [String] = []
    /// The partitioned table it is a part of, or a table it inherits from, as people read it.
    var parent: String?
    /// Partitions and tables that inherit from it, at any depth.
    var parts: [QualifiedName] = []
    /// The parts that are foreign tables, which have no triggers; they are not among `parts`.
    var foreignParts: [QualifiedName] = []

    /// Whether it or a part of it receives the changes of a subscription.
    var isSubscribed = false

    /// Whether it is in the schema of the site: then it holds the rows of a view.
    var isOwn = false

    /// The view of the site whose rows are in this table.
    var view: String? { isOwn ? name.name : nil }

    /// The names of columns, in the order of the table.
    func names(_ numbers: some Sequence<Int>) -> [String] {
        Set(numbers).sorted().compactMap { number in columns[number]?.name }
    }
}

extension RowKey {
    /// The SQL of a key's text, of expressions of any type, in any search path.
    static func sql(_ expressions: [String]) -> String {
        guard expressions.count > 1 else {
            return "\(expressions.first ?? "NULL")::pg_catalog.text"
        }
        return expressions.map { expression in
            "pg_catalog.replace(pg_catalog.replace(\(expression)::pg_catalog.text, '~', '~0'), "
                + "'/', '~1')"
        }.joined(separator: " OPERATOR(pg_catalog.||) '/' OPERATOR(pg_catalog.||) ")
    }

    /// The SQL of one part of a key's text, as `type`.
    static func sql(part: Int, of text: String, type: String) -> String {
        "replace(replace(split_part(\(text), '/', \(part + 1)), '~1', '/'), '~0', '~')::\(type)"
    }
}
