// Connecting, errors, types of statements, and what a connection survives.

import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Postgres

@Suite("Connections") struct ConnectionTests {
    @Test func `a session has fixed formats`() throws {
        try withDatabase { connection throws in
            let expected = [
                ("client_encoding", "UTF8"), ("DateStyle", "ISO, YMD"), ("TimeZone", "UTC"),
                ("IntervalStyle", "iso_8601"), ("extra_float_digits", "1"),
                ("application_name", "sitegen"),
            ]
            for (name, value) in expected {
                #expect(try connection.one("SHOW \(name)", as: String.self) == value)
            }
            let isBroken = connection.isBroken
            #expect(!isBroken)
            let version = connection.serverVersion
            #expect(version >= 130_000)
        }
    }

    @Test(arguments: [
        "not a url secret", "postgresql://u:secret@h:1/d?secret", "secret=%",
        "postgresql://u:p@secret@h/d", "postgresql://u:secret/x@h/d",
        "host=x@secret port=1", "host=h port=secret",
    ])
    func `a bad URL is refused without repeating it`(url: String) {
        let error = failure { _ = try Connection(to: url).isBroken }
        #expect(error == .invalidURL)
        #expect(error?.description.contains("secret") == false)
    }

    @Test func `a password may hold what elsewhere ends a part of a URL, and is not repeated`() {
        let error = failure {
            _ = try Connection(to: "postgres://u:a#secret?b@/d?host=/nowhere").isBroken
        }
        #expect(error?.description.contains("/nowhere") == true)
        #expect(error?.description.contains("secret") == false)
    }

    @Test func `an absent server is reported without the password`() {
        let error = failure {
            _ = try Connection(to: "postgresql://u:secret@/d?host=/nowhere").isBroken
        }
        #expect(error?.description.contains("/nowhere") == true)
        #expect(error?.description.contains("secret") == false)
    }

    @Test func `a server's refusal carries its fields, and values only in the debug text`() throws {
        try withDatabase { connection throws in
            try connection.run("CREATE TABLE people (email text PRIMARY KEY)")
            try connection.prepare("add", as: "INSERT INTO people VALUES ($1)")
            _ = try connection.rows(prepared: "add", ["ann@example.org"]) { _ in }
            let error = failure {
                _ = try connection.rows(prepared: "add", ["ann@example.org"]) { _ in }
            }
            #expect(error?.sqlState == "23505")
            guard case .server(let report) = error else {
                Issue.record("another error: \(String(describing: error))")
                return
            }
            #expect(report.statement == "add")
            #expect(report.constraint == "people_pkey")
            #expect(error?.description.contains("ann@") == false)
            #expect(error?.debugDescription.contains("ann@") == true)
        }
    }

    @Test func `an error in a statement names its position and hint`() throws {
        try withDatabase { connection throws in
            try connection.run("CREATE TABLE people (email text)")
            let error = failure {
                _ = try connection.describe("SELECT emial FROM people")
            }
            guard case .server(let report) = error else {
                Issue.record("another error: \(String(describing: error))")
                return
            }
            #expect(report.position == 8)
            #expect(report.hint?.contains("people.email") == true)
        }
    }

