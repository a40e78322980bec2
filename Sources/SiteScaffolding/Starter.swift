// The site that is written without a database: a table of its own with sample data, a view, a page,
// a list, and a fragment with its slot.
//
// It goes through the same inference as the tables of a database, so that both kinds of site look
// alike. What PostgreSQL would say about the columns of its views is known beforehand; a test
// compares it with a server's answer.

import MaterializedViews

extension SiteScaffold {
    /// A small site with a table of its own.
    ///
    /// - Throws: nothing that is not a mistake of this program.
    package static func starter(
        _ identity: SiteIdentity
    ) throws(ScaffoldingError) -> SiteScaffold {
        let outline = SiteInference.outline(of: Starter.catalogue)
        let sections = HomeSection.of(outline.pages)
        let views = try Starter.views(outline, sections)
        var files = PackageFiles.all(identity) + ComponentFiles.all + views.files
        files += [
            StyleSheet.file, SiteSources.lostPage, SiteSources.main(identity),
            SiteSources.site(
                identity,
                routes: [
                    SiteSources.route("HomePage"), SiteSources.route("NoteListPage"),
                    SiteSources.route("NotePage"), SiteSources.route("LostPage", kind: "notFound"),
                ], fragments: [SiteSources.route("NewestNotes", kind: "shared")],
                sample: "sampleNotes"),
            SiteSources.links(
                identity, sections: sections.map { SiteSources.section($0.heading, $0.folder) }),
            PageFiles.home(sections, behind: "NewestNotesPlace()"), Starter.schema, Starter.sample,
            Starter.fragment, Starter.readme(identity),
            TestFile.file(
                identity,
                [
                    TestFile.Case(page: "LostPage", row: nil),
                    TestFile.Case(page: "HomePage", row: views.sample("home")),
                    TestFile.Case(page: "NoteListPage", row: views.sample("note_list")),
                    TestFile.Case(page: "NotePage", row: views.sample("note_page")),
                    TestFile.Case(
                        page: "NewestNotes", row: views.sample("newest_notes"), isFragment: true),
                ]),
        ]
        files += outline.pages.map(PageFiles.file)
        return SiteScaffold(files: files.sorted { $0.path < $1.path }, outline: outline)
    }
}

/// The parts of the small site.
enum Starter {
    static let catalogue: CatalogueReader.Catalogue = {
        var catalogue = CatalogueReader.Catalogue()
        catalogue.tables = [
            DatabaseTable(
                oid: 1, schema: "notes", name: "note",
                columns: [
                    DatabaseColumn(
                        number: 1, name: "id", type: "integer", base: .builtIn("int4")),
                    DatabaseColumn(number: 2, name: "title"),
                    DatabaseColumn(number: 3, name: "text"),
                    DatabaseColumn(
                        number: 4, name: "written", type: "date", base: .builtIn("date")),
                    DatabaseColumn(
                        number: 5, name: "place", isNotNull: false),
                ], primaryKey: [1], uniqueKeys: [[1]], indexedColumns: [1])
        ]
        return catalogue
    }()

    static func views(
        _ outline: SiteOutline, _ sections: [HomeSection]
    ) throws(ScaffoldingError) -> DescribedViews {
        let text = ViewColumn.BaseType.builtIn("text")
        let links = ViewColumn.BaseType.builtIn("json")
        let whole = ViewColumn.BaseType.builtIn("int4")
        let columns: [String: [(String, ViewColumn.BaseType)]] = [
            "note_card": [("id", whole), ("slug", text), ("name", text)],
            "note_page": [
                ("id", whole), ("slug", text), ("name", text), ("text", text), ("written", text),
                ("place", text),
            ],
            "note_list": [("page", whole), ("pages", whole), ("total", whole), ("entries", links)],
            "home": [
                ("edition", whole), ("note_count", .builtIn("int8")), ("note_first", links),
            ],
            "newest_notes": [("edition", whole), ("entries", links)],
        ]
        let types = ["int4": "integer", "int8": "bigint", "text": "text", "json": "json"]
        return try DescribedViews(
            outline, sections, and: [newestNotes],
            columns: columns.mapValues { columns in
                columns.map { name, base in
                    let type =
                        if case .builtIn(let type) = base { types[type] } else { nil as String? }
                    return ViewColumn(name: name, type: type ?? "text", base: base)
                }
            })
    }

