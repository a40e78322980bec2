// Pages as they come out: whole, escaped, with sizes, and without faults.
//
// One text that tries everything stands in every property of every row. What must not happen is
// looked for in the bytes, not in how they were made.

import SiteAuthoring
import Testing

@testable import Site

private let hostile = "\"><script>alert('x')</script> & </title><img src=x onerror=y> ‮'"

private let picture = Picture(
    file: "/artwork/a.svg", alt: hostile, width: 900, height: 1200)
private let link = NamedLink(slug: "a", name: hostile)
private let card = LookCard(slug: "b", name: hostile, number: 2, brand: hostile, image: picture)

@Suite("Pages") struct PageTests {
    private func text(_ document: consuming RenderedDocument) -> String {
        String(decoding: document.bytes, as: UTF8.self)
    }

    private func lookRow(images: [Picture], related: [LookCard], next: NamedLink?) -> LookPageRow {
        LookPageRow(
            slug: "a", name: hostile, number: 1, description: hostile, cloth: hostile,
            colour: hostile, rating: 3, published: "1 May 2026",
            publishedIso: "2026-05-01T00:00:00Z", collection: link, brand: link, season: link,
            author: link, images: images, previous: nil, next: next, related: related)
    }

    private func expectHarmless(_ html: String) {
        #expect(!html.contains("<script>alert"))
        #expect(!html.contains("<img src=x"))
        #expect(html.ranges(of: "</title>").count == 1)
    }

    @Test func `hostile texts of a look are escaped wherever they stand`() {
        let row = lookRow(images: [picture], related: [card], next: link)
        let document = render { LookPage(row: row) }
        #expect(document.faults.isEmpty)
        let html = text(document)
        expectHarmless(html)
        #expect(html.contains("&lt;script&gt;alert"))
        #expect(html.contains("\\u003cscript\\u003e"), "in the linked data, too")
    }

    @Test func `hostile texts of the front page are escaped`() {
        let story = CollectionCard(
            slug: "c", title: hostile, subtitle: hostile, brand: hostile, season: hostile,
            author: hostile, date: hostile, cover: picture)
        let entry = IndexEntry(slug: "d", name: hostile, note: hostile, count: 1, picture: picture)
        let row = HomeRow(
            edition: "e", number: 1, name: hostile, letter: hostile, lead: [story],
            leadText: hostile, leadLooks: [card], features: [story, story, story], looks: [card],
            seasons: [entry], people: [entry])
        let document = render { FrontPage(row: row) }
        #expect(document.faults.isEmpty)
        expectHarmless(text(document))
    }

    @Test func `hostile texts stay text in the feed`() {
        let entry = FeedEntry(
            slug: "a", title: hostile, summary: hostile, brand: hostile, author: hostile,
            published: "2026-05-01T00:00:00Z", updated: "2026-05-01T00:00:00Z")
        let row = FeedRow(
            edition: "e", name: hostile, updated: "2026-05-01T00:00:00Z", entries: [entry])
        let document = render(.xml) { FeedFile(row: row) }
        #expect(document.faults.isEmpty)
        #expect(!text(document).contains("<script"))
    }

    @Test func `a look without pictures and neighbours is still a page`() {
        let document = render {
            LookPage(row: lookRow(images: [], related: [], next: nil))
        }
        #expect(document.faults.isEmpty)
        #expect(!text(document).contains("rel=\"next\""))
    }

    @Test func `a look has a place for what is read most, and none for a visitor`() {
        let document = render {
            LookPage(row: lookRow(images: [picture], related: [], next: nil))
        }
        let places = document.slots.map(\.descriptor)
        #expect(places.map(\.name) == ["trending-looks"])
        #expect(places.map(\.scope) == [.shared])
    }

    @Test func `the bag's page has places for one visitor alone`() {
        let places = render { BagPage() }.slots.map(\.descriptor)
        #expect(places.map(\.name) == ["bag-count", "bag"])
        #expect(places.allSatisfy { $0.scope == .perVisitor(cookie: "bag") })
    }

    @Test func `an empty collection list and an empty bag are pages, too`() {
        let list = CollectionListRow(
            page: 1, pages: 1, total: 0, previousPage: nil, nextPage: nil, collections: [])
        #expect(render { CollectionsPage(row: list) }.faults.isEmpty)
        let bag = BagRow(token: "visitor-1", quantity: 0, items: [])
        #expect(text(render(.fragment) { BagCount(row: bag) }).isEmpty)
    }

    @Test func `a dozen long looks fit into the bag, and five into what is read most`() {
        let name = String(repeating: "Houndstooth coat, ", count: 6)
        let slug = String(repeating: "houndstooth-coat-", count: 6)
        let items = (0..<12).map { _ in BagItem(slug: slug, name: name, quantity: 9) }
        let bag = render(.fragment) {
            BagContents(row: BagRow(token: "visitor-1", quantity: 180, items: items))
        }
        #expect(bag.bytes.count <= BagContents.capacity)
        let looks = (0..<5).map { number in
            LookCard(
                slug: slug, name: name, number: number, brand: "Maison Marchetti & Figli",
                image: Picture(file: "/artwork/\(slug).svg", alt: name, width: 900, height: 1200))
        }
        let trending = render(.fragment) {
            TrendingLooks(row: TrendingLooksRow(edition: "e", looks: looks))
        }
        #expect(trending.bytes.count <= TrendingLooks.capacity)
    }

    @Test func `every picture has a width and a height`() {
        let document = render {
            LookPage(row: lookRow(images: [picture, picture], related: [card], next: link))
        }
        let html = text(document)
        for image in html.split(separator: "<img ").dropFirst() {
            let tag = image.prefix { character in character != ">" }
            #expect(tag.contains("width=\"") && tag.contains("height=\""))
            #expect(tag.contains("alt="))
        }
    }

    @Test func `a page marks its own section and no other`() {
        let html = text(render { AboutPage() })
        #expect(html.ranges(of: "aria-current=\"true\"").count == 1)
        #expect(html.contains("href=\"/about/\" aria-current=\"true\""))
    }

    @Test(arguments: [(1, "/looks/x/"), (2, "/houses/x/page/2/"), (3, "/collections/page/3/")])
    func `the first page of a list has the bare address`(page: Int, path: PagePath) {
        let paths = [
            1: Magazine.look("x"), 2: Magazine.house("x", page: 2),
            3: Magazine.collections(page: 3),
        ]
        #expect(paths[page] == path)
        #expect(Magazine.collection("x", page: 1) == "/collections/x/")
    }
}
