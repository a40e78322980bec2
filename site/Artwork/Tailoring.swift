// Garments around a body: skirts, trousers, bodices, coats, capes, and what trims them.
//
// A garment is a list of ribs, top to bottom, and becomes one outline; the shaded side is the same
// ribs again, narrower. Ease widens, length lengthens; nothing is random here except folds, which
// take the dice so that two equal cuts still hang differently.

/// What a garment is filled with, and the colour of its contour and shade.
struct ClothPaint {
    let paint: String
    let colour: Colour
    let line: Colour

    init(paint: String, colour: Colour, ink: Colour) {
        self.paint = paint
        self.colour = colour
        line = colour.lightness < 70 ? colour.mixed(with: .white, 34) : colour.mixed(with: ink, 52)
    }
}

extension Sketch {
    /// A garment of `ribs`; `hem` are points between the last left and right rib.
    mutating func garment(_ ribs: [Rib], hem: [Node] = [], cloth: ClothPaint, shade: Double = 0.6) {
        let path = outline(ribs.map(\.left) + hem + ribs.reversed().map(\.right))
        fill(path, cloth.paint, line: cloth.line)
        let inner = ribs.map { rib in
            Node(rib.centre + rib.half * shade, rib.y, corner: rib.isCorner)
        }
        fill(
            outline(inner + ribs.reversed().map(\.right)), ink.hex,
            opacity: cloth.colour.lightness < 70 ? 0.3 : 0.13)
    }

    /// Folds from `top` to `bottom`, spread as wide as the cloth is there.
    mutating func folds(
        from top: Rib, to bottom: Rib, count: Int, cloth: ClothPaint, dice: inout SeededGenerator
    ) {
        guard count > 0 else { return }
        for index in 0..<count {
            let share = (Double(index) + dice.between(0.2, 0.8)) / Double(count) * 2 - 1
            let start = Node(
                top.centre + share * top.half * 0.8, top.y + dice.between(4, 40))
            let end = Node(
                bottom.centre + share * bottom.half * 0.9, bottom.y - dice.between(6, 60))
            let bend = Node(
                (start.x + end.x) / 2 - share * 8, (start.y + end.y) / 2)
            stroke(
                outline([start, bend, end], closed: false), cloth.line, width: 1.3, opacity: 0.75)
        }
    }

    /// A skirt from the waist, or the lower half of a dress.
    mutating func skirt(
        _ body: Body, _ line: SkirtLine, length: Double, cloth: ClothPaint,
        dice: inout SeededGenerator
    ) {
        let waist = Rib(body.middle(Body.waist - 4), 35, Body.waist - 6, corner: true)
        let hip = Rib(body.middle(Body.hip), 53, Body.hip)
        let hemY: Double
        let half: Double
        switch line {
        case .pencil: (hemY, half) = (530 + length * 70, 46)
        case .flared: (hemY, half) = (520 + length * 110, 118 + length * 30)
        case .bell: (hemY, half) = (510 + length * 90, 140)
        case .column: (hemY, half) = (660 + length * 42, 60)
        case .tiered: (hemY, half) = (560 + length * 100, 112)
        case .mini: (hemY, half) = (448 + length * 34, 66)
        }
        let end = Rib(body.middle(hemY), half, hemY, corner: true)
        var ribs = [waist]
        switch line {
        case .bell:
            ribs += [Rib(hip.centre, 78, 344), Rib(hip.centre, 110, 420)]
        case .flared, .mini:
            ribs.append(Rib(hip.centre, 55, Body.hip - 6))
        default:
            ribs.append(hip)
            if line != .tiered { ribs.append(Rib(body.middle(500), min(half, 52), 500)) }
        }
        let waves = hemWaves(end, count: half > 90 ? 4 : 1, depth: half > 90 ? 11 : 6)
        if line == .tiered {
            tiers(body, waist: waist, end: end, cloth: cloth, dice: &dice)
            return
        }
        garment(ribs + [end], hem: waves, cloth: cloth)
        let count = half > 90 ? 5 + dice.below(3) : line == .column ? 2 + dice.below(2) : 1
        folds(from: waist, to: end, count: count, cloth: cloth, dice: &dice)
    }

    private func hemWaves(_ end: Rib, count: Int, depth: Double) -> [Node] {
        (0..<(count * 2 - 1)).map { index in
            let share = Double(index + 1) / Double(count * 2) * 2 - 1
            return Node(
                end.centre + share * end.half, end.y + (index.isMultiple(of: 2) ? depth : 1))
        }
    }

