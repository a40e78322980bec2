// The generated source is a file of this test target: so it compiles, under the strictest settings
// of the package, and the package's lint reads it. The tests generate it again from a real database
// and read rows through it. To accept a change of the generator, run the tests with
// SITEGEN_ACCEPT=1 in the environment; they then write the file.

import FoundationEssentials
import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

struct Cover: Decodable, Equatable, Sendable {
    var file: String
    var sizes: [String: Int]
}

@Suite("Generated source") struct GeneratedSourceTests {
    static let everyType = """
        -- Every type that a row can hold, with prose that is a good deal longer than a line of the
        -- generated file may be. The second sentence follows it: "quotes", \\(code) and */ are \
        text.
        --
        -- - Returns: nothing. This looks like a list.
        -- key: id, day
        -- nullable: nothing, no_cover
        -- json: cover Cover; covers [Cover]; no_cover Cover?
        SELECT e.*, NULL::text AS nothing, '{"file": "a", "sizes": {"a_b": 2}}'::jsonb AS cover,
            json_build_array() AS covers, NULL::json AS no_cover
        FROM every_type e
        """
    static let keywords = """
        -- key: class
        -- refresh: live
        -- scope: private
        SELECT 1 AS class, 'a' AS default, 'b' AS self, 'c' AS init, 'd' AS "row", 'e' AS schema,
            'f' AS row_key, 'g' AS "Type", 'h' AS protocol, 'i' AS "in", 'j' AS reader,
            true AS is_open_on_every_single_day_of_the_whole_long_year_2026_or_so,
            'k'::character varying(20) AS a_name_as_long_as_postgresql_lets_a_name_be_which_is_63_b
        """

    private func database() throws -> String {
        let url = try ThrowAwayPostgres.database()
        let connection = try Connection(to: url)
        try connection.run(
            """
            CREATE TYPE mood AS ENUM ('happy', 'sad');
            CREATE DOMAIN short AS varchar(5);
            CREATE TABLE every_type (
                id uuid, day date, flag bool, small int2, medium int4, large int8, single float4,
                double float8, exact numeric, money numeric(8,2), words text, limited varchar(20),
                fixed char(3), label name, at timestamptz, local timestamp, span interval,
                bytes bytea, document json, binary_document jsonb, feeling mood, brief short,
                address inet, clock time, tags text[], numbers int4[], feelings mood[],
                days date[]);
            INSERT INTO every_type VALUES (
                '00112233-4455-6677-8899-aabbccddeeff', '2026-05-03', true, -2, 4, 8, 0.1, 0.2,
                12345678901234567890.5, 10.50, 'wörds', 'lim', 'fi', 'label', '2026-05-03 08:15Z',
                '2026-05-03 08:15', '1 day', '\\x00ff', '{"a":1}', '{"b": 2}', 'sad', 'brief',
                '10.0.0.1/8', '08:15', '{a,"b c"}', '{1,-2}', '{happy,sad}', '{2026-05-03}');
            """)
        return url
    }

    private var definitions: [ViewDefinition] {
        get throws {
            try [view("every_type_page", Self.everyType), view("keyword", Self.keywords)]
        }
    }

    @Test func `the generator writes what is compiled here`() throws {
        let connection = try Connection(to: database())
        let source = try RowGenerator.source(
            definitions: definitions,
            columns: RowGenerator.columns(of: definitions, on: connection),
            importing: ["MaterializedViews", "Postgres"])
        let path =
            #filePath.replacing("GeneratedSourceTests.swift", with: "")
            + "Generated/Rows.generated.swift"
        if ProcessInfo.processInfo.environment["SITEGEN_ACCEPT"] != nil {
            try source.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let file = try #require(FileManager.default.contents(atPath: path))
        #expect(String(decoding: file, as: UTF8.self) == source)
        #expect(source.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test func `a preview's views give the same row types, before they are installed`() throws {
        let connection = try Connection(to: database())
        let reader = try view(
            "reader", "-- key: id\nSELECT id, words, day FROM sitegen.every_type_page")
        let (all, names) = (try definitions + [reader], ["every_type_page", "reader"])
        // PostgreSQL cannot describe what reads a view that is not there.
        #expect(throws: ViewError.self) { try RowGenerator.source(of: all, on: connection) }
        try connection.run("BEGIN")
        try PreviewViews.create(
            all.filter { names.contains($0.name) },
            for: Preview(time: Preview.time(nil, on: connection), showsDrafts: false),
            on: connection)
        let previewed = try RowGenerator.source(of: all, previewed: Set(names), on: connection)
        try connection.run("ROLLBACK")
        _ = try ViewInstaller.apply(all, on: connection)
        #expect(try RowGenerator.source(of: all, on: connection) == previewed)
    }

    @Test func `every type is read through generated code`() throws {
        let connection = try Connection(to: database())
        _ = try ViewInstaller.apply(definitions, on: connection)
        try ViewCheck.verify(
            [EveryTypePageRow.schema, KeywordRow.schema], definitions: definitions,
            on: connection)
        var rows: [EveryTypePageRow] = []
        let stream = try RowStream<EveryTypePageRow>(on: connection)
        try stream.each(on: connection) { row in rows.append(row) }
        let row = try #require(rows.first)
        #expect(row.rowKey == "00112233-4455-6677-8899-aabbccddeeff/2026-05-03")
        #expect(row.small == -2 && row.medium == 4 && row.large == 8)
        #expect(row.exact.description == "12345678901234567890.5")
        #expect(row.words == "wörds" && row.fixed == "fi " && row.brief == "brief")
        #expect(row.bytes.bytes == [0, 255])
        #expect(row.document == "{\"a\":1}" && row.binaryDocument == "{\"b\": 2}")
        #expect(row.feeling == "sad" && row.feelings == ["happy", "sad"])
        #expect(row.address == "10.0.0.1/8" && row.clock == "08:15:00")
        #expect(row.tags == ["a", "b c"] && row.numbers == [1, -2] && row.days == [row.day])
        #expect(row.cover == Cover(file: "a", sizes: ["a_b": 2]))
        #expect(row.covers.isEmpty && row.noCover == nil && row.nothing == nil)
        var found = 0
        try stream.rows(withKeys: [row.rowKey], on: connection) { _ in found += 1 }
        #expect(found == 1)
        var keywords: [KeywordRow] = []
        try RowStream<KeywordRow>(on: connection).each(on: connection) { row in
            keywords.append(row)
        }
        #expect(keywords.first?.class == 1 && keywords.first?.selfColumn == "b")
    }
}
