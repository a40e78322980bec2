// Which components a page uses: made of types, taken from each other, the same on every thread.
//
// The types are local to this file and carry what tells them apart; sets are compared by what they
// list, since their numbers depend on which type a process met first.

import Markup
import Testing

private struct Red: Component {
    static let styles: CSS? = ".red { color: red }"
    var view: HTML { b { "red" } }
}

private struct Green: Component {
    static let styles: CSS? = ".green { color: green }"
    static let script: JS? = "green()"
    var view: HTML { b { "green" } }
}

private struct Blue: Component {
    static let script: JS? = "blue()"
    var view: HTML { b { "blue" } }
}

private struct Plain: Component {
    var view: HTML { b { "plain" } }
}

private struct Box<Content: Sendable>: Component {
    static var styles: CSS? { ".box { border: 1px }" }
    let content: Content
    var view: HTML { i { "box" } }
}

private struct Family: Component {
    var view: HTML {
        Red()
        div { Green() }
        Plain()
    }
}

@Suite("Sets of components") struct ComponentSetTests {
    @Test func `a set made of types is the set of a page that uses them`() {
        let page = render {
            Blue()
            Red()
            Plain()
        }
        #expect(ComponentSet([Red.self, Plain.self, Blue.self, Red.self]) == page.components)
        #expect(ComponentSet([Red.self, Blue.self]).hashValue == page.components.hashValue)
        #expect(page.components != ComponentSet([Red.self]))
    }

    @Test func `types without styles and script make an empty set`() {
        #expect(ComponentSet([]).isEmpty)
        #expect(ComponentSet([Plain.self]).isEmpty)
        #expect(ComponentSet([Plain.self]) == ComponentSet())
        #expect(!ComponentSet([Blue.self]).isEmpty)
    }

    @Test func `subtracting leaves what the other has not`() {
        let all = ComponentSet([Red.self, Green.self, Blue.self])
        let some = ComponentSet([Green.self])
        #expect(all.subtracting(some) == ComponentSet([Red.self, Blue.self]))
        #expect(some.subtracting(all).isEmpty)
        #expect(some.subtracting(all) == ComponentSet())
        #expect(all.subtracting(ComponentSet()) == all)
        #expect(ComponentSet().subtracting(all) == ComponentSet())
        #expect(all.subtracting(some).scripts.map(\.js) == ["blue()"])
    }

    @Test func `a union is the same in either order`() {
        var one = ComponentSet([Red.self])
        one.formUnion(ComponentSet([Green.self, Blue.self]))
        var other = ComponentSet([Blue.self, Green.self])
        other.formUnion(ComponentSet([Red.self]))
        #expect(one == other)
        #expect(one == ComponentSet([Red.self, Green.self, Blue.self]))
        other.formUnion(ComponentSet())
        #expect(one == other)
        var empty = ComponentSet()
        empty.formUnion(one)
        #expect(empty == one)
    }

    @Test func `lists are sorted by type name and leave out what a type has not`() {
        let all = ComponentSet([Red.self, Green.self, Blue.self])
        #expect(all.styles.map(\.css) == [".green { color: green }", ".red { color: red }"])
        #expect(all.scripts.map(\.js) == ["blue()", "green()"])
        #expect(all.scripts.map(\.name) == ["MarkupTests.Blue", "MarkupTests.Green"])
        #expect(ComponentSet().styles.isEmpty && ComponentSet().scripts.isEmpty)
    }

    @Test func `a sheet that two specialisations share is listed once`() {
        let page = render {
            Box(content: 1)
            Box(content: "two")
        }
        #expect(page.components.styles.map(\.css) == [".box { border: 1px }"])
        #expect(page.components.styles.first?.name.hasPrefix("MarkupTests.Box<") == true)
    }

    @Test func `components inside components and elements are met too`() {
        #expect(render { Family() }.components == ComponentSet([Red.self, Green.self]))
        #expect(text { Family() } == "<b>red</b><div><b>green</b></div><b>plain</b>")
    }

    @Test func `a component that is not shown is not met`() {
        func page(_ shown: Bool) -> RenderedDocument {
            render { if shown { Red() } else { Blue() } }
        }
        #expect(page(true).components == ComponentSet([Red.self]))
        #expect(page(false).components == ComponentSet([Blue.self]))
    }

    @Test func `local types of one name have names without addresses`() {
        struct Local: Component {
            static let styles: CSS? = ".local { top: 0 }"
            var view: HTML { i { "local" } }
        }
        let names = render { Local() }.components.styles.map(\.name)
        #expect(names.count == 1)
        #expect(names.first?.contains("0x") == false)
        #expect(names.first?.contains("$") == false)
        #expect(names.first?.hasSuffix("Local") == true)
    }

    @Test func `many threads that meet the types at once agree on the set`() async {
        let sets = await withTaskGroup(of: ComponentSet.self, returning: [ComponentSet].self) {
            for turn in 0..<64 {
                $0.addTask {
                    render {
                        if turn % 2 == 0 { Red() }
                        Green()
                        if turn % 2 == 1 { Red() }
                    }.components
                }
            }
            return await $0.reduce(into: []) { $0.append($1) }
        }
        #expect(sets.allSatisfy { $0 == sets[0] })
        #expect(sets.count == 64)
    }

    @Test func `the text of a sheet and a script is the literal's`() {
        let sheet: CSS = "a::after { content: '\\201c' } /* <b> */"
        let script: JS = "if (a < b && c > d) { run('<\\/script') }"
        #expect(sheet.source == "a::after { content: '\\201c' } /* <b> */")
        #expect(script.source == "if (a < b && c > d) { run('<\\/script') }")
    }
}
