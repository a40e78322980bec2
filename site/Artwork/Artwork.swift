// Every drawing of the magazine, each a pure function of a seed and a palette.
//
// The seed of a look fixes the outfit for all of its views: the second die, for pose, place and
// crop, is mixed with the kind of view, so front and back show the same coat on another day. A
// drawing is 2 to 8 KB of SVG; not one byte of it comes from anywhere but this folder.

/// Draws covers, looks, portraits and marks.
enum Artwork {
    /// The views of a look.
    enum View: String, CaseIterable {
        case front, back, closeup, detail
    }

    /// The size that a look's file declares, in pixels.
    static let lookSize = (width: 900, height: 1200)
    static let coverSize = (width: 1500, height: 1000)
    static let portraitSize = (width: 800, height: 800)
    static let markSize = (width: 400, height: 400)

    /// The drawing that a row of `fashion.image` asks for; an unknown kind is drawn as a mark.
    static func drawing(kind: String, seed: Int64, palette: Int) -> String {
        let seed = UInt64(bitPattern: seed)
        if let view = View(rawValue: kind) { return look(seed: seed, palette: palette, view: view) }
        switch kind {
        case "cover": return cover(seed: seed, palette: palette)
        case "portrait": return portrait(seed: seed, palette: palette)
        default: return mark(seed: seed, palette: palette)
        }
    }

    /// One view of one look.
    static func look(seed: UInt64, palette number: Int, view: View = .front) -> String {
        let palette = Palette.numbered(number)
        let outfit = Outfit(seed: seed, palette: palette)
        if view == .detail { return detail(of: outfit, seed: seed, palette: palette) }
        var who = SeededGenerator(seed: seed ^ 0x5EED_0FA_FACE)
        let person = Complexion(dice: &who, palette: palette)
        var dice = SeededGenerator(seed: seed &* 31 &+ viewNumber(view))
        var sketch = Sketch(ink: palette.ink)
        sketch.setting(
            dice.any(Setting.self), palette: palette,
            clothes: [outfit.main.colour, outfit.second.colour], dice: &dice)
        let body = Body(isBack: view == .back, dice: &dice)
        sketch.ellipse(308, 742, 120, 11, palette.ink.hex, opacity: 0.2)
        sketch.ellipse(304, 738, 70, 7, palette.ink.hex, opacity: 0.22)
        let window = crop(view, dice: &dice)
        let isMirrored = dice.chance(50)
        if isMirrored { sketch.beginGroup(transform: "matrix(-1 0 0 1 600 0)") }
        Figure(
            outfit: outfit, body: body, person: person, palette: palette, isBack: view == .back
        ).draw(in: &sketch, scale: dice.between(0.8, 1.15), dice: &dice)
        if isMirrored { sketch.endGroup() }
        return sketch.file(window: window, width: lookSize.width, height: lookSize.height)
    }

    private static func viewNumber(_ view: View) -> UInt64 {
        switch view {
        case .front: 1
        case .back: 2
        case .closeup: 3
        case .detail: 4
        }
    }

    private static func crop(_ view: View, dice: inout SeededGenerator) -> Window {
        if view == .closeup {
            let width = dice.between(236, 300)
            return Window(
                x: 300 - width / 2 + dice.between(-28, 28), y: dice.between(42, 62), width: width,
                height: width * 4 / 3)
        }
        switch dice.below(10) {
        case 0...4:
            let width = dice.between(560, 600)
            return Window(
                x: 300 - width / 2 + dice.between(-24, 24), y: dice.between(8, 30), width: width,
                height: width * 4 / 3)
        case 5, 6:
            let width = dice.between(410, 450)
            return Window(
                x: 300 - width / 2 + dice.between(-30, 30), y: dice.between(34, 50), width: width,
                height: width * 4 / 3)
        case 7:
            return Window(x: dice.chance(50) ? 130 : 20, y: 26, width: 450, height: 600)
        default:
            return .whole
        }
    }

    /// The cloth itself, folded over, with what holds it together.
    private static func detail(of outfit: Outfit, seed: UInt64, palette: Palette) -> String {
        var dice = SeededGenerator(seed: seed &* 31 &+ 4)
        var sketch = Sketch(ink: palette.ink)
        let ground = outfit.main.colour
        let other = outfit.second.colour
        let figure = outfit.weave.figure(on: ground, against: other, ink: palette.ink)
        let turn = dice.pick([-24, -12, 12, 24, 40])
        let cloth = ClothPaint(
            paint: outfit.weave.paint(
                "a", ground: ground, figure: figure, scale: 3.4, turn: turn, in: &sketch),
            colour: ground, ink: palette.ink)
        let lining = ClothPaint(paint: other.hex, colour: other, ink: palette.ink)
        sketch.box(0, 0, 600, 800, cloth.paint)
        let edge = dice.between(250, 420)
        let slope = dice.between(-150, 150)
        let top = edge - slope
        let fold = outline([
            Node(top, -20, corner: true), Node(edge + dice.between(-50, 50), 400),
            Node(edge + slope, 820, corner: true), Node(edge + slope + 190, 820, corner: true),
            Node(edge + 140, 420), Node(top + 90, -20, corner: true),
        ])
        sketch.beginGroup(transform: "translate(16 10)")
        sketch.fill(fold, palette.ink.hex, opacity: 0.22)
        sketch.endGroup()
        sketch.fill(fold, lining.paint, line: lining.line, width: 2)
        let seam = outline(
            [
                Node(top - 26, -20), Node(edge - 30, 400), Node(edge + slope - 26, 820),
            ], closed: false)
        sketch.stroke(seam, outfit.accent.colour, width: 3.4, dash: "17 12")
        for index in 0..<(2 + dice.below(3)) {
            let y = 120 + Double(index) * 190 + dice.between(-10, 10)
            let x = top + (edge + slope - top) * (y / 800) - 104
            button(x, y, dice.between(36, 44), outfit.accent.colour, in: &sketch)
        }
        for _ in 0..<4 {
            let x = dice.between(-40, 640)
            sketch.stroke(
                outline(
                    [
                        Node(x, -20), Node(x + dice.between(-50, 50), 400),
                        Node(x + dice.between(-120, 120), 820),
                    ], closed: false), palette.ink, width: dice.between(14, 40), opacity: 0.07)
        }
        return sketch.file(window: .whole, width: lookSize.width, height: lookSize.height)
    }

    private static func button(
        _ x: Double, _ y: Double, _ radius: Double, _ colour: Colour, in sketch: inout Sketch
    ) {
        sketch.ellipse(x + 6, y + 8, radius, radius, sketch.ink.hex, opacity: 0.28)
        sketch.ellipse(x, y, radius, radius, colour.mixed(with: sketch.ink, 26).hex)
        sketch.ellipse(x - 1, y - 2, radius - 3, radius - 3, colour.hex)
        sketch.ellipse(x, y, radius * 0.64, radius * 0.64, colour.mixed(with: .white, 16).hex)
        for dx in [-1.0, 1.0] {
            for dy in [-1.0, 1.0] {
                sketch.ellipse(
                    x + dx * radius * 0.2, y + dy * radius * 0.2, 4.4, 4.4, sketch.ink.hex,
                    opacity: 0.8)
            }
        }
    }
}
