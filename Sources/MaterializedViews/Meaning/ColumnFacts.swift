import Postgres

/// Facts about the columns of tables.
struct ColumnFacts {
    private var columns: [Int: [Int: (text: String, type: Int)]] = [:]

    /// Every type of a column that is not PostgreSQL's own.
    var types: Set<Int> {
        Set(columns.values.flatMap { $0.values.map(\.type) }.filter { $0 >= Mentions.firstOwn })
    }

    /// Reads the columns of these relations.
    static func read(
        _ relations: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) -> ColumnFacts {
        let rows = try connection.texts(
            """
            SELECT a.attrelid::text, a.attnum::text, a.atttypid::text,
                concat_ws(' ', a.attnum, a.attname, a.atttypid, a.atttypmod, a.attcollation,
                    a.attgenerated, CASE WHEN a.attgenerated <> '' THEN d.adbin::text END)
            FROM pg_catalog.pg_attribute a
            LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid = ANY ($1::text::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
            """, [SQLText.oids(relations)], columns: 4, doing: "reading the columns of tables")
        var facts = ColumnFacts()
        for row in rows {
            let numbers = row.prefix(3).compactMap { $0.flatMap { Int($0) } }
            guard numbers.count == 3 else { continue }
            facts.columns[numbers[0], default: [:]][numbers[1]] = (row[3] ?? "", numbers[2])
        }
        return facts
    }

    /// The own types of columns that are read.
    func types(of read: [Int: Set<Int>]) -> Set<Int> {
        var types: Set<Int> = []
        for (table, numbers) in read {
            types.formUnion(numbers.compactMap { columns[table]?[$0]?.type })
        }
        return types.filter { $0 >= Mentions.firstOwn }
    }

    /// Notes the columns that are read.
    func add(
        _ read: [Int: Set<Int>], names: [Int: ReadTable], to meaning: inout ViewMeaning
    ) {
        for (table, numbers) in read {
            guard let name = names[table]?.name.text else { continue }
            let texts = numbers.sorted().map { columns[table]?[$0]?.text ?? "" }
            meaning.facts[ViewMeaning.Kind.columns.fact(name)] = Digest.hexadecimal(
                of: texts.joined(separator: "\u{1}"))
        }
    }
}
