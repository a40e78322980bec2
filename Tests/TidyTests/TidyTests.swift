// Holds the repository's own files to its rules; each finding is reported at its place.
//
// The rules are functions from one file to findings, so that ScannerTests and RuleTests can show
// on small bad snippets that each of them can fail. Nothing is built and nothing is run here.
import Testing

@Suite("The repository's sources") struct TidyTests {
    private var handwritten: [SourceFile] { Repository.sources.filter { !$0.isGenerated } }

    @Test func `the files are found`() {
        #expect(Repository.sources.contains { $0.path == "Package.swift" })
        #expect(Repository.product.count > 10, "Repository.root is \(Repository.root)")
    }

    @Test func `no file is longer than 400 lines`() {
        report(Repository.sources.flatMap(SizeRules.fileLength))
        let scripts = Repository.paths.filter { $0.hasSuffix(".py") || $0 == "Tests/check" }
        for path in scripts {
            let lines = Repository.text(of: path).split(
                separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count <= Limit.fileLines + 1, "\(path): split the script")
        }
    }

    @Test func `no function is longer than 70 lines`() {
        report(Repository.sources.flatMap(SizeRules.functionLength))
    }

    @Test func `no line is longer than 100 characters`() {
        report(handwritten.flatMap { SizeRules.lineLength(path: $0.path, lines: $0.lines) })
        report(
            scripts.flatMap { script in
                SizeRules.lineLength(path: script.path, lines: script.lines)
            })
    }

    @Test func `each file begins with what is in it`() {
        report(Repository.sources.flatMap(SizeRules.headComment))
    }

    @Test func `what other modules see is documented`() {
        report(Repository.product.flatMap(SafetyRules.documentation))
    }

    @Test func `no pointer leaves its module`() {
        report(Repository.product.flatMap(SafetyRules.pointers))
    }

    @Test func `nothing traps without a message`() {
        let code = handwritten.filter { $0.isProduct || $0.section == "Benchmarks" }
        report(code.flatMap(SafetyRules.forcing))
        report(code.flatMap(SafetyRules.fatalErrors))
    }

    @Test func `shared mutable state has its proof beside it`() {
        report(handwritten.flatMap(SafetyRules.uncheckedSendable))
    }

    @Test func `nothing is promised in a comment`() {
        report(handwritten.flatMap { SafetyRules.bannedWords(path: $0.path, lines: $0.lines) })
        report(
            scripts.flatMap { script in
                SafetyRules.bannedWords(path: script.path, lines: script.lines)
            })
    }

    @Test func `names say what a thing is`() {
        report(Repository.sources.flatMap(NameRules.typeNames))
        report(Repository.sources.flatMap { NameRules.fileName($0.path) })
    }

    @Test func `a type is in the file of its name`() {
        report(
            NameRules.fileOfType(
                Repository.product.filter { $0.section == "Sources" && !$0.isGenerated }))
    }

    @Test func `nothing is declared that only tests use`() {
        let used = Repository.sources.filter { $0.section != "Tests" }
        report(DeadRules.unused(used))
    }

    @Test func `every option of a command is read`() {
        report(OptionRules.unread(Repository.product))
    }

    @Test func `nothing is shared that no other module uses`() {
        let own = Repository.sources.filter { file in
            !(file.section == "Tests" && file.module.hasSuffix("Tests")
                && file.module != "EndToEndTests")
        }
        report(SeamRules.unshared(own))
    }

    @Test func `only ReleaseFormat knows a file name inside a release`() {
        report(Repository.product.flatMap(NameRules.releasePaths))
    }

    @Test func `the component language has no member or label spelled class`() {
        report(Repository.product.flatMap(NameRules.classLabels))
    }

    @Test func `links lead somewhere`() {
        let pages = Repository.paths.filter { $0.hasSuffix(".md") }
        report(pages.flatMap { LinkRules.links(in: $0, text: Repository.text(of: $0)) })
    }

