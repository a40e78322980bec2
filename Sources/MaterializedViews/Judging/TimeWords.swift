// The words that PostgreSQL reads as times of the moment: now, today, tomorrow and yesterday.
//
// Where such a word stands as a literal, PostgreSQL turns it into a constant when the view is made:
// the parse tree shows yesterday's date and nothing else. So the file's tokens are asked: each word
// is replaced by one that is no time, and if PostgreSQL then complains about a time, it was one.

import Postgres

/// Words that stand for a time of the moment.
enum TimeWords {
    private static let words: Set<String> = ["now", "today", "tomorrow", "yesterday"]

    /// date, time, timetz, timestamp and timestamptz, by OID.
    private static let single = [
        1082: "date", 1083: "time", 1266: "timetz", 1114: "timestamp", 1184: "timestamptz",
    ]

    /// The same with their arrays, ranges and multiranges.
    static let types = single.merging([
        1182: "date[]", 1183: "time[]", 1270: "timetz[]", 1115: "timestamp[]",
        1185: "timestamptz[]", 3912: "daterange", 3908: "tsrange", 3910: "tstzrange",
        3913: "daterange[]", 3909: "tsrange[]", 3911: "tstzrange[]", 4535: "datemultirange",
        4533: "tsmultirange", 4534: "tstzmultirange", 6155: "datemultirange[]",
        6152: "tsmultirange[]", 6153: "tstzmultirange[]",
    ]) { first, _ in first }

    /// The functions that read texts as the types of columns: of JSON, and of hstore.
    static let recordFunctions: Set<String> = [
        "json_to_record", "json_to_recordset", "json_populate_record",
        "json_populate_recordset", "jsonb_to_record", "jsonb_to_recordset",
        "jsonb_populate_record", "jsonb_populate_recordset", "populate_record",
    ]

    /// Which of these types are made of times, at any depth: domains, arrays, ranges, composites.
    ///
    /// - Parameters:
    ///   - types: types that are not PostgreSQL's own.
    ///   - connection: where to ask.
    /// - Returns: their names, by OID.
    /// - Throws: `.database`.
    static func types(
        among types: Set<Int>, on connection: borrowing Connection
    ) throws(ViewError) -> [Int: String] {
        try TypeParts.types(madeOf: Set(single.keys), among: types, on: connection)
    }

    /// The reg types, whose texts are names.
    static let catalogueTypes: Set<Int> = [
        24, 2202, 2203, 2204, 2205, 2206, 3734, 3769, 4089, 4096, 4191,
    ]

    /// The first such word in a text, as it is written there.
    static func first(in text: String) -> String? {
        ranges(in: text).first.map { String(text[$0]) }
    }

    /// The first such word in a text without words of other kinds, which PostgreSQL would refuse as
    /// a time.
    static func only(in text: String) -> String? {
        let others: Set<String> = ["utc", "z", "t", "am", "pm", "infinity"]
        let all = text.split { !$0.isLetter }.map { $0.lowercased() }
        return all.allSatisfy { words.contains($0) || others.contains($0) } ? first(in: text) : nil
    }

    /// Where such words stand: whole words, in any case.
    static func ranges(in text: String) -> [Range<String.Index>] {
        var found: [Range<String.Index>] = []
        var at = text.startIndex
        while at < text.endIndex {
            guard text[at].isLetter else {
                at = text.index(after: at)
                continue
            }
            let start = at
            while at < text.endIndex, text[at].isLetter { at = text.index(after: at) }
            if words.contains(text[start..<at].lowercased()) { found.append(start..<at) }
        }
        return found
    }

    /// A text with these words replaced by one that PostgreSQL reads as no time.
    static func replacing(in text: String) -> String {
        var result = text
        for range in ranges(in: text).reversed() { result.replaceSubrange(range, with: "sitegen") }
        return result
    }

    /// Words of a statement that PostgreSQL reads as times, where it is asked.
    ///
    /// - Parameters:
    ///   - definition: the view file.
    ///   - connection: a connection inside of a transaction.
    /// - Returns: an error for each.
    /// - Throws: `.database`.
    static func problems(
        of definition: ViewDefinition, on connection: borrowing Connection
    ) throws(ViewError) -> [DefinitionProblem] {
        guard first(in: definition.sql) != nil,
            let tokens = try? SQLLexer.tokens(of: definition.sql)
        else { return [] }
        let bytes = Array(definition.sql.utf8)
        var problems: [DefinitionProblem] = []
        for token in tokens where token.kind == .string {
            guard let word = first(in: token.text) else { continue }
            let statement =
                bytes[..<token.range.lowerBound] + Array(replacing(in: token.text).utf8)
                + bytes[token.range.upperBound...]
            guard try isTime(String(decoding: statement, as: UTF8.self), on: connection) else {
                continue
            }
            let line = definition.sqlLine + token.line - 1
            problems.append(
                DefinitionProblem(
                    definition.file, line,
                    "'\(word)' is the moment in which the view is made, for ever: PostgreSQL "
                        + "makes a constant of it. Name the row's columns in `publish-at:` and "
                        + "`expire-at:`, or read the time from a table."))
        }
        return problems
    }

    /// Whether PostgreSQL complains about a time in a statement.
    private static func isTime(
        _ statement: String, on connection: borrowing Connection
    ) throws(ViewError) -> Bool {
        try connection.perform("SAVEPOINT words", doing: "looking at dates")
        var isTime = false
        do throws(PostgresError) {
            _ = try connection.describe(statement)
        } catch {
            guard error.sqlState != nil else {
                throw ViewError(error, in: nil, doing: "looking at dates")
            }
            isTime = error.sqlState == "22007"
        }
        try connection.perform("ROLLBACK TO SAVEPOINT words", doing: "looking at dates")
        return isTime
    }
}

/// The options of a window's frame (PostgreSQL sources, nodes/parsenodes.h).
struct WindowFrame {
    let options: Int

    /// Whether the frame ends at a number of rows, so that their order decides which are in it.
    var countsRows: Bool {
        let countsRows = options & 0x4 != 0
        let isWhole = options & 0x20 != 0 && options & 0x100 != 0
        return countsRows && !isWhole
    }
}

extension NodeTree {
    /// The outermost queries below a node.
    var queries: [NodeTree] {
        switch self {
        case .none, .atom: []
        case .list(let elements): elements.flatMap(\.queries)
        case .node("QUERY", _): [self]
        case .node(_, let fields): fields.values.flatMap(\.queries)
        }
    }
}
