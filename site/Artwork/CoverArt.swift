// Covers of collections, portraits of people, marks of brands.
//
// A cover sets two or three figures of one palette side by side on a wide sheet; a portrait is a
// head from the croquis, large; a mark is three primitive shapes in two colours.

extension Artwork {
    /// The cover of a collection: 3 to 2, figures cropped below the knee.
    static func cover(seed: UInt64, palette number: Int) -> String {
        let palette = Palette.numbered(number)
        var dice = SeededGenerator(seed: seed)
        var sketch = Sketch(ink: palette.ink)
        let outfits = (0..<3).map { _ in Outfit(seed: dice.next(), palette: palette) }
        let count = dice.chance(40) ? 1 : dice.chance(50) ? 2 : 3
        let worn = outfits.prefix(count)
        let clothes = worn.flatMap { outfit in [outfit.main.colour, outfit.second.colour] }
        sketch.beginGroup(transform: "translate(-150 0) scale(1.5 1)")
        sketch.setting(
            dice.pick([.sun, .arch, .bands, .steps, .plain, .screen, .light]), palette: palette,
            clothes: clothes, dice: &dice)
        sketch.endGroup()
        let shape = palette.accent.colour.mixed(with: palette.paper, 10)
        if dice.chance(50) {
            sketch.ellipse(
                dice.pick([60, 540]), dice.between(160, 420), 120, 120, shape.hex, opacity: 0.9)
        }
        let places: [Double] =
            switch count {
            case 1: [dice.pick([-150, -90, 90, 150])]
            case 2: [-110, 120]
            default: [-190, 0, 190]
            }
        for (place, outfit) in zip(places, worn) {
            let person = Complexion(dice: &dice, palette: palette)
            let body = Body(dice: &dice)
            let isMirrored = dice.chance(50)
            sketch.beginGroup(
                transform: isMirrored
                    ? "matrix(-1 0 0 1 \(tenths(600 + place)) 0)" : "translate(\(tenths(place)) 0)")
            Figure(
                outfit: outfit, body: body, person: person, palette: palette,
                isBack: count == 3 && dice.chance(30)
            ).draw(in: &sketch, scale: 1, prefix: "c\(tenths(place + 200))", dice: &dice)
            sketch.endGroup()
        }
        let width = count == 1 ? 690.0 : 720
        return sketch.file(
            window: Window(x: 300 - width / 2, y: 44, width: width, height: width * 2 / 3),
            width: coverSize.width, height: coverSize.height)
    }

    /// A person: head and shoulders.
    static func portrait(seed: UInt64, palette number: Int) -> String {
        let palette = Palette.numbered(number)
        var dice = SeededGenerator(seed: seed)
        var sketch = Sketch(ink: palette.ink)
        let outfit = Outfit(seed: dice.next(), palette: palette)
        sketch.setting(
            dice.pick([.sun, .plain, .bands, .arch, .light, .leaves]), palette: palette,
            clothes: [outfit.main.colour], dice: &dice)
        let person = Complexion(dice: &dice, palette: palette)
        let body = Body(dice: &dice)
        Figure(outfit: outfit, body: body, person: person, palette: palette, isBack: false).draw(
            in: &sketch, scale: 0.9, dice: &dice)
        let width = dice.between(176, 206)
        return sketch.file(
            window: Window(x: 300 - width / 2, y: 48, width: width, height: width),
            width: portraitSize.width, height: portraitSize.height)
    }

    /// A brand's mark: primitives on a square, ink on paper or the other way round.
    static func mark(seed: UInt64, palette number: Int) -> String {
        let palette = Palette.numbered(number)
        var dice = SeededGenerator(seed: seed)
        let isDark = dice.chance(40)
        let ground = isDark ? palette.ink : Colour(0xF4F0E8)
        let figure = isDark ? Colour(0xF4F0E8) : palette.ink
        var sketch = Sketch(ink: palette.ink)
        sketch.box(0, 0, 400, 400, ground.hex)
        let accent = palette.accent.colour.hex
        let size = dice.between(66, 92)
        let columns = 2 + dice.below(2)
        let start = 200 - size * Double(columns) / 2
        for row in 0..<columns {
            for column in 0..<columns where dice.chance(84) {
                let x = start + Double(column) * size
                let y = start + Double(row) * size
                let paint = dice.chance(22) ? accent : figure.hex
                tile(dice.below(7), x, y, size, paint, in: &sketch)
            }
        }
        return sketch.file(
            window: Window(x: 0, y: 0, width: 400, height: 400), width: markSize.width,
            height: markSize.height)
    }

    private static func tile(
        _ kind: Int, _ x: Double, _ y: Double, _ size: Double, _ paint: String,
        in sketch: inout Sketch
    ) {
        let side = tenths(size)
        let half = tenths(size / 2)
        let corner = "M\(tenths(x)) \(tenths(y))"
        switch kind {
        case 0: sketch.ellipse(x + size / 2, y + size / 2, size / 2, size / 2, paint)
        case 1: sketch.fill(corner + "h\(side)a\(side) \(side) 0 0 1 -\(side) \(side)z", paint)
        case 2:
            sketch.fill(corner + "v\(side)h\(side)a\(side) \(side) 0 0 0 -\(side) -\(side)z", paint)
        case 3: sketch.fill(corner + "h\(side)l-\(side) \(side)z", paint)
        case 4: sketch.fill(corner + "v\(side)h\(half)v-\(side)z", paint)
        case 5:
            sketch.fill(corner + "a\(half) \(half) 0 0 0 \(side) 0z", paint)
            sketch.fill(
                "M\(tenths(x)) \(tenths(y + size))a\(half) \(half) 0 0 1 \(side) 0z", paint)
        default: sketch.fill(corner + "l\(half) \(side)l\(half) -\(side)z", paint)
        }
    }
}
