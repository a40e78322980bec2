// The drawings: the same seed draws the same, another seed something else, and nothing else than
// plain SVG comes out.
//
// Beauty is not tested. A change of any drawing is, since every address of a drawing promises
// that its bytes stay.

import Testing

@testable import Site

@Suite("Artwork") struct ArtworkTests {
    @Test(arguments: Artwork.View.allCases)
    func `the same seed draws the same bytes`(view: Artwork.View) {
        for seed in [0, 1, 41, UInt64.max] {
            let once = Artwork.look(seed: seed, palette: 3, view: view)
            #expect(once == Artwork.look(seed: seed, palette: 3, view: view))
        }
    }

    @Test func `a drawing has not changed since it was published`() {
        // FNV-1a over the text. A new value here means that every drawing of the site changes.
        let texts = Artwork.View.allCases.flatMap { view in
            (0..<24).map { number in
                Artwork.look(seed: UInt64(number) &* 7_919, palette: number, view: view)
            }
        }
        #expect(fingerprint(texts) == 18_415_085_207_753_776_009)
    }

    @Test func `no two of two thousand looks are alike`() {
        var seen: Set<String> = []
        for number in 0..<2_000 {
            var dice = SeededGenerator(seed: UInt64(number))
            let text = Artwork.look(seed: dice.next() >> 2, palette: number % 12)
            #expect(seen.insert(text).inserted, "look \(number) repeats another")
        }
        #expect(seen.count == 2_000)
    }

    @Test func `the views of a look differ and show the same cloth`() throws {
        let palette = Palette.numbered(5)
        let outfit = Outfit(seed: 77, palette: palette)
        let drawings = Artwork.View.allCases.map { view in
            Artwork.look(seed: 77, palette: 5, view: view)
        }
        #expect(Set(drawings).count == drawings.count)
        for drawing in drawings { #expect(drawing.contains(outfit.main.colour.hex)) }
    }

    @Test func `a look stays within ten kilobytes, most within eight`() {
        let sizes = (0..<300).map { number in
            Artwork.look(seed: UInt64(number) &* 104_729, palette: number).utf8.count
        }.sorted()
        #expect(sizes[150] <= 8_000, "median \(sizes[150])")
        #expect(sizes[299] <= 12_000, "largest \(sizes[299])")
        #expect(sizes[0] >= 1_500, "smallest \(sizes[0])")
    }

    @Test(arguments: ["front", "back", "closeup", "detail", "cover", "portrait", "mark", "<b>"])
    func `every kind is one balanced svg without scripts or foreign addresses`(kind: String) {
        for seed in 0..<40 {
            let text = Artwork.drawing(kind: kind, seed: Int64(seed) * 7_001, palette: seed)
            #expect(text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""))
            #expect(text.hasSuffix("</svg>"))
            #expect(count("<g ", in: text) == count("</g>", in: text))
            #expect(!text.contains("<script") && !text.contains(" on") && !text.contains("nan"))
            #expect(count("http", in: text) == 1, "only the namespace")
        }
    }

    @Test(arguments: [-5, 0, 11, 12, 4_000_000])
    func `any number names a palette`(number: Int) {
        let palette = Palette.numbered(number)
        #expect(palette.cloths.count >= 3)
        #expect(!Artwork.look(seed: 9, palette: number).isEmpty)
    }

    @Test(arguments: [
        (0.0, "0"), (1.0, "1"), (-0.04, "0"), (-0.3, "-0.3"), (12.34, "12.3"), (-7.96, "-8"),
    ])
    func `numbers are written in tenths`(value: Double, text: String) {
        #expect(tenths(value) == text)
    }

    private func count(_ needle: String, in text: String) -> Int {
        text.ranges(of: needle).count
    }

    private func fingerprint(_ texts: [String]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for text in texts {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return hash
    }
}
