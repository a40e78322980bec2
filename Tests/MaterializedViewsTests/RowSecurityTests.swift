// Rows of a table under row security follow what the policy reads: columns that no statement names,
// rows of other tables, functions. sitegen's role owns nothing here, as docs/views.md has it.

import Postgres
import TestSupport
import Testing

@testable import MaterializedViews

@Suite("Row security") struct RowSecurityTests {
    /// A database with posts and members, and a role that may read and watch them.
    private static func database(_ policy: String) throws -> (url: String, role: String) {
        let url = try ThrowAwayPostgres.database()
        let role = "\"reader \(url.hashValue)\""
        try Connection(to: url).run(
            """
            CREATE TABLE post (id int PRIMARY KEY, slug text UNIQUE NOT NULL, title text NOT NULL,
                is_public boolean NOT NULL);
            CREATE TABLE member (post int, name text);
            INSERT INTO post VALUES (1, 'a', 'A', true), (2, 'b', 'B', true);
            INSERT INTO member VALUES (1, 'm'), (2, 'n');
            CREATE FUNCTION can_see(int) RETURNS boolean LANGUAGE sql IMMUTABLE
                AS 'SELECT $1 < 9';
            ALTER TABLE post ENABLE ROW LEVEL SECURITY;
            CREATE POLICY p ON post FOR SELECT USING (\(policy));
            CREATE ROLE \(role) NOLOGIN;
            GRANT SELECT, TRIGGER ON ALL TABLES IN SCHEMA public TO \(role);
            DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO \(role)',
                current_database()); END $$
            """)
        return (url, role)
    }

    @Test(arguments: [
        ("is_public", "UPDATE post SET is_public = false WHERE id = 1", ["d v a"]),
        ("NOT is_public", "UPDATE post SET is_public = false WHERE id = 1", ["i v a"]),
        (
            "EXISTS (SELECT FROM member m WHERE m.post = post.id)",
            "DELETE FROM member WHERE post = 1", ["d v a"]
        ),
        (
            "id IN (SELECT post FROM member WHERE name <> 'x')",
            "UPDATE member SET name = 'x' WHERE post = 2", ["d v b"]
        ),
    ])
    func `what a policy reads is followed`(
        policy: String, change: String, events: [String]
    ) throws {
        let (url, role) = try Self.database(policy)
        let owner = try Connection(to: url)
        let reader = try Connection(to: url)
        try reader.run("SET ROLE \(role)")
        _ = try ViewInstaller.apply(
            [view("v", "-- key: slug\nSELECT slug, title FROM post")], on: reader)
        try owner.run(change)
        #expect(try follow(reader) == events)
        #expect(try ViewInstaller.outdated(nil, on: reader).isEmpty)
        // Whoever sees every row says the same.
        #expect(try ViewInstaller.outdated(nil, on: owner).isEmpty)
    }

    @Test func `a view is read as by its owner`() throws {
        let (url, role) = try Self.database("is_public")
        let owner = try Connection(to: url)
        try owner.run(
            "CREATE VIEW posts AS SELECT slug, title FROM post; ALTER VIEW posts OWNER TO \(role)")
        _ = try ViewInstaller.apply(
            [view("v", "-- key: slug\nSELECT slug, title FROM posts")], on: owner)
        try owner.run("UPDATE post SET is_public = false WHERE id = 1")
        #expect(try follow(owner) == ["d v a"])
    }

    @Test func `a function that a policy calls is part of what a view is made from`() throws {
        let (url, role) = try Self.database("can_see(id)")
        let reader = try Connection(to: url)
        try reader.run("SET ROLE \(role)")
        let definition = try view("v", "-- key: slug\nSELECT slug, title FROM post")
        _ = try ViewInstaller.apply([definition], on: reader)
        try Connection(to: url).run(
            "CREATE OR REPLACE FUNCTION can_see(int) RETURNS boolean LANGUAGE sql IMMUTABLE "
                + "AS 'SELECT $1 < 2'")
        let changes = try ViewInstaller.outdated([definition], on: reader)
        #expect("\(changes)".contains("function public.can_see(integer) is defined otherwise"))
        _ = try ViewInstaller.apply([definition], on: reader)
        #expect(try texts("SELECT slug FROM sitegen.v", on: reader) == ["a"])
    }

    @Test func `a policy whose function may read anything is refused`() throws {
        let (url, role) = try Self.database("can_see(id)")
        try Connection(to: url).run("ALTER FUNCTION can_see STABLE")
        let reader = try Connection(to: url)
        try reader.run("SET ROLE \(role)")
        let error = #expect(throws: ViewError.self) {
            try ViewInstaller.apply(
                [view("v", "-- key: slug\nSELECT slug, title FROM post")], on: reader)
        }
        #expect(error?.description.contains("public.can_see is not IMMUTABLE") == true)
    }
}
