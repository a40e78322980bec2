// Where slots may stand and what a build makes of them: places behind the page, pages that cannot
// be spliced, spots that no placement fits, and fragments that have outgrown their slots.

import ContentEncoding
import Markup
import ReleaseFormat
import SiteAuthoring
import SiteBuilding
import TestSupport
import Testing

private struct LatePage: StaticPage {
    static let path = "/late/"

    var view: HTML {
        html(.lang("en")) {
            head { title { "Late" } }
            body {
                p { Slot(Popular.self, key: "new", placement: .tail) { "soon" } }
                Slot(Popular.self, key: "old", placement: .inline(capacity: 300)) { "none" }
                pre { Slot(Basket.self, placement: .tail) { "empty" } }
            }
        }
    }
}

private struct HeadPage: StaticPage {
    static let path = "/head/"
    var view: HTML { html { head { Slot(Popular.self) { "x" } } } }
}

private struct TextareaPage: StaticPage {
    static let path = "/textarea/"
    var view: HTML { html { body { textarea { Slot(Popular.self, placement: .tail) { "x" } } } } }
}

private struct PrePage: StaticPage {
    static let path = "/pre/"
    var view: HTML { html { body { pre { Slot(Popular.self) { "x" } } } } }
}

/// Has the byte that holds a slot's place while a page is compressed.
private struct MarkingPage: StaticPage {
    static let path = "/marking/"
    var view: HTML {
        html {
            body {
                raw(TrustedHTML(trusting: "a\u{1}b"))
                Slot(Popular.self) { "nothing yet" }
            }
        }
    }
}

private struct CrampedPage: StaticPage {
    static let path = "/cramped/"
    var view: HTML {
        html {
            body { Slot(Popular.self, key: "new", placement: .inline(capacity: 60)) { "none" } }
        }
    }
}

@Suite("Placements") struct PlacementTests {
    @Test func `a page that fragments follow is marked, ends open, and names the script`()
        async throws
    {
        let library = try Library()
        try await library.build(librarySite(routes: [.page(LatePage.self)]))
        let text = try library.text("/late/")
        #expect(text.contains("<p><?start name=\"t0\">soon<?end></p>"))
        #expect(text.contains("<pre><?start name=\"t1\">empty<?end></pre>"))
        #expect(text.hasSuffix("</pre>"), "what follows stands inside the body")
        let script = try #require(try library.paths.first { $0.hasPrefix("/assets/tail-") })
        #expect(text.contains("<script src=\"\(script)\" defer></script>"))
        #expect(try library.text(script).utf8.count < 900)
        #expect(try library.entry(script).cachePolicy == .immutable)
        let entry = try library.entry("/late/")
        #expect(
            entry.slots?.bindings == [
                SlotBinding(name: "popular", key: "old", scope: .shared),
                SlotBinding(name: "popular", key: "new", scope: .shared),
                SlotBinding(name: "basket", key: "", scope: .perVisitor(cookie: "basket")),
            ])
        #expect(entry.slots?.tailCount == 2 && entry.slots?.layout.takesTail == true)
        #expect(entry.cachePolicy == .private)
        let policy = entry.headers.fields.first { $0.name == "content-security-policy" }
        #expect(policy?.value.contains("script-src 'self'") == true)
        for form in entry.representations {
            #expect(try library.live.decoded(form) == Array(text.utf8))
        }
    }

    @Test func `a second build keeps the files of such a page`() async throws {
        let library = try Library()
        let site = librarySite(routes: [.page(LatePage.self)])
        let first = try await library.build(site)
        let second = try await library.build(site)
        #expect(first.release == second.release && !second.isNew)
        #expect(second.routes.first { $0.name == "LatePage" }?.changed == 0)
    }

    @Test func `a page whose bytes cannot be spliced is whole, unfilled and reported`()
        async throws
    {
        let library = try Library()
        let site = librarySite(routes: [.page(MarkingPage.self), .page(BasketPage.self)])
        let warnings = try await library.warnings(site)
        #expect(
            warnings.hasPrefix("/marking/ is built without its slots and shows their fallbacks"))
        let entry = try library.entry("/marking/")
        #expect(entry.slots == nil)
        let text = try library.text("/marking/")
        #expect(text.contains("a\u{1}b") && text.contains("nothing yet"))
        for form in entry.representations {
            #expect(try library.live.decoded(form) == Array(text.utf8))
        }
        #expect(try library.entry("/basket/").slots != nil, "the other pages are as ever")
    }

    @Test(arguments: [
        (Route.page(HeadPage.self), "the head"), (.page(TextareaPage.self), "a textarea"),
        (.page(PrePage.self), "a pre"),
    ])
    func `a spot that the placement does not fit stops the build and is named`(
        route: Route, spot: String
    ) async throws {
        let library = try Library()
        let lines = await library.failure(librarySite(routes: [route]))
        #expect(lines.contains { $0.contains("`popular` stands inside \(spot)") })
        #expect(lines.last == "1 page could not be made; nothing was published.")
    }

    @Test func `publishing tells which fragments have outgrown a slot, and what it needs`()
        async throws
    {
        let library = try Library()
        let redis = try RedisProcess()
        let site = librarySite(routes: [.page(CrampedPage.self)])
        let publication = FragmentPublication(site, options: library.options())
        #expect(try publication.publish(to: redis.url).allSatisfy { $0.overflow == nil })
        try await library.build(site)
        #expect(try publication.publish(to: redis.url).allSatisfy { $0.overflow == nil })
        // `<p><b class="badge">` and what ends it have 28 bytes; 20 of a slot are its own.
        try library.sql("UPDATE public.popular SET label = repeat('x', 12)")
        #expect(try publication.publish(to: redis.url).allSatisfy { $0.overflow == nil })
        for (length, needed) in [(13, 256), (208, 256), (209, 512), (65_488, 65_536)] {
            try library.sql("UPDATE public.popular SET label = repeat('x', \(length))")
            let published = try publication.publish(to: redis.url)
            let overflow = try #require(published.first { $0.name == "popular" }?.overflow)
            #expect(overflow.count == 1, "only `new` has a slot")
            #expect(overflow.longest == length + 28)
            #expect(overflow.capacity == 60 && overflow.needed == needed)
        }
    }
}
