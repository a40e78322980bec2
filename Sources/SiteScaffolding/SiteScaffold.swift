// The files of a new site, from a database or from nothing.
//
// Reads in one read-only transaction, and writes nothing: what comes back is texts. The row types
// are those of `sitegen db generate`, without that any view is installed: PostgreSQL describes each
// statement with the statements of the cards that it reads put in their place.

import MaterializedViews
package import Postgres

/// A site that has not been written yet.
package struct SiteScaffold: Equatable, Sendable {
    /// The files, sorted by path.
    package let files: [WrittenFile]
    /// What became of each table.
    package let outline: SiteOutline

    /// What a site of a database is asked for.
    package struct Request: Sendable {
        /// What the site is called.
        package var identity: SiteIdentity
        /// The schemas whose tables are looked at.
        package var schemas: [String]
        /// The tables that are to have pages, as they were named; nil lets all that qualify.
        package var tables: [String]?
        /// The tables that are to have none, as `schema.table`.
        package var excluded: Set<String> = []

        /// Describes a site.
        package init(
            identity: SiteIdentity, schemas: [String] = ["public"], tables: [String]? = nil
        ) {
            self.identity = identity
            self.schemas = schemas
            self.tables = tables
        }
    }

    /// The site of a database.
    ///
    /// - Parameters:
    ///   - request: what is wanted.
    ///   - connection: a connection outside of any transaction.
    /// - Returns: the files and what was decided.
    /// - Throws: a `ScaffoldingError`.
    package static func make(
        _ request: Request, on connection: borrowing Connection
    ) throws(ScaffoldingError) -> SiteScaffold {
        do throws(StreamError<ScaffoldingError>) {
            return try connection.transaction(isolation: .repeatableRead, readOnly: true) {
                (connection) throws(ScaffoldingError) in
                try read(request, on: connection)
            }
        } catch {
            switch error {
            case .postgres(let error): throw .database(error)
            case .body(let error): throw error
            }
        }
    }

    private static func read(
        _ request: Request, on connection: borrowing Connection
    ) throws(ScaffoldingError) -> SiteScaffold {
        let catalogue: CatalogueReader.Catalogue
        do throws(PostgresError) {
            catalogue = try CatalogueReader.read(schemas: request.schemas, on: connection)
        } catch {
            throw .database(error)
        }
        for schema in request.schemas where !catalogue.schemas.contains(schema) {
            throw .unknownSchema(name: schema, known: catalogue.schemas)
        }
        let named = try request.tables.map { (names) throws(ScaffoldingError) in
            try TableChoice.named(names, in: catalogue)
        }
        let excluded = catalogue.tables.filter { request.excluded.contains($0.shown) }
        let outline = SiteInference.outline(
            of: catalogue, named: named, excluding: Set(excluded.map(\.oid)))
        return SiteScaffold(
            files: try files(request.identity, outline, catalogue.database, on: connection),
            outline: outline)
    }

    private static func files(
        _ identity: SiteIdentity, _ outline: SiteOutline, _ database: String,
        on connection: borrowing Connection
    ) throws(ScaffoldingError) -> [WrittenFile] {
        let sections = HomeSection.of(outline.pages)
        let views = try DescribedViews(outline, sections, on: connection)
        var routes = [SiteSources.route("HomePage")]
        var cases = [
            TestFile.Case(page: "LostPage", row: nil),
            TestFile.Case(page: "HomePage", row: views.sample("home")),
        ]
        for page in outline.pages {
            routes += [
                SiteSources.route("\(page.typeName)ListPage"),
                SiteSources.route("\(page.typeName)Page"),
            ]
            for (suffix, type) in [("page", "Page"), ("list", "ListPage")] {
                guard let row = views.sample("\(page.base)_\(suffix)") else { continue }
                cases.append(TestFile.Case(page: "\(page.typeName)\(type)", row: row))
            }
        }
        routes.append(SiteSources.route("LostPage", kind: "notFound"))
        var files = PackageFiles.all(identity) + ComponentFiles.all + views.files
        files += [
            StyleSheet.file, SiteSources.lostPage, SiteSources.main(identity),
            SiteSources.site(identity, routes: routes),
            SiteSources.links(
                identity, sections: sections.map { SiteSources.section($0.heading, $0.folder) }),
            PageFiles.home(sections),
            TestFile.file(identity, cases), ReadmeFile.file(identity, outline, database: database),
        ]
        files += outline.pages.map(PageFiles.file)
        return files.sorted { $0.path < $1.path }
    }
}