    private static let newestNotes: ViewText = {
        var view = ViewText(
            name: "newest_notes",
            prose: ["The newest notes, for a place that is filled when a page is served."],
            key: "edition")
        view.json = ["entries [NamedLink]"]
        view.columns = [
            "1 AS edition",
            """
            (SELECT coalesce(json_agg(json_build_object('slug', l.slug, 'name', l.name)
                        ORDER BY l.written DESC, l.id), '[]')
                 FROM (SELECT c.id, c.slug, c.name, t.written
                       FROM notes.note t
                       JOIN sitegen.note_card c ON c.id = t.id
                       ORDER BY t.written DESC, c.id
                       LIMIT 5) l) AS entries
            """,
        ]
        return view
    }()

    static let schema = WrittenFile(
        "site/database/schema/notes.sql",
        """
        -- The site's own table; `db seed` and `watch` make it where it is missing.
        CREATE SCHEMA notes;

        CREATE TABLE notes.note (
            id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            title text NOT NULL,
            text text NOT NULL,
            written date NOT NULL,
            place text
        );
        """)

    static let sample = WrittenFile(
        "site/SampleNotes.swift",
        #"""
        // Sample rows, so that there is something to see; `db seed` and `watch` load them.

        import SiteAuthoring

        /// Notes of a walk.
        let sampleNotes = SampleData(
            schemaFile: "site/database/schema/notes.sql", schemaName: "notes",
            defaultSize: notes.count
        ) { size, _, sink in
            try sink.table("notes.note", columns: ["title", "text", "written", "place"])
            for (number, note) in notes.prefix(size).enumerated() {
                try sink.row([
                    .text(note.title), .text(note.text), .text("2026-05-\(number + 10)"),
                    note.place.map { .text($0) } ?? .null,
                ])
            }
        }

        private let notes: [(title: String, text: String, place: String?)] = [
            (
                "A row is a page",
                "This page is one row of notes.note.\nChange the row, and the page changes.",
                "PostgreSQL"
            ),
            (
                "A view decides what a page needs",
                "site/database/note_page.sql is the view; `row` has its columns.",
                "site/database"
            ),
            (
                "A component is a Swift type",
                "What repeats is a component; its styles stand beside its markup.",
                "site/components"
            ),
            (
                "A slot is filled when the page is served",
                "The newest notes on the front page come from Redis, and the page stays a file.",
                nil
            ),
        ]
        """#)

    static let fragment = WrittenFile(
        "site/Fragments/NewestNotes.swift",
        #"""
        // The newest notes: a fragment in Redis that is put into pages as they are sent.

        import SiteAuthoring

        /// The newest notes, the same for everybody.
        struct NewestNotes: SharedFragment {
            static let name = "newest-notes"
            /// The most bytes that five notes take.
            static let capacity = 2048
            static var uses: [any Component.Type] { [LinkList.self] }

            let row: NewestNotesRow

            var view: HTML { LinkList(links: row.entries, folder: NotePage.folder) }
        }

        /// The place of the newest notes, with its heading.
        struct NewestNotesPlace: Component {
            static let styles: CSS? = """
                .newest { margin-top: clamp(2.25rem, 5vw, 3.5rem); }
                .newest h2 { margin-bottom: 0.9rem; }
                """

            var view: HTML {
                section(.cls("newest")) {
                    h2 { "Newest" }
                    Slot(NewestNotes.self, placement: .inline(capacity: NewestNotes.capacity)) {
                        p(.cls("soft")) { "Nothing new just now." }
                    }
                }
            }
        }
        """#)

    static func readme(_ identity: SiteIdentity) -> WrittenFile {
        WrittenFile(
            "README.md",
            """
            \(ReadmeFile.head(identity))
            ```sh
            sitegen watch       # http://127.0.0.1:4000; starts servers of its own
            sitegen db status   # what is installed
            sitegen build       # a release in dist/
            sitegen serve       # and a server for it
            swift test          # each kind of page, from a made-up row
            ```

            \(ReadmeFile.tool)

            Without DATABASE_URL and REDIS_URL, commands start private servers below `.sitegen/`;
            the first `watch` makes the table and loads four notes. `sitegen db seed` and
            `sitegen db apply` do the same for a build.

            | file | what it is |
            |---|---|
            | `site/database/schema/notes.sql` | the table; `site/SampleNotes.swift` has its rows |
            | `site/database/*.sql` | one view a file |
            | `site/Pages/NotePage.swift` | the page of a note, and the list of all |
            | `site/Fragments/NewestNotes.swift` | a fragment, and its slot on the front page |
            | `site/components/`, `site/Styles/` | how it looks |

            Change a row while `watch` runs and see the page change:

            ```sh
            psql -h "$(cat .sitegen/postgres/running)" -U postgres sitegen \\
                -c "UPDATE notes.note SET title = 'Hello' WHERE id = 1"
            ```
            """)
    }
}
