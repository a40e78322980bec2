// `sitegen add page`: a table of the database gets pages in a site that is there.
//
// The same inference as for a new site, in which the tables that have pages already keep their
// names; their own files are not touched, so they do not list the new table's rows.

import MaterializedViews
package import Postgres

extension SiteAddition {
    /// The pages of a table.
    ///
    /// - Parameters:
    ///   - name: the table, with its schema or without.
    ///   - site: the site.
    ///   - connection: a connection outside of any transaction.
    /// - Returns: views, pages, routes, section and tests.
    /// - Throws: a `ScaffoldingError`; nothing is written.
    package static func page(
        of name: String, to site: ExistingSite, on connection: borrowing Connection
    ) throws(ScaffoldingError) -> SiteAddition {
        try reading(connection) { (connection) throws(ScaffoldingError) in
            let catalogue = try wholeCatalogue(on: connection)
            let chosen = try TableChoice.named([name], in: catalogue)
            let known = site.pages(of: catalogue.tables)
            let outline = SiteInference.outline(
                of: catalogue, named: chosen.union(known.keys), known: known)
            guard let page = outline.pages.first(where: { chosen.contains($0.table.oid) }) else {
                throw .noPages(table: name, reason: "it has no key")
            }
            let views = try DescribedViews(outline, HomeSection.of([]), on: connection)
            var addition = SiteAddition(to: site)
            for suffix in ["card", "page", "list"] {
                views.file("\(page.base)_\(suffix)").map { addition.add($0) }
            }
            addition.add(PageFiles.file(page))
            addition.register(page, views)
            for omission in outline.omissions where omission.hasPrefix(page.table.shown) {
                addition.say("left out: \(omission)")
            }
            return addition
        }
    }

    private mutating func register(_ page: PageTable, _ views: DescribedViews) {
        let type = page.typeName
        add(
            [SiteSources.route("\(type)ListPage"), SiteSources.route("\(type)Page")],
            to: "site/Site.swift", at: "routes")
        add(
            [SiteSources.section(page.heading, page.folder)], to: "site/Links.swift",
            at: "sections")
        for (suffix, kind) in [("page", "Page"), ("list", "ListPage")] {
            guard let row = views.sample("\(page.base)_\(suffix)") else { continue }
            addTest(TestFile.Case(page: "\(type)\(kind)", row: row))
        }
    }

    /// Adds the test of a kind of page, unless there is one of its name.
    mutating func addTest(_ item: TestFile.Case) {
        let path = "Tests/SiteTests.swift"
        if text(of: path)?.contains("func \(TestFile.name(item))()") ?? false {
            return say("\(path) has \(TestFile.name(item)) already")
        }
        let lines = TestFile.test(item).split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in String(line.hasPrefix("    ") ? line.dropFirst(4) : line) }
        add(
            Array(lines.drop(while: \.isEmpty).reversed().drop(while: \.isEmpty).reversed()) + [""],
            to: path, at: "tests")
    }

    /// The catalogue of all schemas.
    static func wholeCatalogue(
        on connection: borrowing Connection
    ) throws(ScaffoldingError) -> CatalogueReader.Catalogue {
        do throws(PostgresError) {
            let schemas = try CatalogueReader.read(schemas: [], on: connection).schemas
            let first = schemas.filter { $0 == "public" }
            return try CatalogueReader.read(
                schemas: first + schemas.filter { $0 != "public" }, on: connection)
        } catch {
            throw .database(error)
        }
    }

    /// Runs a closure in a transaction that cannot write.
    static func reading<T>(
        _ connection: borrowing Connection,
        _ body: (borrowing Connection) throws(ScaffoldingError) -> T
    ) throws(ScaffoldingError) -> T {
        do throws(StreamError<ScaffoldingError>) {
            return try connection.transaction(isolation: .repeatableRead, readOnly: true, body)
        } catch {
            switch error {
            case .postgres(let error): throw .database(error)
            case .body(let error): throw error
            }
        }
    }
}