    @Test func `figures stand where they were measured`() {
        let sources = Repository.paths.filter {
            $0.hasPrefix("Benchmarks/") && $0.hasSuffix("README.md")
        }.map(Repository.text)
        let pages = Repository.paths.filter {
            $0.hasPrefix("docs/decisions/") && !$0.hasSuffix("README.md")
        }
        report(
            (pages + ["README.md"]).flatMap { page in
                FigureRules.figures(in: page, text: Repository.text(of: page), sources: sources)
            })
    }

    @Test func `every exemption is needed`() {
        let declared = Set(Repository.product.flatMap { $0.tokens.map(\.text) })
        for name in Exempt.unused.keys {
            #expect(declared.contains(name), "Rules.swift exempts \(name), which is not there")
        }
        for path in Exempt.headComment.keys {
            #expect(Repository.exists(path), "Rules.swift exempts \(path), which is not there")
        }
        for path in Exempt.fatalError.keys {
            #expect(Repository.exists(path), "Rules.swift exempts \(path), which is not there")
        }
    }

    /// Python, shell and SQL files, and the Makefile, as lines.
    private var scripts: [(path: String, lines: [String])] {
        let names = ["Makefile", "Tests/check", "Tests/install"]
        let paths = Repository.paths.filter { path in
            names.contains(path) || [".py", ".sql", ".h", ".sh"].contains(where: path.hasSuffix)
        }
        return paths.map { path in
            let text = Repository.text(of: path)
            return (
                path, text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            )
        }
    }
}

@Suite("The module graph") struct BoundaryTests {
    @Test func `each module imports what the table allows`() {
        report(Repository.sources.filter { !$0.isGenerated }.flatMap(BoundaryRules.imports))
    }

    @Test func `only one file re-exports`() {
        report(Repository.sources.flatMap(BoundaryRules.exports))
    }

    @Test func `only the command line reads arguments and environment, prints or exits`() {
        report(Repository.product.flatMap(BoundaryRules.process))
    }

    @Test func `Package_swift declares what the table says`() throws {
        let manifest = try #require(Repository.sources.first { $0.path == "Package.swift" })
        let declared = BoundaryRules.declaredDependencies(in: manifest)
        for (module, allowed) in ImportDirections.modules {
            let extra = (declared[module] ?? []).subtracting(allowed).sorted()
            let absent = allowed.subtracting(declared[module] ?? []).sorted()
            #expect(
                extra.isEmpty && absent.isEmpty,
                """
                \(module): only in Package.swift \(extra), only in the table \(absent). \
                Make Package.swift and ImportDirections.swift agree.
                """)
        }
    }

    @Test func `the README of Sources shows each module with its imports`() {
        let stated = BoundaryRules.statedDependencies(
            inTable: Repository.text(of: "Sources/README.md"))
        for (module, allowed) in ImportDirections.modules {
            #expect(
                stated[module] == allowed,
                """
                \(module) imports \(allowed.sorted()). \
                Say so in the table of modules in Sources/README.md.
                """)
        }
    }

    @Test func `serving reaches no author, no database and no minifier`() {
        let reached = ImportDirections.reachable(from: "SiteServing")
        #expect(reached.isDisjoint(with: ImportDirections.neverServed))
        #expect(ImportDirections.reachable(from: "SiteBuilding").contains("CLibPQ"))
    }

    @Test func `a site's program reaches no server, and so no network library`() {
        let reached = ImportDirections.reachable(from: "Site")
        #expect(reached.isDisjoint(with: ImportDirections.neverInSites))
        #expect(ImportDirections.reachable(from: "sitegen").contains("SiteServing"))
    }

    @Test func `the modules form no ring`() {
        #expect(ImportDirections.inRings() == [])
    }

    @Test func `each C library has one importer`() {
        for (library, owner) in ImportDirections.owners {
            let importers = Set(
                Repository.sources.filter { file in
                    file.imports.contains { $0.module == library }
                }.map(\.module))
            #expect(importers.subtracting([owner]).isEmpty, "\(library): only \(owner) imports it")
        }
    }

    @Test func `every folder of Sources is in the table`() {
        let folders = Set(
            Repository.sources.filter { $0.section == "Sources" }.map(\.module))
        #expect(folders.subtracting(ImportDirections.modules.keys).isEmpty)
    }
}
