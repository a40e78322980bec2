// A proof shows what a build would store, one address at a time, less what it says it leaves out.

import Glibc
import MaterializedViews
import Postgres
import ReleaseFormat
import SiteAuthoring
import TestSupport
import Testing

@testable import SiteBuilding

@Suite("Proofs") struct SiteProofTests {
    private func proofs(
        _ library: Library, _ site: Site = library, namesComponents: Bool = false
    ) throws -> SiteProofs {
        let proofs = try SiteProofs(
            site, root: library.folder.path, databaseURL: library.database,
            namesComponents: namesComponents)
        try proofs.connect()
        return proofs
    }

    /// The answer at a path, once its address is known.
    private func answer(
        _ proofs: SiteProofs, _ path: String, cookies: [String: String] = [:]
    ) throws -> ProofAnswer {
        while true {
            switch try proofs.proof(path, cookies: cookies) {
            case .answer(let answer): return answer
            case .problem(let problem): throw BuildError.pages([problem], count: 1)
            case .unknown: try proofs.findSome()
            }
        }
    }

    /// A page less its styles and scripts, and what pads its slots.
    private func bare(_ text: String) -> String {
        text.replacing(/<link rel="stylesheet" href="\/(-\/style|assets)\/[^"]*">/, with: "")
            .replacing(/<style>.*?<\/style>/.dotMatchesNewlines(), with: "")
            .replacing(
                /<script( src="[^"]*")?( defer)?>.*?<\/script>/.dotMatchesNewlines(), with: ""
            )
            .replacing(/<!-- *-->/, with: "")
    }

