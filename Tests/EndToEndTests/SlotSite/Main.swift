// A site for end-to-end tests of slots: pages of 25 KB with one, two, three and five of them.
//
// It has no rows: a test writes every fragment into Redis itself, and brings the root folder with
// styles and public files, so that another style sheet is another release.

import SiteAuthoring
import SitegenCommands

@main struct Main {
    static func main() async { await SitegenCommand.main(site: slotSite) }
}

/// The site.
private let slotSite = Site(
    title: "Slots", origin: Origin(literal: "http://127.0.0.1"),
    routes: [
        .page(OneSlotPage.self), .page(TwoSlotsPage.self), .page(ThreeSlotsPage.self),
        .page(FiveSlotsPage.self), .page(TailPage.self), .page(MixedPage.self),
        .page(PrivatePage.self), .page(FirstMeasuredPage.self), .page(SecondMeasuredPage.self),
        .page(ThirdMeasuredPage.self),
    ], foreignFragments: slotNames)

/// The test publishes what fills them.
private let slotNames: Set<String> = [
    "s1", "s2", "s3", "s4", "s5", "l1", "l2", "l3", "l4", "never", "mine",
]

/// The frame of a page.
private struct Frame: Component {
    let heading: String
    @HTMLBuilder let content: () -> HTML

    var view: HTML {
        html(.lang("en")) {
            head {
                meta(.charset("utf-8"))
                title { heading }
            }
            body {
                h1 { heading }
                content()
            }
        }
    }
}

/// Paragraphs that no compressor finds trivial, the same ones in every build.
private struct Prose: Component {
    let seed: UInt64
    let paragraphs: Int

    private static let words = [
        "linen", "collar", "of", "the", "season", "harbour", "blue", "is", "worn", "with", "a",
        "narrow", "hem", "and", "pressed", "twice", "before", "morning", "light", "cloth", "from",
        "Lisbon", "mills", "that", "nobody", "else", "remembers", "in", "grey", "stone", "salt",
        "wool", "sleeve", "button", "seam", "pocket", "shoulder", "coat", "rain", "market",
    ]

    private func sentence(_ state: inout UInt64) -> String {
        (0..<12).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Self.words[Int(state >> 33) % Self.words.count]
        }.joined(separator: " ")
    }

    private var texts: [String] {
        var state = seed
        return (0..<paragraphs).map { _ in
            (0..<4).map { _ in sentence(&state) }.joined(separator: ". ") + "."
        }
    }

    var view: HTML { for text in texts { p { text } } }
}

/// A page with slots spread over its text.
private struct SlottedText: Component {
    let count: Int

    var view: HTML {
        Frame(heading: "\(count) slots") {
            for number in 1...count {
                Prose(seed: UInt64(number), paragraphs: 75 / (count + 1))
                section(.id("slot-\(number)")) {
                    slot(SlotDescriptor(name: "s\(number)", placement: .inline(capacity: 1024))) {
                        p { "Nothing yet in slot \(number)." }
                    }
                }
            }
            Prose(seed: 99, paragraphs: 75 / (count + 1))
        }
    }
}

private struct OneSlotPage: StaticPage {
    static let path = "/1/"
    var view: HTML { SlottedText(count: 1) }
}

private struct TwoSlotsPage: StaticPage {
    static let path = "/2/"
    var view: HTML { SlottedText(count: 2) }
}

private struct ThreeSlotsPage: StaticPage {
    static let path = "/3/"
    var view: HTML { SlottedText(count: 3) }
}

private struct FiveSlotsPage: StaticPage {
    static let path = "/5/"
    var view: HTML { SlottedText(count: 5) }
}

/// A slot that is filled from behind the page.
private func late(_ name: String) -> HTML {
    slot(SlotDescriptor(name: name, placement: .tail)) { em { "late \(name)" } }
}

/// Every place where a fragment from behind the page may go.
private struct TailPage: StaticPage {
    static let path = "/tail/"

    var view: HTML {
        Frame(heading: "Tail") {
            div(.id("in-div")) { late("l1") }
            Prose(seed: 7, paragraphs: 60)
            ul { li(.id("in-li")) { late("l2") } }
            table { tbody { tr { td(.id("in-td")) { late("l3") } } } }
            pre(.id("in-pre")) { late("l4") }
            p(.id("unfilled")) { late("never") }
        }
    }
}

/// Slots of both placements, shared.
private struct MixedPage: StaticPage {
    static let path = "/mixed/"

    var view: HTML {
        Frame(heading: "Mixed") {
            section(.id("slot-1")) {
                slot(SlotDescriptor(name: "s1", placement: .inline(capacity: 1024))) {
                    p { "Soon" }
                }
            }
            Prose(seed: 8, paragraphs: 60)
            div(.id("in-div")) { late("l1") }
        }
    }
}

/// A page of each visitor's own.
private struct PrivatePage: StaticPage {
    static let path = "/mine/"
    static let isListed = false

    var view: HTML {
        Frame(heading: "Mine") {
            Prose(seed: 9, paragraphs: 30)
            section(.id("slot-1")) {
                slot(
                    SlotDescriptor(
                        name: "mine", scope: .perVisitor(cookie: "sid"),
                        placement: .inline(capacity: 512))
                ) { p { "Nobody" } }
            }
        }
    }
}

/// Pages that tell when they are left, and lead to each other.
private struct MeasuredText: Component {
    let number: Int

    var view: HTML {
        Frame(heading: "Measured \(number)") {
            Prose(seed: UInt64(number), paragraphs: 3)
            for other in 1...3 {
                p { a(.id("to-\(other)"), .href("/measured/\(other)/")) { "Page \(other)" } }
            }
            Measured()
        }
    }
}

private struct FirstMeasuredPage: StaticPage {
    static let path = "/measured/1/"
    var view: HTML { MeasuredText(number: 1) }
}

private struct SecondMeasuredPage: StaticPage {
    static let path = "/measured/2/"
    var view: HTML { MeasuredText(number: 2) }
}

private struct ThirdMeasuredPage: StaticPage {
    static let path = "/measured/3/"
    var view: HTML { MeasuredText(number: 3) }
}
