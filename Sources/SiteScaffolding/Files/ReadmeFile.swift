// The README of a written site: how to run it, what became of each table, which rights it needs.
//
// Names of tables and comments hold anything: they are on one line, and nothing in them is markup.
// Says what `db apply` will do before anybody runs it.

/// Writes README.md.
enum ReadmeFile {
    /// For a site of somebody's database.
    static func file(
        _ identity: SiteIdentity, _ outline: SiteOutline, database: String
    ) -> WrittenFile {
        var parts = [head(identity), commands, layout, tables(outline)]
        if !outline.readTables.isEmpty { parts.append(rights(outline, database: database)) }
        if !outline.missingIndexes.isEmpty { parts.append(indexes(outline)) }
        return WrittenFile("README.md", parts.joined(separator: "\n"))
    }

    /// What every site's README begins with.
    static func head(_ identity: SiteIdentity) -> String {
        """
        # \(identity.title.markdown)

        A site of [sitegen](https://github.com/sitegen/sitegen): each page is a row of a view in
        PostgreSQL. Written by `sitegen new`; from here on everything is yours to change.

        """
    }

    private static let commands = """
        ```sh
        export DATABASE_URL=postgresql://…
        sitegen db plan       # prints the SQL that installs the views; changes nothing
        sitegen db apply      # installs them: schema sitegen, triggers on the tables
        sitegen watch         # http://127.0.0.1:4000, up to date with rows and sources
        sitegen build         # a release in dist/
        sitegen serve         # and a server for it
        ```

        \(tool)

        `sitegen help` has all commands. `sitegen db drop --yes` takes everything back that
        `db apply` has made; the tables and their rows are never changed. How the site gets onto a
        server: docs/first-site.md of [sitegen](\(SiteIdentity.address)).

        """

    /// Where the tool is, if it is not installed.
    static let tool = """
        Where sitegen is not installed, `alias sitegen="swift run sitegen"` takes the one that this
        package depends on. The first build compiles it, too: some minutes.
        """

    private static let layout = """
        ## What is in it

        | folder | what is in it |
        |---|---|
        | `site/database/` | one view a file: names and addresses (`…_card`), pages, lists |
        | `site/Pages/` | one file a table: the page of a row and the list of all |
        | `site/components/` | the frame of a page, and what pages are put together from |
        | `site/Styles/` | what all pages share; components bring the rest |
        | `site/Links.swift` | the site's name, its sections, addresses |
        | `Tests/` | each kind of page from a made-up row: `swift test` |

        """

    private static func tables(_ outline: SiteOutline) -> String {
        var text = "## What became of each table\n\n"
        if outline.decisions.isEmpty {
            text += "There was no table in the schemas that were looked at.\n"
        } else {
            text += "| table | what became of it |\n|---|---|\n"
            for decision in outline.decisions {
                text += "| \(decision.table.code) | \(decision.outcome.markdown) |\n"
            }
        }
        if !outline.omissions.isEmpty {
            text += "\nLeft out of pages:\n\n"
            text += outline.omissions.map { "* \($0.markdown)\n" }.joined()
        }
        return text
    }

    private static func rights(_ outline: SiteOutline, database: String) -> String {
        let schemas = Set(outline.readTables.map(\.schema)).sorted().map(SQLName.quoted)
        let tables = outline.readTables.map(\.quoted.oneLine).joined(separator: ",\n    ")
        return """
            ## Rights

            Whoever runs `db apply` needs more than to read: it makes a schema `sitegen` and
            triggers on the tables that the views read. The owner of the tables may do all that.
            For a role of its own, here `site`, let the owner run once:

            ```sql
            GRANT CREATE ON DATABASE \(SQLName.quoted(database).oneLine) TO site;
            GRANT USAGE ON SCHEMA \(schemas.joined(separator: ", ").oneLine) TO site;
            GRANT SELECT, TRIGGER ON
                \(tables)
            TO site;
            ```

            A trigger that a later change of the site no longer needs stays and does nothing: only
            the owner of its table could drop it.

            """
    }

    private static func indexes(_ outline: SiteOutline) -> String {
        """
        ## Indexes that would help

        A change of one row is looked up in other tables by these columns, and no index leads
        there. `sitegen db doctor` says more once the views are installed.

        ```sql
        \(outline.missingIndexes.map(\.oneLine).joined(separator: "\n"))
        ```

        """
    }
}