    @Test func `every address of a build has the same in a proof`() async throws {
        let library = try Library()
        // A build stores fallbacks.
        try library.sql("DELETE FROM public.popular; DELETE FROM public.basket")
        try await library.build()
        let proofs = try self.proofs(library)
        for path in try library.paths where !path.hasPrefix("/assets/site-") {
            let entry = try library.entry(path)
            let shown = try answer(proofs, path)
            switch entry.kind {
            case .redirect(let target, let status):
                #expect(shown.status == status)
                #expect(shown.fields.contains { $0.name == "location" && $0.value == target })
            case .notFound, .gone: #expect(shown.status != 200)
            case .page:
                #expect(
                    bare(String(decoding: shown.body, as: UTF8.self))
                        == bare(try library.text(path)), "\(path)")
                #expect(shown.isPage)
            case .file, .asset:
                #expect(String(decoding: shown.body, as: UTF8.self) == (try library.text(path)))
            }
        }
        #expect(proofs.knowsAllAddresses)
    }

    @Test func `views that were made from something else are told of, and shown as they are`()
        throws
    {
        let library = try Library()
        let view = try #require(libraryViews["popular"])
        try library.folder.write(
            view.replacing("-- refresh: live\n", with: ""), to: "site/database/popular.sql")
        try library.applyViews()
        let proofs = try self.proofs(library)
        #expect(try !proofs.hasOutdatedViews())
        let writer = try Connection(to: library.database)
        try writer.run(
            "ALTER TABLE public.popular DISABLE TRIGGER ALL; SELECT pg_stat_force_next_flush()")
        try writer.run("SELECT 1")
        #expect(try proofs.hasOutdatedViews())
        #expect(try !proofs.hasOutdatedViews(), "it is told once")
        // Rows are shown by another proof, too, as long as their columns are the compiled ones.
        #expect(try answer(self.proofs(library), "/books/emma/").status == 200)
    }

    @Test func `an edited view is shown before it is installed, if it can be`() throws {
        let library = try Library()
        let proofs = try self.proofs(library)
        func shown() throws -> String {
            String(decoding: try answer(proofs, "/books/emma/").body, as: UTF8.self)
        }
        func edit(_ title: String) throws {
            let view = try #require(libraryViews["book"])
            try library.folder.write(
                view.replacing("b.title,", with: "\(title) AS title,"),
                to: "site/database/book.sql")
            try proofs.showEditedViews(["book"])
        }
        let installed = try shown()
        try edit("upper(b.title)")
        #expect(try shown().contains("EMMA") && !installed.contains("EMMA"))
        try proofs.showEditedViews([])
        #expect(try shown() == installed)
        // What is refused, what fails for this row, and what takes too long.
        #expect {
            try edit("b.nothing")
        } throws: { error in
            guard case .sql(let file, let line, let message, _) = error as? ViewError else {
                return false
            }
            return file.hasSuffix("book.sql") && line != nil && message.contains("b.nothing")
        }
        #expect(try shown() == installed)
        try edit("(b.title::int)::text")
        #expect(try shown() == installed)
        let seconds = BuildLimits.editedViewMilliseconds / 1_000 + 60
        try edit("(SELECT b.title FROM pg_sleep(\(seconds)))")
        #expect(try shown() == installed)
    }

    @Test func `styles and scripts are apart, as they were written`() throws {
        let library = try Library()
        try library.folder.write("body { margin: 0 }", to: "site/Styles/base.css")
        let proofs = try self.proofs(library)
        let page = try answer(proofs, "/books/emma/")
        #expect(page.sheets.first == "site/Styles/base")
        #expect(proofs.sheet("site/Styles/base") == "body { margin: 0 }")
        let card = try #require(page.sheets.first { $0.hasSuffix("Card") })
        #expect(proofs.sheet(card)?.contains("color: #ff0000;") == true)
        #expect(proofs.script(card)?.hasPrefix("(() => {") == true)
        #expect(proofs.sheet("nothing") == nil)
        let policy = page.fields.first { $0.name == "content-security-policy" }?.value ?? ""
        #expect(policy.contains("style-src 'self'") && policy.contains("script-src 'self'"))
        #expect(!policy.contains("upgrade-insecure-requests"))
    }

    @Test func `slots hold the fragments of rows, and each visitor sees the own`() throws {
        let library = try Library()
        let proofs = try self.proofs(library)
        let front = String(decoding: try answer(proofs, "/").body, as: UTF8.self)
        #expect(front.contains("Emma"))
        let stranger = String(decoding: try answer(proofs, "/basket/").body, as: UTF8.self)
        #expect(stranger.contains("empty"))
        let known = try answer(proofs, "/basket/", cookies: ["basket": "visitor-1"])
        #expect(String(decoding: known.body, as: UTF8.self).contains("3 books"))
        // What has outgrown its slot is not shown in production either.
        try library.sql("UPDATE public.popular SET label = repeat('x', 600) WHERE genre = 'new'")
        #expect(
            String(decoding: try answer(proofs, "/").body, as: UTF8.self).contains("Nothing yet"))
    }

    @Test func `a row's change is taken in`() throws {
        let library = try Library()
        let proofs = try self.proofs(library)
        _ = try answer(proofs, "/books/emma/")
        try library.sql("UPDATE public.book SET title = 'Emma II' WHERE slug = 'emma'")
        _ = try proofs.takeChanges()
        let page = String(decoding: try answer(proofs, "/books/emma/").body, as: UTF8.self)
        #expect(page.contains("Emma II"))
        try library.sql("DELETE FROM public.book WHERE slug = 'emma'")
        #expect(proofs.hasUnloggedViews)
        proofs.forgetUnlogged()
        #expect(try answer(proofs, "/books/emma/").status == 404)
        try library.sql(
            "INSERT INTO public.book SELECT 'new', title, blurb, link, cover, author, changed "
                + "FROM public.book LIMIT 1")
        proofs.forgetUnlogged()
        #expect(try answer(proofs, "/books/new/").status == 200)
        #expect(try answer(proofs, "/books/new").status == 308)
    }

    @Test func `a row that cannot be made is a problem of its page alone`() throws {
        let library = try Library()
        let proofs = try self.proofs(library)
        try library.sql("UPDATE public.book SET cover = 'none.svg' WHERE slug = 'emma'")
        while !proofs.knowsAllAddresses { try proofs.findSome() }
        guard case .problem(let problem) = try proofs.proof("/books/emma/", cookies: [:]) else {
            Issue.record("a page with a fault is no answer")
            return
        }
        #expect(problem.route == "BookPage" && problem.place.contains("emma"))
        #expect(try answer(proofs, "/books/ulysses/").status == 200)
    }

    @Test func `a database that was away is asked again`() throws {
        let library = try Library()
        let proofs = try self.proofs(library)
        _ = try answer(proofs, "/")
        proofs.disconnect()
        #expect(try answer(proofs, "/books/emma/").status == 200)
    }

    @Test func `compiled rows that do not fit the database are refused`() throws {
        let library = try Library()
        try library.sql("DROP VIEW sitegen.shelf")
        #expect(throws: ViewError.self) { try self.proofs(library) }
    }

    @Test func `a site compiled from an edited view shows it before it is installed`() throws {
        let library = try Library()
        let view = try #require(libraryViews["book"])
        // As if the file had been another when it was installed.
        try library.folder.write(
            view.replacing("b.title,", with: "b.title, 1 AS more,"), to: "site/database/book.sql")
        try library.applyViews()
        #expect(throws: ViewError.self, "the file is not what was compiled") {
            try self.proofs(library)
        }
        try library.folder.write(view, to: "site/database/book.sql")
        let proofs = try self.proofs(library)
        #expect(proofs.uninstalled == ["book"])
        proofs.expect("/books/emma/", of: "BookPage", key: "emma")
        #expect(try answer(proofs, "/books/emma/").status == 200)
        // Its addresses are read from the database alone, others' meanwhile.
        while proofs.canFindAddresses { try proofs.findSome() }
        #expect(!proofs.knowsAllAddresses)
        guard case .unknown = try proofs.proof("/books/nothing/", cookies: [:]) else {
            Issue.record("it may be the address of a row that was not read")
            return
        }
        try library.sql("UPDATE public.book SET title = 'Emma!' WHERE slug = 'emma'")
        _ = try proofs.takeChanges()
        let types = try #require(try proofs.rowTypes(editing: ["book"]))
        #expect(types.contains(BookRow.schema.digest))
        try library.applyViews()
        try proofs.showEditedViews([])
        #expect(proofs.uninstalled.isEmpty)
        #expect(try answer(proofs, "/books/ulysses/").status == 200)
        let page = String(decoding: try answer(proofs, "/books/emma/").body, as: UTF8.self)
        #expect(page.contains("Emma!"))
        while proofs.canFindAddresses { try proofs.findSome() }
        #expect(proofs.knowsAllAddresses)
    }

    @Test(
        arguments: [
            ("emma", "/books/emma/", "/books/ulysses/", "ulysses"),
            ("1", "/p/1.html", "/p/.html", nil),
            ("a", "/a/a/", "/b/b/", nil), ("", "/", "/x", nil), ("k", "/x/k", "/y/z", nil),
        ] as [(String, String, String, String?)])
    func `a key is guessed from an address as one row has it`(
        key: String, path: String, asked: String, guessed: String?
    ) {
        #expect(KeyGuess(key: key, path: path)?.key(of: asked) == guessed)
    }

    @Test func `a file that cannot be read is a problem of its address, and nothing else`() throws {
        let library = try Library()
        let proofs = try self.proofs(library)
        let name = "public/cover.svg"
        let file = "\(library.folder.path)/\(name)"
        for isRemoved in [true, false] {
            if isRemoved { unlink(file) } else { try library.folder.write("<svg/>", to: name) }
            guard case .problem(let problem) = try proofs.proof("/cover.svg", cookies: [:]) else {
                Issue.record("what cannot be read is no answer")
                return
            }
            #expect(problem.place == "/cover.svg" && problem.reason.contains("public/cover.svg"))
            #expect(try answer(proofs, "/books/emma/").status == 200)
        }
        try proofs.reload(hasFiles: true)
        #expect(try answer(proofs, "/cover.svg").body == Array("<svg/>".utf8))
    }

    @Test func `an author may be told which component wrote an element, and nothing else`() throws {
        let library = try Library()
        let plain = try self.proofs(library)
        let named = try self.proofs(library, namesComponents: true)
        for path in ["/", "/books/emma/", "/basket/"] {
            let text = String(decoding: try answer(named, path).body, as: UTF8.self)
            #expect(text.contains(" data-sitegen-at=\""))
            #expect(
                text.replacing(/\ data-sitegen-at="[^"]*"/, with: "")
                    == String(decoding: try answer(plain, path).body, as: UTF8.self))
        }
    }
}
