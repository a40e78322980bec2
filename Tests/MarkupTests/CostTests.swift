// What components cost: each its own part, the whole together, and nothing unless it is asked for.

import Markup
import Synchronization
import Testing

private struct Leaf: Component {
    let text: String
    var view: HTML { b { text } }
}

private struct Branch: Component {
    var view: HTML {
        p {
            Leaf(text: "one")
            Leaf(text: "three")
        }
    }
}

/// A clock that goes on by one whenever it is looked at.
private final class Measuring: RenderEnvironment {
    let origin = ""
    private let ticks = Atomic<UInt64>(0)
    func assetPath(_ path: String) -> String? { nil }
    var clock: (@Sendable () -> UInt64)? {
        { [self] in ticks.add(1, ordering: .relaxed).newValue }
    }
}

@Suite("Costs of components") struct CostTests {
    @Test func `each component has its own bytes and time, without those inside it`() {
        let document = render(.fragment, in: Measuring()) { Branch() }
        #expect(document.costs.map(\.name) == ["MarkupTests.Branch", "MarkupTests.Leaf"])
        #expect(document.costs.map(\.uses) == [1, 2])
        #expect(
            document.costs.map(\.bytes) == [
                "<p></p>".utf8.count, "<b>one</b><b>three</b>".utf8.count,
            ])
        #expect(document.costs.reduce(0) { $0 + $1.bytes } == document.bytes.count)
        // Six looks at the clock: five steps between them, one inside each leaf.
        #expect(document.costs.map(\.time) == [3, 2])
    }

    @Test func `nothing is measured without a clock, and the page is the same`() {
        let plain = render(.fragment) { Branch() }
        #expect(plain.costs.isEmpty)
        #expect(plain.bytes == render(.fragment, in: Measuring()) { Branch() }.bytes)
    }
}