    @Test func `a statement is described without running it`() throws {
        try withDatabase { connection throws in
            try connection.run(
                """
                CREATE TYPE size AS ENUM ('s');
                CREATE TABLE t (id int8, price numeric(10,2), size size, tags text[])
                """)
            let description = try connection.describe(
                "SELECT id, price, size, tags, 1 AS one, now() FROM t WHERE id = $1 AND size = $2")
            #expect(description.parameters.first == .int8)
            #expect(description.parameters.count == 2)
            #expect(
                description.columns.map(\.name) == ["id", "price", "size", "tags", "one", "now"])
            #expect(
                description.columns.map(\.typeName) == [
                    "bigint", "numeric(10,2)", "size", "text[]", "integer",
                    "timestamp with time zone",
                ])
            #expect(description.columns.map(\.tableColumn) == [1, 2, 3, 4, 0, 0])
            #expect(try connection.describe("CREATE TABLE x ()").columns.isEmpty)
        }
    }

    @Test func `a wrong type, a NULL and a missing column name the column, never the value`() throws
    {
        try withDatabase { connection throws in
            try connection.run("CREATE TYPE mood AS ENUM ('secret')")
            try connection.prepare(
                "x", as: "SELECT 'secret'::mood AS mood, NULL::int4 AS nothing, 7::int8 AS big")
            #expect(
                connection.readFailure(0, Int.self)
                    == .typeMismatch(column: "mood", expected: "Int", found: "mood"))
            #expect(
                connection.readFailure(1, Int32.self)
                    == .unexpectedNull(column: "nothing", expected: "Int32"))
            #expect(
                connection.readFailure(2, Int32.self)
                    == .typeMismatch(column: "big", expected: "Int32", found: "int8"))
            #expect(connection.readFailure(3, Int32.self) == .noColumn(index: 3, count: 3))
            #expect(connection.readFailure(-1, Int32.self) == .noColumn(index: -1, count: 3))
            #expect(try connection.one("SELECT NULL::text", as: String?.self) == nil)
            #expect(try connection.one("SELECT ''::text", as: String?.self) == "")
            let arrays = ["'{{1},{2}}'", "'{1,NULL}'"]
            for array in arrays {
                let error = failure {
                    _ = try connection.one("SELECT \(array)::int8[] AS a", as: [Int].self)
                }
                #expect(error == .malformedValue(column: "a", expected: "[Int]"))
            }
            let error = failure {
                _ = try connection.one("SELECT 'a'::tsvector AS a", as: String.self)
            }
            #expect(
                error
                    == .typeMismatch(
                        column: "a", expected: "String", found: "the type with OID 3614"))
        }
    }

    @Test func `parameters fit the types that the statement wants`() throws {
        try withDatabase { connection throws in
            #expect(try connection.one("SELECT repeat('x', $1)", [3], as: String.self) == "xxx")
            #expect(try connection.one("SELECT $1::int2 + 1::int2", [3], as: Int16.self) == 4)
            #expect(
                try connection.one("SELECT $1::numeric", [12], as: Numeric.self).description == "12"
            )
            #expect(
                try connection.one("SELECT $1::date", ["2026-03-04"], as: PostgresDate.self).day
                    == 4)
            #expect(try connection.one("SELECT $1::int4 IS NULL", [nil], as: Bool.self))
            #expect(
                try connection.one("SELECT 5::int4 = ANY($1)", [Parameter([4, 5])], as: Bool.self))
            let count = failure {
                try connection.execute("SELECT $1::int, $2::int", [1])
            }
            #expect(count == .parameterCount(statement: "(unnamed)", expected: 2, given: 1))
            #expect(
                failure {
                    try connection.execute("SELECT $1::date", ["a\0b"])
                } != nil)
        }
    }

    @Test func `a prepared name can be given anew and must be known`() throws {
        try withDatabase { connection throws in
            try connection.prepare("it's \"q\"", as: "SELECT 1::int8")
            try connection.prepare("it's \"q\"", as: "SELECT 2::int8")
            let values = try connection.rows(prepared: "it's \"q\"") { row throws(PostgresError) in
                try row.value(0, as: Int.self)
            }
            #expect(values == [2])
            #expect(
                failure { _ = try connection.rows(prepared: "other") { _ in } }
                    == .notPrepared(statement: "other"))
            #expect(failure { try connection.prepare("", as: "SELECT 1") } != nil)
            #expect(
                failure {
                    try connection.prepare(String(repeating: "n", count: 64), as: "SELECT 1")
                } != nil)
        }
    }

    @Test func `notices reach the callback`() throws {
        let seen = Mutex<[String]>([])
        let settings = ConnectionSettings(onNotice: { severity, message in
            seen.withLock { $0.append("\(severity): \(message)") }
        })
        try withDatabase(settings: settings) { connection throws in
            try connection.run("DO $$ BEGIN RAISE NOTICE 'hello'; RAISE WARNING 'oh'; END $$")
        }
        #expect(seen.withLock { $0 } == ["NOTICE: hello", "WARNING: oh"])
    }

    @Test func `a statement that takes too long is cancelled by its timeout`() throws {
        try withDatabase(settings: ConnectionSettings(statementMilliseconds: 50)) {
            connection throws in
            let error = failure {
                try connection.run("SELECT pg_sleep(30)")
            }
            #expect(error?.isCancellation == true)
            #expect(try connection.one("SELECT 1::int8", as: Int.self) == 1)
        }
    }

    @Test func `a lost connection says so and stays broken`() throws {
        let url = try ThrowAwayPostgres.database()
        let victim = try Connection(to: url)
        let other = try Connection(to: url)
        let process: Int = try victim.one("SELECT pg_backend_pid()::int8")
        try other.execute("SELECT pg_terminate_backend($1, 10000)", [Parameter(process)])
        let error = failure { try victim.run("SELECT 1") }
        guard case .connectionLost = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let isBroken = victim.isBroken
        #expect(isBroken)
    }

    @Test func `a COPY by a plain statement is refused and the connection goes on`() throws {
        try withDatabase { connection throws in
            #expect(failure { try connection.run("COPY (SELECT 1) TO STDOUT") } != nil)
            try connection.run("CREATE TABLE t (a int)")
            #expect(failure { try connection.run("COPY t FROM STDIN") } != nil)
            #expect(try connection.one("SELECT 1::int8", as: Int.self) == 1)
        }
    }

    @Test(arguments: ["plain", "it's", "back\\slash", "\\'", ""])
    func `quoted texts come back as they were`(text: String) throws {
        try withDatabase { connection throws in
            let quoted = Connection.quoted(literal: text)
            #expect(try connection.one("SELECT \(quoted)::text", as: String.self) == text)
            try connection.run("SET standard_conforming_strings = off")
            #expect(try connection.one("SELECT \(quoted)::text", as: String.self) == text)
        }
    }
}
