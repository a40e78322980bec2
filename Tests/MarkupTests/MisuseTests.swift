// Misuse stops the program with a message; each case runs in a process of its own.

import Markup
import Testing

private struct Wrapper: Component {
    let content: HTML
    var view: HTML { div { content } }
}

private struct Keeper: Component {
    var view: HTML {
        let kept = p { "x" }
        b { "y" }
        kept
    }
}

private func message(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}

@Suite("Misuse") struct MisuseTests {
    @Test func `an element passed as a value is caught`() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = render { Wrapper(content: p { "x" }) }
        }
        #expect(message(result).contains("written where it was made"))
    }

    @Test func `an element made in a let and placed later is caught`() async {
        await #expect(processExitsWith: .failure) {
            _ = render {
                let made = p { "x" }
                b { "y" }
                made
            }
        }
    }

    @Test func `an element made and never placed is caught`() async {
        await #expect(processExitsWith: .failure) {
            _ = render {
                let _ = p { "x" }
                "y"
            }
        }
    }

    @Test func `an element outside of render is caught`() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = p { "x" }
        }
        #expect(message(result).contains("outside of `render"))
    }

    @Test func `a helper's content kept and placed later is caught`() async {
        await #expect(processExitsWith: .failure) {
            @HTMLBuilder func greeting() -> HTML { b { "Hello" } }
            _ = render {
                let kept = greeting()
                p { "x" }
                kept
            }
        }
    }

    @Test func `an element made and never placed is caught by each thing that writes`() async {
        await #expect(processExitsWith: .failure) {
            _ = render {
                let _ = p { "x" }
                Wrapper(content: b { "y" })
            }
        }
        await #expect(processExitsWith: .failure) {
            _ = render {
                let _ = hr()
                slot(SlotDescriptor(name: "s")) {}
            }
        }
        await #expect(processExitsWith: .failure) {
            _ = render {
                let _ = hr()
                raw(TrustedHTML(trusting: "x"))
            }
        }
        await #expect(processExitsWith: .failure) {
            _ = render(.xml) {
                let _ = hr()
                "text"
            }
        }
        await #expect(processExitsWith: .failure) {
            _ = render {
                let _ = hr()
                json([:])
            }
        }
    }

    @Test func `the message names the component`() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = render { Keeper() }
        }
        #expect(message(result).contains("in MarkupTests.Keeper"))
    }

    @Test func `a name of an attribute that is none stops, whatever is wrong with it`() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = render { p(.data("", "x")) }
        }
        #expect(message(result).contains("is no name"))
        await #expect(processExitsWith: .failure) { _ = render { p(.aria("a=", "x")) } }
        await #expect(processExitsWith: .failure) { _ = render { p(.attr("é", "x")) } }
        await #expect(processExitsWith: .failure) { _ = render { p(.data("a>", 1)) } }
        await #expect(processExitsWith: .failure) {
            _ = render {
                p(
                    .data(
                        """
                        nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\
                        nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
                        """, "x"))
            }
        }
    }

    @Test func `attributes that hold code are refused`() async {
        await #expect(processExitsWith: .failure) { _ = render { p(.attr("onclick", "x")) } }
        await #expect(processExitsWith: .failure) { _ = render { p(.attr("STYLE", "x")) } }
        await #expect(processExitsWith: .failure) { _ = render { p(.attr("srcdoc", "x")) } }
        await #expect(processExitsWith: .failure) { _ = render { p(.data("a b", "x")) } }
    }

    @Test func `elements that hold code are refused`() async {
        await #expect(processExitsWith: .failure) { _ = render { element("SCRIPT") { "x" } } }
        await #expect(processExitsWith: .failure) { _ = render { element("style") } }
        await #expect(processExitsWith: .failure) { _ = render { element("a b") } }
        await #expect(processExitsWith: .failure) { _ = render { json([:], type: "text/plain") } }
    }
}
