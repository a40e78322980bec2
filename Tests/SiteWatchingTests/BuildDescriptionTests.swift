// What a package's build says of a program, and the compiler's own command for one file.

import Testing

@testable import SiteWatching

@Suite("The description of a build")
struct BuildDescriptionTests {
    /// Two programs whose names begin alike, one of them with a target of its own name.
    private static let text = """
        client:
          name: basic
        commands:
          "C.Site-Admin-x86_64-unknown-linux-gnu-debug.exe":
            tool: shell
            inputs: ["/s/.build/Admin.build/A.swift.o"]
            args: ["/t/bin/swiftc","-module-name","Admin","-target","x86_64-unknown-linux-gnu"]

          "C.Site-x86_64-unknown-linux-gnu-debug.exe":
            tool: shell
            inputs: ["/s/.build/Shop.build/B.swift.o","/s/.build/Markup.build/C.swift.o"]
            outputs: ["/s/.build/Site"]
            args: ["/t/bin/swiftc","-L/usr/lib","-lpq","-o","/s/.build/Site","-module-name","Site",\
        "-emit-executable","-Xlinker","--defsym","-Xlinker","main=Shop_main","-Xlinker",\
        "-rpath=$ORIGIN","@/s/list","-target","x86_64-unknown-linux-gnu","-g"]

          "C.Shop-x86_64-unknown-linux-gnu-debug.module":
            tool: shell
            inputs: ["/s/site/B.swift","/s/components/A.swift","/s/.build/Markup.swiftmodule"]
            outputs: ["/s/.build/Shop.build/B.swift.o","/s/.build/Site.swiftmodule"]
            args: ["/t/bin/swiftc","-module-name","Shop","-emit-module-path","/s/m","-c",\
        "@/s/sources","-I","/s/Modules","-target","x86_64-unknown-linux-gnu","-Onone","-j2",\
        "-DDEBUG","-Xfrontend","-entry-point-function-name","-Xfrontend","Shop_main",\
        "-warnings-as-errors","-g","-Xcc","-fPIC","-Xcc","-g","-index-store-path","/s/index"]

        """

    private func description(_ text: String = text) throws -> BuildDescription {
        try BuildDescription(Array(text.utf8), product: "Site")
    }

    @Test("Sources, flags and objects are those of the program's own module and of all others")
    func reads() throws {
        let build = try description()
        #expect(build.compiler == "/t/bin/swiftc")
        #expect(build.module == "Shop")
        #expect(build.sources == ["/s/components/A.swift", "/s/site/B.swift"])
        #expect(build.objects == ["/s/.build/Markup.build/C.swift.o"])
        #expect(build.entry == "Shop_main")
    }

    @Test("What only a finished program needs is left out of the flags")
    func leavesOut() throws {
        let build = try description()
        #expect(
            build.compilerArguments == [
                "-I", "/s/Modules", "-target", "x86_64-unknown-linux-gnu", "-DDEBUG", "-Xfrontend",
                "-entry-point-function-name", "-Xfrontend", "Shop_main", "-Xcc", "-fPIC",
            ])
        #expect(
            build.linkerArguments == [
                "-L/usr/lib", "-lpq", "-Xlinker", "-rpath=$ORIGIN", "-target",
                "x86_64-unknown-linux-gnu",
            ])
    }

    @Test(
        "Whatever a debugger is told or not is left out",
        arguments: ["-gnone\",\"-Xcc\",\"-g0", "-gline-tables-only"])
    func leavesOutDebugging(_ words: String) throws {
        let text = Self.text.replacing("\"-g\",\"-Xcc\"", with: "\"\(words)\",\"-Xcc\"")
        #expect(try description(text) == description())
    }

    @Test(
        "A description without the program, its module or sources says so",
        arguments: [
            ("C.Site-x86_64", "C.Other-x86_64", "links Site"),
            ("debug.module\"", "debug.other\"", "compiles the module"),
            (".swift\"", ".c\"", "no sources"),
        ])
    func refuses(_ old: String, _ new: String, _ reason: String) throws {
        let text = Self.text.replacing(old, with: new)
        let fault = #expect(throws: BuildDescription.Fault.self) { try description(text) }
        #expect(fault?.reason.contains(reason) == true)
    }

    @Test("A source that comes or goes beside others is the module's; elsewhere nobody knows")
    func follows() throws {
        var build = try description()
        let added = build.follow(["/s/site/C.swift"]) { _ in true }
        #expect(added && build.sources.contains("/s/site/C.swift"))
        let removed = build.follow(["/s/site/C.swift"]) { _ in false }
        #expect(removed && !build.sources.contains("/s/site/C.swift"))
        let again = build.follow(["/s/site/C.swift"]) { _ in false }
        #expect(again)
        for path in ["/s/Package.swift", "/s/site/Deep/D.swift", "/s/components/B.swift"] {
            let before = build
            let isTaken = build.follow([path]) { _ in true }
            #expect(!isTaken && build == before, "\(path)")
        }
        var flat = try description(Self.text.replacing("/s/site/", with: "/s/"))
        for (name, isSource) in [
            ("Package.swift", false), ("Package@swift-6.0.swift", false),
            ("PackageView.swift", true),
        ] {
            let isTaken = flat.follow(["/s/\(name)"]) { _ in true }
            #expect(isTaken == isSource, "\(name)")
        }
    }

    @Test("The frontend's command is the driver's for another source")
    func frontend() throws {
        let jobs = #"""
            warning: something
            /t/bin/swift-frontend -frontend -c -primary-file "/s/a b/A.swift" \
            -emit-module-doc-path /tmp/x -target t -plugin-path '/t/it'\''s' -o /tmp/A.o
            """#.replacing("\\\n", with: "")
        let command = try #require(FrontendCommand(jobs: jobs, source: "/s/a b/A.swift"))
        #expect(
            command.words(
                source: "/s/B.swift", list: "/w/list", object: "/w/B.o", dependencies: "/w/B.d")
                == [
                    "/t/bin/swift-frontend", "-frontend", "-c", "-target", "t", "-plugin-path",
                    "/t/it's", "-filelist", "/w/list", "-primary-file", "/s/B.swift",
                    "-emit-reference-dependencies-path", "/w/B.d", "-o", "/w/B.o",
                ])
        #expect(FrontendCommand(jobs: "swift-frontend -version", source: "/s/A.swift") == nil)
    }
}
