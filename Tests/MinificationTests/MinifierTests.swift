// What esbuild makes of a component's styles and scripts, run for real.

import Minification
import Testing

@Suite("Minifier") struct MinifierTests {
    private let minifier = Minifier()

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
}
