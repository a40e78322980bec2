// What esbuild makes of a component's styles and scripts, run for real.

import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import Minification

@Suite("Minifier") struct MinifierTests {
    /// esbuild is never late here, but its messenger is: tests hold the threads that tasks run on.
    private static let secondsMax = 600.0
    private let minifier = Minifier(secondsMax: secondsMax)

    @Test func `styles and scripts come back minified and in their order`() async throws {
        let (texts, warnings) = try await minifier.minify([
            MinificationSource(.css, name: "Card", text: ".a { color : #ff0000 ; margin: 0px }"),
            MinificationSource(.js, name: "Menu", text: "document.title = 'a' + 'b'"),
            MinificationSource(.css, name: "Card", text: "p { top: 1px }"),
        ])
        #expect(texts[0] == ".a{color:red;margin:0}")
        #expect(texts[1] == #"(()=>{document.title="ab";})();"#)
        #expect(texts[2] == "p{top:1px}")
        #expect(warnings.isEmpty)
    }

    @Test func `a script's variables stay its own`() async throws {
        let (texts, _) = try await minifier.minify([
            MinificationSource(.js, name: "A", text: "let shared = 1; window.a = shared")
        ])
        #expect(texts[0].hasPrefix("(()=>{"))
    }

    @Test func `text outside ASCII is kept as it is`() async throws {
        let (texts, _) = try await minifier.minify([
            MinificationSource(.css, name: "Quote", text: "q::before { content: '«' }")
        ])
        #expect(texts[0] == #"q:before{content:"«"}"#)
    }

