// The row types of the views in site/database, one class per view.
//
// Written by `sitegen db generate` from the view files and what PostgreSQL says about their
// columns. Do not edit: change a view's file, then run `sitegen db apply` and `sitegen db
// generate`.

import MaterializedViews
import Postgres

/// Every type that a row can hold, with prose that is a good deal longer than a line of the
/// generated file may be.
///
/// The second sentence follows it: "quotes", \(code) and */ are text.
///
/// Returns: nothing. This looks like a list.
final class EveryTypePageRow: SharedRow {
    /// `id`, uuid.
    let id: PostgresUUID
    /// `day`, date.
    let day: PostgresDate
    /// `flag`, boolean.
    let flag: Bool
    /// `small`, smallint.
    let small: Int
    /// `medium`, integer.
    let medium: Int
    /// `large`, bigint.
    let large: Int
    /// `single`, real.
    let single: Float
    /// `double`, double precision.
    let double: Double
    /// `exact`, numeric.
    let exact: Numeric
    /// `money`, numeric(8,2).
    let money: Numeric
    /// `words`, text.
    let words: String
    /// `limited`, character varying(20).
    let limited: String
    /// `fixed`, character(3).
    let fixed: String
    /// `label`, name.
    let label: String
    /// `at`, timestamp with time zone.
    let at: Timestamp
    /// `local`, timestamp without time zone.
    let local: Timestamp
    /// `span`, interval.
    let span: Interval
    /// `bytes`, bytea.
    let bytes: Bytea
    /// `document`, json.
    let document: String
    /// `binary_document`, jsonb.
    let binaryDocument: String
    /// `feeling`, mood.
    let feeling: String
    /// `brief`, character varying(5).
    let brief: String
    /// `address`, inet.
    let address: String
    /// `clock`, time without time zone.
    let clock: String
    /// `tags`, text[].
    let tags: [String]
    /// `numbers`, integer[].
    let numbers: [Int]
    /// `feelings`, mood[].
    let feelings: [String]
    /// `days`, date[].
    let days: [PostgresDate]
    /// `nothing`, text.
    let nothing: String?
    /// `cover`, jsonb.
    let cover: Cover
    /// `covers`, json.
    let covers: [Cover]
    /// `no_cover`, json.
    let noCover: Cover?

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "every_type_page",
        key: ["id", "day"],
        columns: [
            .init("id", "uuid"),
            .init("day", "date"),
            .init("flag", "boolean"),
            .init("small", "smallint"),
            .init("medium", "integer"),
            .init("large", "bigint"),
            .init("single", "real"),
            .init("double", "double precision"),
            .init("exact", "numeric"),
            .init("money", "numeric(8,2)"),
            .init("words", "text"),
            .init("limited", "character varying(20)"),
            .init("fixed", "character(3)"),
            .init("label", "name"),
            .init("at", "timestamp with time zone"),
            .init("local", "timestamp without time zone"),
            .init("span", "interval"),
            .init("bytes", "bytea"),
            .init("document", "json"),
            .init("binary_document", "jsonb"),
            .init("feeling", "mood", cast: "text"),
            .init("brief", "character varying(5)"),
            .init("address", "inet", cast: "text"),
            .init("clock", "time without time zone", cast: "text"),
            .init("tags", "text[]"),
            .init("numbers", "integer[]"),
            .init("feelings", "mood[]", cast: "text[]"),
            .init("days", "date[]"),
            .init("nothing", "text"),
            .init("cover", "jsonb"),
            .init("covers", "json"),
            .init("no_cover", "json"),
        ],
        digest: "99056aa4c95edc1a7a2a9528a010ee5977abff5aab6b06ff21f561fc423f4f00"
    )

    /// The text of the row's key.
    var rowKey: String {
        RowKey.text("\(id)", "\(day)")
    }

    /// A row of these values, for previews and tests.
    init(
        id: PostgresUUID,
        day: PostgresDate,
        flag: Bool,
        small: Int,
        medium: Int,
        large: Int,
        single: Float,
        double: Double,
        exact: Numeric,
        money: Numeric,
        words: String,
        limited: String,
        fixed: String,
        label: String,
        at: Timestamp,
        local: Timestamp,
        span: Interval,
        bytes: Bytea,
        document: String,
        binaryDocument: String,
        feeling: String,
        brief: String,
        address: String,
        clock: String,
        tags: [String],
        numbers: [Int],
        feelings: [String],
        days: [PostgresDate],
        nothing: String? = nil,
        cover: Cover,
        covers: [Cover],
        noCover: Cover? = nil
    ) {
        self.id = id
        self.day = day
        self.flag = flag
        self.small = small
        self.medium = medium
        self.large = large
        self.single = single
        self.double = double
        self.exact = exact
        self.money = money
        self.words = words
        self.limited = limited
        self.fixed = fixed
        self.label = label
        self.at = at
        self.local = local
        self.span = span
        self.bytes = bytes
        self.document = document
        self.binaryDocument = binaryDocument
        self.feeling = feeling
        self.brief = brief
        self.address = address
        self.clock = clock
        self.tags = tags
        self.numbers = numbers
        self.feelings = feelings
        self.days = days
        self.nothing = nothing
        self.cover = cover
        self.covers = covers
        self.noCover = noCover
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        id = try row.column(0, of: Self.self)
        day = try row.column(1, of: Self.self)
        flag = try row.column(2, of: Self.self)
        small = try row.column(3, of: Self.self)
        medium = try row.column(4, of: Self.self)
        large = try row.column(5, of: Self.self)
        single = try row.column(6, of: Self.self)
        double = try row.column(7, of: Self.self)
        exact = try row.column(8, of: Self.self)
        money = try row.column(9, of: Self.self)
        words = try row.column(10, of: Self.self)
        limited = try row.column(11, of: Self.self)
        fixed = try row.column(12, of: Self.self)
        label = try row.column(13, of: Self.self)
        at = try row.column(14, of: Self.self)
        local = try row.column(15, of: Self.self)
        span = try row.column(16, of: Self.self)
        bytes = try row.column(17, of: Self.self)
        document = try row.column(18, of: Self.self)
        binaryDocument = try row.column(19, of: Self.self)
        feeling = try row.column(20, of: Self.self)
        brief = try row.column(21, of: Self.self)
        address = try row.column(22, of: Self.self)
        clock = try row.column(23, of: Self.self)
        tags = try row.column(24, of: Self.self)
        numbers = try row.column(25, of: Self.self)
        feelings = try row.column(26, of: Self.self)
        days = try row.column(27, of: Self.self)
        nothing = try row.column(28, of: Self.self)
        cover = try row.json(29, of: Self.self)
        covers = try row.json(30, of: Self.self)
        noCover = try row.optionalJSON(31, of: Self.self)
    }
}

