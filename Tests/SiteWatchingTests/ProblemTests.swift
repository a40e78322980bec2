// Problems: read out of what tools print, kept until they are solved, opened in an editor.

import Testing

@testable import SiteWatching

@Suite("Problems") struct ProblemTests {
    @Test func `the compiler's messages have places, and notes belong to them`() {
        let output = """
            Building for debugging...
            /home/a/shop/site/Home.swift:3:9: error: cannot find 'nme' in scope
             3 |         nme
               |         `- error: cannot find 'nme' in scope
            /home/a/shop/site/Home.swift:1:5: note: did you mean 'name'?
            /home/a/shop/components/Card.swift:7:1: warning: variable 'x' was never used
            /home/a/shop/site/Home.swift:3:9: error: cannot find 'nme' in scope
            error: fatalError
            """
        let found = Diagnostics.problems(in: output, root: "/home/a/shop")
        #expect(found.map(\.place) == ["site/Home.swift:3:9", "components/Card.swift:7:1"])
        #expect(
            found.map(\.title) == [
                "cannot find 'nme' in scope", "variable 'x' was never used",
            ])
        #expect(found.map(\.severity) == [.error, .warning])
        #expect(found.first?.notes == ["line 1: did you mean 'name'?"])
    }

    @Test(
        arguments: [
            ("site/database/home.sql:7: error: no\nDrop it.", "site/database/home.sql:7", "no"),
            ("No database.\nStart it.", nil, "No database."),
            ("", nil, "It failed and said nothing."),
            ("12:30: a time", nil, "12:30: a time"), ("a b.sql:1: x", nil, "a b.sql:1: x"),
        ] as [(String, String?, String)])
    func `one text is one problem`(text: String, place: String?, title: String) {
        let problem = Diagnostics.problem(of: text, root: "/r")
        #expect(problem.place == place)
        #expect(problem.title == title)
    }

    @Test func `esbuild's messages have places, counted from 1`() {
        let output = """
            ▲ [WARNING] Unexpected "}" [css-syntax-error]

                site/Styles/site.css:2:0:
                  2 │ }}}
                    ╵ ^

            ✘ [ERROR] Expected "]" to go with "["

                Badge.css:9:4:
            """
        let found = Diagnostics.esbuildProblems(in: output)
        #expect(found.map(\.title) == ["Unexpected \"}\"", "Expected \"]\" to go with \"[\""])
        #expect(found.map(\.place) == ["site/Styles/site.css:2:1", "Badge.css:9:5"])
    }

    @Test(arguments: [(1, [1, 2, 3]), (3, [1, 2, 3, 4, 5]), (6, [4, 5, 6]), (7, [])])
    func `the lines around a place are shown`(line: Int, numbers: [Int]) {
        var problem = Problem("x")
        problem.line = line
        let shown = problem.showing("a\nb\nc\nd\ne\nf")
        #expect(shown.excerpt.map(\.number) == numbers)
    }

    @Test(arguments: ["a\nb\nc", "a\r\nb\r\nc", "a\rb\rc"])
    func `lines end as they do in the file`(source: String) {
        var problem = Problem("x")
        problem.line = 2
        #expect(problem.showing(source).excerpt.map(\.text) == ["a", "b", "c"])
    }

    @Test(arguments: [
        ("let ü = nme", 10, 9), ("let u = nme", 9, 9), ("\tnme", 2, 2), ("\"👩‍👩‍👧\" + nme", 24, 7),
        ("short", 40, 6),
    ])
    func `a column in bytes is shown as one in characters`(line: String, column: Int, shown: Int) {
        var problem = Problem("x")
        (problem.line, problem.column) = (1, column)
        #expect(problem.showing(line).column == shown)
    }

    @Test(arguments: ["/home/a/my shop", "/srv/a:1/shop"])
    func `places are found in a folder of any name`(root: String) {
        let output = """
            \(root)/site/Home.swift:3:9: error: cannot find 'nme' in scope
            \(root)/components/My Card.swift:7:1: warning: variable 'x' was never used
            """
        let found = Diagnostics.problems(in: output, root: root)
        #expect(found.map(\.place) == ["site/Home.swift:3:9", "components/My Card.swift:7:1"])
        #expect(found.map(\.severity) == [.error, .warning])
        #expect(
            Diagnostics.problem(of: "\(root)/site/a.sql:2: error: x", root: root).place
                == "site/a.sql:2")
    }

    @Test func `a problem stays until its own source has none`() {
        var problems = ProblemSet()
        let isNews = problems.set([Problem("one")], of: .step(.compile))
        let isNewsAgain = problems.set([Problem("one")], of: .step(.compile))
        #expect(isNews && !isNewsAgain)
        var warning = Problem("two")
        warning.severity = .warning
        problems.set([warning], of: .step(.applyViews))
        problems.set([Problem("three")], of: .page("/x/"))
        problems.set([], of: .step(.reloadFiles))
        #expect(problems.all.map(\.title) == ["one", "three", "two"], "errors come first")
        #expect(problems.pages == ["/x/"])
        problems.set([], of: .step(.compile))
        #expect(problems.all.map(\.title) == ["three", "two"])
    }

    @Test func `a source keeps so many problems`() {
        var problems = ProblemSet()
        problems.set((0..<200).map { Problem("\($0)") }, of: .styles)
        #expect(problems.all.count == ProblemSet.eachMax)
    }

    @Test(arguments: [
        ("code", ["code", "--goto", "/a b/-x.swift:3:7"]),
        ("/usr/bin/code -n", ["/usr/bin/code", "-n", "--goto", "/a b/-x.swift:3:7"]),
        ("nvim", ["nvim", "+3", "/a b/-x.swift"]),
        ("idea", ["idea", "--line", "3", "/a b/-x.swift"]),
        ("emacsclient -n", ["emacsclient", "-n", "+3:7", "/a b/-x.swift"]),
        ("zed", ["zed", "/a b/-x.swift:3:7"]), ("other", ["other", "/a b/-x.swift"]),
        ("e {file} --at={line}:{column} {x", ["e", "/a b/-x.swift", "--at=3:7", "{x"]),
        ("e {nothing} {line}", ["e", "{nothing}", "3"]),
    ])
    func `editors are told the place their own way`(setting: String, words: [String]) {
        let command = EditorCommand(
            setting: setting, file: "/a b/-x.swift", line: 3, column: 7)
        #expect(command?.words == words)
    }

    @Test(
        arguments: [
            (["bash", "code"], ["code"], "code"), (["code"], [], nil), (["bash"], ["code"], nil),
            (["emacs", "zed-editor"], ["emacsclient", "zed"], "zed"),
            (["emacs"], ["emacsclient"], "emacsclient -n"),
            (["vim", "nano"], ["vim", "nano"], nil),
        ] as [(Set<String>, Set<String>, String?)])
    func `an editor that runs and can be told is the author's`(
        processes: Set<String>, programs: Set<String>, setting: String?
    ) {
        #expect(EditorCommand.setting(forRunning: processes) { programs.contains($0) } == setting)
    }

    @Test func `a file's name is not looked through for marks`() {
        let command = EditorCommand(setting: "e {file}", file: "/{line}/a", line: 3, column: 7)
        #expect(command?.words == ["e", "/{line}/a"])
        #expect(EditorCommand(setting: " ", file: "/a", line: 1, column: 1) == nil)
    }
}