    @Test func `a script that cannot be parsed is refused with the component's name`() async {
        await #expect {
            try await minifier.minify([MinificationSource(.js, name: "Broken", text: "let = = 1")])
        } throws: { error in
            "\(error)".contains("Broken.js:1:6")
        }
    }

    @Test func `a misspelt property is a warning that names the component`() async throws {
        let (_, warnings) = try await minifier.minify([
            MinificationSource(.css, name: "Typo", text: "p { colr: red }")
        ])
        #expect(warnings.contains("Typo.css"))
        #expect(warnings.contains("colr"))
    }

    @Test func `a missing esbuild says how to install it`() async {
        await #expect(throws: MinificationError.notInstalled("no-such-esbuild")) {
            try await Minifier(executable: "no-such-esbuild").minify([
                MinificationSource(.css, name: "A", text: "p{}")
            ])
        }
        #expect("\(MinificationError.notInstalled("esbuild"))".contains("apt-get install esbuild"))
    }

    @Test func `a text over the limit is refused before esbuild runs`() async {
        let text = String(repeating: "p", count: MinificationLimits.sourceBytesMax + 1)
        await #expect(throws: MinificationError.tooLong(name: "Huge", bytes: text.utf8.count)) {
            try await minifier.minify([MinificationSource(.css, name: "Huge", text: text)])
        }
    }

    // MARK: What esbuild does not understand

    /// Style sheets that esbuild reads otherwise than a browser, with the place that it names.
    static let misread = [
        (".x { @layer q { color: red } }", "Bad.css:1:22"),
        (".broken { color: red", "Bad.css:1:20"),
        ("a { b: c }}", "Bad.css:1:10"),
        (".p { .q & { color: red } }", "Bad.css:1:5"),
        (".p { color: blue; b { color: red } }", "Bad.css:1:19"),
        ("a { b: c }\n// a remark\nd { e: f }", "Bad.css:2:0"),
        ("a { b: c }\n@import \"x.css\";", "Bad.css:2:0"),
        ("@media print { @import \"x.css\"; }", "Bad.css:1:15"),
        ("a { width: calc(1px+2px) }", "Bad.css:1:19"),
        ("@namespace svg \"x\"; a { b: c }", "Bad.css:1:0"),
        ("a { @scope (b) { c { color: red } } }", "Bad.css:1:18"),
        ("a { color: \"x\n}", "Bad.css:1:13"),
    ]

    @Test(arguments: misread)
    func `a style sheet that is not understood is refused with its place`(
        text: String, place: String
    ) async {
        await #expect {
            try await minifier.minify([
                MinificationSource(.css, name: "Fine", text: "a { colr: red }"),
                MinificationSource(.css, name: "Bad", text: text),
            ])
        } throws: { error in
            // What is only advice is not among the reasons.
            "\(error)".contains(place) && !"\(error)".contains("colr")
        }
    }

    @Test func `a fault behind very many pieces of advice is still one`() async {
        let text = String(repeating: "a { colr: red }\n", count: 300) + "b { c: d"
        await #expect {
            try await minifier.minify([MinificationSource(.css, name: "Long", text: text)])
        } throws: { error in
            "\(error)".contains("Long.css:301:8") && !"\(error)".contains("colr")
        }
    }

    @Test(arguments: ["if (a <!-- b) c()", "<!-- old\na()", "a()\n--> b()"])
    func `a script whose marks browsers take for comments is refused`(text: String) async {
        await #expect(throws: MinificationError.self) {
            try await minifier.minify([MinificationSource(.js, name: "Old", text: text)])
        }
    }

    @Test func `a script that is strict stays so by itself, and makes no other strict`()
        async throws
    {
        let (texts, _) = try await minifier.minify([
            MinificationSource(.js, name: "A", text: "\"use strict\"; a()"),
            MinificationSource(.js, name: "B", text: "/*! by me */ \"use strict\"; b()"),
            MinificationSource(.js, name: "C", text: "c()"),
        ])
        #expect(texts[0] == #"(()=>{"use strict";a();})();"#)
        #expect(texts[1].hasPrefix(#"(()=>{"use strict";"#))
        #expect(texts[2] == "(()=>{c();})();")
    }

    @Test(arguments: ["#!/usr/bin/node\na()", "import x from 'y'; x()", "import 'y'"])
    func `a script that no page can run is refused`(text: String) async {
        await #expect(throws: MinificationError.self) {
            try await minifier.minify([MinificationSource(.js, name: "Tool", text: text)])
        }
    }

    // MARK: Where esbuild runs

    private static let sources = [
        MinificationSource(.css, name: "A", text: "p { top: 1px }"),
        MinificationSource(.js, name: "B", text: "class A { b = 1 }; c(() => ({ ...d, A }))"),
    ]

    /// Files that other tools and other versions are configured by.
    static let foreign = [
        ("tsconfig.json", #"{"compilerOptions":{"target":"ES5"}}"#),
        ("tsconfig.json", "{ not JSON"),
        ("package.json", #"{"type":"module","sideEffects":false}"#),
        ("package.json", "{ not JSON"),
        ("package.json", #"{"browser":{"./in/1.js":false,"./1.js":false}}"#),
        (".npmrc", "esbuild_binary_path=/nowhere"), (".browserslistrc", "ie 6"),
        ("node_modules/x/package.json", "{ not JSON"),
    ]

    @Test(arguments: foreign)
    func `no configuration above the temporary folder changes anything`(
        name: String, text: String
    ) async throws {
        let expected = try await minifier.minify(Self.sources)
        let folder = try TemporaryFolder()
        try folder.write("", to: "in/mark")
        try folder.write(text, to: name)
        let there = Minifier(secondsMax: Self.secondsMax, temporaryFolder: "\(folder.path)/in")
        #expect(try await there.minify(Self.sources).texts == expected.texts)
        try folder.write(text, to: "in/\(name)")
        #expect(try await there.minify(Self.sources).texts == expected.texts)
    }

    @Test(arguments: ["tsconfig.json", "package.json", "node_modules", ".npmrc"])
    func `a pipe in the place of a configuration holds nothing up`(name: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "in/mark")
        #expect(mkfifo("\(folder.path)/\(name)", 0o644) == 0)
        #expect(mkfifo("\(folder.path)/in/\(name)", 0o644) == 0)
        let there = Minifier(secondsMax: Self.secondsMax, temporaryFolder: "\(folder.path)/in")
        #expect(try await there.minify(Self.sources).texts.count == 2)
    }

    @Test func `esbuild gets no variable of the environment but a path`() async throws {
        let folder = try TemporaryFolder()
        let program = try script("env > '\(folder.path)/seen'", in: folder)
        setenv("NODE_PATH", "/nowhere", 1)
        _ = try? await Minifier(executable: program, secondsMax: Self.secondsMax).minify(
            Self.sources)
        unsetenv("NODE_PATH")
        let seen = try String(contentsOfFile: "\(folder.path)/seen", encoding: .utf8)
        let names = Set(seen.split(separator: "\n").compactMap { $0.split(separator: "=").first })
        // The shell adds the others itself.
        #expect(names.subtracting(["PATH", "PWD", "OLDPWD", "SHLVL", "_"]).isEmpty)
    }

    @Test func `a run that does not end is killed with all it started, and leaves nothing`()
        async throws
    {
        let folder = try TemporaryFolder()
        let program = try script(
            "sleep 600 & echo $! > '\(folder.path)/child'; sleep 600", in: folder)
        try folder.write("", to: "in/mark")
        let slow = Minifier(
            executable: program, secondsMax: 0.5, temporaryFolder: "\(folder.path)/in")
        await #expect(throws: MinificationError.timedOut(seconds: 0.5)) {
            try await slow.minify(Self.sources)
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/in") == ["mark"])
        let text = try String(contentsOfFile: "\(folder.path)/child", encoding: .utf8)
        let child = try #require(pid_t(text.split(separator: "\n").first ?? ""))
        // Killed, though whoever inherited it may not have taken notice yet.
        let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
        #expect(state == nil || state?.contains(") Z ") == true)
    }

    @Test func `a run that fails leaves no folder`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "in/mark")
        let there = Minifier(secondsMax: Self.secondsMax, temporaryFolder: "\(folder.path)/in")
        await #expect(throws: MinificationError.self) {
            try await there.minify([MinificationSource(.css, name: "A", text: "a { b: c")])
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/in") == ["mark"])
    }

    @Test func `what a killed program left is removed by the next, what a living one has is not`()
        async throws
    {
        let folder = try TemporaryFolder()
        try folder.write("a { b: c }", to: "sitegen-minify-dead01/0.css")
        try folder.write("a { b: c }", to: "sitegen-minify-alive1/0.css")
        try folder.write("mine", to: "sitegen-minify-file")
        let living = open("\(folder.path)/sitegen-minify-alive1", O_RDONLY | O_DIRECTORY)
        #expect(flock(living, LOCK_EX) == 0)
        defer { close(living) }
        _ = try await Minifier(secondsMax: Self.secondsMax, temporaryFolder: folder.path).minify(
            Self.sources)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
                == ["sitegen-minify-alive1", "sitegen-minify-file"])
    }

    @Test func `a temporary folder that is not there is told`() async {
        await #expect {
            try await Minifier(secondsMax: Self.secondsMax, temporaryFolder: "/nowhere").minify(
                Self.sources)
        } throws: { error in
            "\(error)".contains("/nowhere: it cannot be read: No such file")
        }
    }

    @Test func `messages over their limit are refused, and are not held`() async throws {
        let folder = try TemporaryFolder()
        let program = try script("head -c 3000000 /dev/zero >&2", in: folder)
        await #expect {
            try await Minifier(executable: program, secondsMax: Self.secondsMax).minify(
                Self.sources)
        } throws: { error in
            "\(error)".contains("more than \(MinificationLimits.messageBytesMax) bytes")
        }
    }

    @Test func `a result over its limit is refused`() async throws {
        let folder = try TemporaryFolder()
        let program = try script(
            "mkdir /proc/self/fd/0/out; cd /proc/self/fd/0/out; "
                + "truncate -s \(MinificationLimits.resultBytesMax + 1) 0.css 1.js", in: folder)
        await #expect {
            try await Minifier(executable: program, secondsMax: Self.secondsMax).minify(
                Self.sources)
        } throws: { error in
            "\(error)".contains("more than \(MinificationLimits.resultBytesMax) bytes")
        }
    }

    /// A program that does this instead of minifying.
    private func script(_ text: String, in folder: borrowing TemporaryFolder) throws -> String {
        try folder.write("#!/bin/sh\n\(text)\n", to: "esbuild")
        #expect(chmod("\(folder.path)/esbuild", 0o755) == 0)
        return "\(folder.path)/esbuild"
    }
}
