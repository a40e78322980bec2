// The changes that a mutation check tries on one table: each used column gets another value and
// another row's value, a row is deleted, a row is copied.
// What the database does not allow is tried in another way, and then told with its reason.

import Postgres

/// One change of one row, to be tried.
struct Mutation {
    /// One way to make it.
    struct Attempt {
        let sql: String
        /// Why no row was changed, if none was.
        let ifNone: String
    }

    let number: Int
    /// How many times the same was tried with other rows before.
    let round: Int
    let table: WatchedTable
    /// What to call it.
    let change: String
    /// The first of these that the database allows is taken; none if there is no other value.
    let attempts: [Attempt]

    private static let untouched =
        "no row was changed: a rule or a trigger does something else, row security hides the row, "
        + "or others changed it meanwhile"

    /// All changes of a table's rows.
    ///
    /// Columns in `used` are read by views; `places` (`tableoid ctid`, at least one) say where rows
    /// are; each way is taken in each round, with another row.
    static func all(
        _ table: WatchedTable, used: Set<String>, places: [String], rounds: Int
    ) -> [Mutation] {
        (0..<rounds).flatMap { round in
            var mutations: [Mutation] = []
            let columns = table.columns.sorted { $0.key < $1.key }.map(\.value)
            // Each change has a row of its own, as far as there are enough: changes that are
            // compared together shall not meet.
            func add(_ change: String, _ attempts: (_ row: String) -> [Attempt]) {
                let parts = places[(mutations.count + round) % places.count].split(separator: " ")
                let row = "tableoid = \(parts.first ?? "0") AND ctid = '\(parts.last ?? "(0,0)")'"
                mutations.append(
                    Mutation(
                        number: mutations.count, round: round, table: table, change: change,
                        attempts: attempts(row)))
            }
            let name = table.name.quoted
            for column in columns where used.contains(column.name) {
                let quoted = column.name.quotedName
                add("a change of \(table.name.text).\(column.name)") { row in
                    (others(of: column) + ["NULL"]).map { value in
                        let value = "(\(value))::\(column.type)"
                        return Attempt(
                            sql: "UPDATE \(name) SET \(quoted) = \(value) WHERE \(row) AND "
                                + "ROW(\(quoted))::record *<> ROW(\(value))::record",
                            ifNone: untouched)
                    }
                }
                // Another row's value: what a foreign key allows.
                add("a move of \(table.name.text).\(column.name)") { row in
                    let other =
                        "FROM \(name) o WHERE ROW(o.\(quoted))::record *<> "
                        + "ROW(\(name).\(quoted))::record"
                    return [
                        Attempt(
                            sql: "UPDATE \(name) SET \(quoted) = (SELECT o.\(quoted) \(other) "
                                + "LIMIT 1) WHERE \(row) AND EXISTS (SELECT \(other))",
                            ifNone: "no other row has another value, or \(untouched)")
                    ]
                }
            }
            add("a deletion from \(table.name.text)") { row in
                [Attempt(sql: "DELETE FROM \(name) WHERE \(row)", ifNone: untouched)]
            }
            add("an insertion into \(table.name.text)") { row in
                copies(of: row, table, columns).map { Attempt(sql: $0, ifNone: untouched) }
            }
            return mutations
        }.enumerated().map { number, mutation in
            Mutation(
                number: number, round: mutation.round, table: mutation.table,
                change: mutation.change,
                attempts: mutation.attempts)
        }
    }

    /// The key must be new; another unique column may have to be, too.
    private static func copies(
        of row: String, _ table: WatchedTable, _ columns: [WatchedTable.Column]
    ) -> [String] {
        let name = table.name.quoted
        let written = columns.filter { !$0.isGenerated }
        let list = written.map(\.name.quotedName).joined(separator: ", ")
        return [Set(table.identity), Set(columns.map(\.name))].map { fresh in
            "INSERT INTO \(name) (\(list)) OVERRIDING SYSTEM VALUE SELECT "
                + written.map { column in
                    fresh.contains(column.name)
                        ? unseen(column, in: name) : column.name.quotedName
                }.joined(separator: ", ") + " FROM \(name) WHERE \(row)"
        }
    }