/// A row of `keyword`.
final class KeywordRow: PrivateRow {
    /// `class`, integer.
    let `class`: Int
    /// `default`, text.
    let `default`: String
    /// `self`, text.
    let selfColumn: String
    /// `init`, text.
    let initColumn: String
    /// `row`, text.
    let row: String
    /// `schema`, text.
    let schemaColumn: String
    /// `row_key`, text.
    let rowKeyColumn: String
    /// `Type`, text.
    let type: String
    /// `protocol`, text.
    let `protocol`: String
    /// `in`, text.
    let `in`: String
    /// `reader`, text.
    let reader: String
    /// `is_open_on_every_single_day_of_the_whole_long_year_2026_or_so`, boolean.
    let isOpenOnEverySingleDayOfTheWholeLongYear2026OrSo: Bool
    /// `a_name_as_long_as_postgresql_lets_a_name_be_which_is_63_b`, character varying(20).
    let aNameAsLongAsPostgresqlLetsANameBeWhichIs63B: String

    /// The view as it was when this type was generated.
    static let schema = ViewSchema(
        name: "keyword",
        key: ["class"],
        columns: [
            .init("class", "integer"),
            .init("default", "text"),
            .init("self", "text"),
            .init("init", "text"),
            .init("row", "text"),
            .init("schema", "text"),
            .init("row_key", "text"),
            .init("Type", "text"),
            .init("protocol", "text"),
            .init("in", "text"),
            .init("reader", "text"),
            .init("is_open_on_every_single_day_of_the_whole_long_year_2026_or_so", "boolean"),
            .init(
                "a_name_as_long_as_postgresql_lets_a_name_be_which_is_63_b",
                "character varying(20)"
            ),
        ],
        digest: "df4c92bf3b7e8f951fcb152542ab8aacdb5db91f9203575cc0b9e1ca0fa2880f"
    )

    /// The text of the row's key.
    var rowKey: String {
        "\(`class`)"
    }

    /// A row of these values, for previews and tests.
    init(
        `class`: Int,
        `default`: String,
        selfColumn: String,
        initColumn: String,
        row: String,
        schemaColumn: String,
        rowKeyColumn: String,
        type: String,
        `protocol`: String,
        `in`: String,
        reader: String,
        isOpenOnEverySingleDayOfTheWholeLongYear2026OrSo: Bool,
        aNameAsLongAsPostgresqlLetsANameBeWhichIs63B: String
    ) {
        self.`class` = `class`
        self.`default` = `default`
        self.selfColumn = selfColumn
        self.initColumn = initColumn
        self.row = row
        self.schemaColumn = schemaColumn
        self.rowKeyColumn = rowKeyColumn
        self.type = type
        self.`protocol` = `protocol`
        self.`in` = `in`
        self.reader = reader
        self.isOpenOnEverySingleDayOfTheWholeLongYear2026OrSo =
            isOpenOnEverySingleDayOfTheWholeLongYear2026OrSo
        self.aNameAsLongAsPostgresqlLetsANameBeWhichIs63B =
            aNameAsLongAsPostgresqlLetsANameBeWhichIs63B
    }

    /// Reads the columns in the order of `schema`.
    init(from row: borrowing RowReader) throws(RowError) {
        `class` = try row.column(0, of: Self.self)
        `default` = try row.column(1, of: Self.self)
        selfColumn = try row.column(2, of: Self.self)
        initColumn = try row.column(3, of: Self.self)
        self.row = try row.column(4, of: Self.self)
        schemaColumn = try row.column(5, of: Self.self)
        rowKeyColumn = try row.column(6, of: Self.self)
        type = try row.column(7, of: Self.self)
        `protocol` = try row.column(8, of: Self.self)
        `in` = try row.column(9, of: Self.self)
        reader = try row.column(10, of: Self.self)
        isOpenOnEverySingleDayOfTheWholeLongYear2026OrSo = try row.column(11, of: Self.self)
        aNameAsLongAsPostgresqlLetsANameBeWhichIs63B = try row.column(12, of: Self.self)
    }
}