    private mutating func tiers(
        _ body: Body, waist: Rib, end: Rib, cloth: ClothPaint, dice: inout SeededGenerator
    ) {
        let count = 3 + dice.below(2)
        for index in (0..<count).reversed() {
            let from = Double(index) / Double(count)
            let to = Double(index + 1) / Double(count)
            let top = waist.y + (end.y - waist.y) * from
            let low = waist.y + (end.y - waist.y) * to
            let upper = Rib(
                body.middle(top), waist.half + (end.half - waist.half) * from * 0.9, top - 4,
                corner: true)
            let lower = Rib(
                body.middle(low), waist.half + (end.half - waist.half) * to, low, corner: true)
            garment(
                [upper, lower], hem: hemWaves(lower, count: 3 + index, depth: 8), cloth: cloth)
            folds(from: upper, to: lower, count: 2 + index, cloth: cloth, dice: &dice)
        }
    }

    /// Trousers, one leg after the other, with a crease.
    mutating func trousers(_ body: Body, _ line: TrouserLine, cloth: ClothPaint) {
        let standing = body.sway >= 0 ? 1.0 : -1.0
        for side in [-standing, standing] {
            let joints = body.leg(side)
            let knee: Double
            let hem: Double
            switch line {
            case .wide: (knee, hem) = (66, 84)
            case .straight: (knee, hem) = (50, 48)
            case .cigarette: (knee, hem) = (38, 28)
            case .flared: (knee, hem) = (42, 78)
            case .cropped: (knee, hem) = (58, 62)
            }
            let drop = line == .cropped ? -70.0 : line == .cigarette ? -22 : 20
            let outX = body.middle(Body.hip) + side * 50
            let inX = body.middle(Body.hip) - side * 2
            let foot = joints[2].moved(0, drop)
            let bend = joints[1]
            fill(
                outline([
                    Node(body.middle(Body.waist) + side * 35, Body.waist - 6, corner: true),
                    Node(outX, Body.hip), Node(bend.x + side * knee / 2, bend.y),
                    Node(foot.x + side * hem / 2, foot.y, corner: true),
                    Node(foot.x - side * hem / 2, foot.y + 2, corner: true),
                    Node(bend.x - side * knee / 2, bend.y), Node(inX, Body.crotch, corner: true),
                    Node(body.middle(Body.waist), Body.waist - 6, corner: true),
                ]), cloth.paint, line: cloth.line)
            stroke(
                outline(
                    [Node(body.middle(Body.hip) + side * 24, 392), bend, foot.moved(0, -4)],
                    closed: false), cloth.line, width: 1.1, opacity: 0.8)
        }
    }

    /// The upper body, down to `low`; the neckline follows the collar.
    mutating func bodice(_ body: Body, collar: Collar, low: Double, ease: Double, cloth: ClothPaint)
    {
        let x = body.centre
        let tilt = body.tilt
        var top: [Node]
        switch collar {
        case .strapless:
            top = [
                Node(x - 46, 218, corner: true), Node(x - 22, 208), Node(x, 216, corner: true),
                Node(x + 22, 208), Node(x + 46, 218, corner: true),
            ]
        case .vee, .notched, .shawl:
            top = shoulders(x, tilt, inner: 20) { [Node(x, 236, corner: true)] }
        case .boat:
            top = shoulders(x, tilt, inner: 38) { [Node(x, 184)] }
        default:
            top = shoulders(x, tilt, inner: 17) { [Node(x, 174)] }
        }
        let waist = Rib(body.middle(Body.waist), 35 + ease * 16, Body.waist)
        var ribs = [Rib(x, 47 + ease * 3, Body.bust), waist]
        if low > Body.waist + 10 {
            let share = min(1, (low - Body.waist) / (Body.hip - Body.waist))
            ribs.append(
                Rib(body.middle(low), 37 + 17 * share + ease * 8, low, corner: true))
        } else {
            ribs[1].isCorner = true
        }
        fill(
            outline(top + ribs.map(\.right) + ribs.reversed().map(\.left)), cloth.paint,
            line: cloth.line)
        let inner = ribs.map { rib in Node(rib.centre + rib.half * 0.55, rib.y) }
        fill(
            outline(ribs.map(\.right) + inner.reversed()), ink.hex,
            opacity: cloth.colour.lightness < 70 ? 0.28 : 0.12)
    }

    private func shoulders(
        _ x: Double, _ tilt: Double, inner: Double, middle: () -> [Node]
    ) -> [Node] {
        [
            Node(x - 55, 183 + tilt, corner: true), Node(x - inner, 166, corner: true),
        ] + middle() + [
            Node(x + inner, 166, corner: true), Node(x + 55, 183 - tilt, corner: true),
        ]
    }
}