    /// Other values of a column, as SQL.
    private static func others(of column: WatchedTable.Column) -> [String] {
        let name = column.name.quotedName
        if column.type.hasSuffix("[]") {
            return ["array_append(\(name), \(name)[1])", "'{}'::\(column.type)"]
        }
        switch column.type {
        case "text", "character varying", "bpchar", "public.citext":
            let text = "coalesce(\(name), '')"
            return [
                "'~' || \(text)", "'x' || \(text)",
                "left('x' || \(text), greatest(length(\(name)), 1))",
            ]
        case "smallint", "integer", "bigint", "numeric", "real", "double precision", "money":
            let number = "coalesce(\(name), 0::\(column.type))"
            let one = "1::\(column.type)"
            return [
                "\(number) + \(one)", "\(number) - \(one)",
                column.type == "smallint"
                    ? "\(number) + 100::smallint"
                    : "\(number) + "
                        + "100000::\(column.type)",
            ]
        case "boolean": return ["NOT coalesce(\(name), false)"]
        case "date", "timestamp with time zone", "timestamp without time zone":
            let time = "coalesce(\(name), now()::\(column.type))"
            return ["+ interval '1 day'", "- interval '1 day'", "+ interval '1 second'"].map {
                "(\(time) \($0))::\(column.type)"
            }
        case "time without time zone", "time with time zone":
            return ["coalesce(\(name), '00:00'::\(column.type)) + interval '1 hour'"]
        case "interval": return ["coalesce(\(name), '0') + interval '1 hour'"]
        case "uuid": return ["gen_random_uuid()"]
        case "bytea": return ["coalesce(\(name), '') || '\\x7e'::bytea"]
        case "jsonb": return ["coalesce(\(name), '{}') || '{\"~\": 1}'", "'{\"~\": 1}'::jsonb"]
        case "json": return ["'{\"~\": 1}'::json"]
        case "inet": return ["coalesce(\(name), '0.0.0.0') + 1"]
        case "tsvector": return ["coalesce(\(name), '') || '''~'''::tsvector"]
        case "xml": return ["'<x/>'::xml"]
        case "bit", "bit varying": return ["~ \(name)"]
        case "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange":
            return ["'empty'::\(column.type)"]
        default:
            return column.isEnumeration
                ? [
                    "(SELECT e FROM unnest(enum_range(NULL::\(column.type))) AS u (e) "
                        + "WHERE e IS DISTINCT FROM \(name) LIMIT 1)"
                ] : []
        }
    }

    /// A value that the column does not have in any row.
    private static func unseen(_ column: WatchedTable.Column, in table: String) -> String {
        let name = column.name.quotedName
        switch column.type {
        case "smallint", "integer", "bigint", "numeric":
            return "(SELECT (max(m.\(name)) + 1)::\(column.type) FROM \(table) m)"
        case "text", "character varying", "bpchar", "public.citext": return "'x' || \(name)"
        case "uuid": return "gen_random_uuid()"
        case "date", "timestamp with time zone", "timestamp without time zone":
            return "(SELECT (max(m.\(name)) + interval '1 day')::\(column.type) FROM \(table) m)"
        default: return name
        }
    }

    /// Why the database did not allow it, in words; nil if that is no matter of the change.
    static func reason(_ error: PostgresError) -> String? {
        guard case .server(let report) = error else { return nil }
        let name = report.constraint.map { " \($0)" } ?? ""
        return switch report.sqlState {
        case "23502": "a column may not be NULL"
        case "23503": "the foreign key\(name) does not allow it"
        case "23505": "the unique key\(name) does not allow it"
        case "23514": "the check\(name), or a partition's bounds, do not allow it"
        case "23P01": "the exclusion constraint\(name) does not allow it"
        case "428C9": "PostgreSQL alone writes this column (generated, or identity)"
        case "42501": "this database user may not do it, or row security does not allow it"
        case "42804", "42883", "42846": "no other value is known for its type"
        case "55P03": "another transaction holds a lock on the row or the table"
        // Other messages of these kinds may quote a value.
        case let state where state.hasPrefix("22"):
            "no value was found that the column's type allows (SQLSTATE \(state))"
        case let state where state.hasPrefix("P0"):
            "a trigger or a function raised an error (SQLSTATE \(state))"
        case let state where ["40", "53", "57", "58"].contains(state.prefix(2)): nil
        default: "PostgreSQL: \(report.message) (SQLSTATE \(report.sqlState))"
        }
    }
}
