// The place where a figure stands: a wall, a floor, and one large idea.
//
// Everything is flat, as if cut from paper, and kept far enough from the clothes in colour that
// the silhouette reads at the size of a thumb. The sheet is 600 by 800 with a margin to spare.

/// The idea behind a figure.
enum Setting: CaseIterable {
    case plain, sun, arch, light, bands, leaves, steps, arcs, curtain, frame, tiles, screen
}

extension Sketch {
    /// Paints the sheet; `clothes` are the colours that must stand out.
    mutating func setting(
        _ setting: Setting, palette: Palette, clothes: [Colour], dice: inout SeededGenerator
    ) {
        let candidates = [
            palette.paper, palette.wall, palette.wall, palette.floor,
            palette.accent.colour.mixed(with: palette.paper, 62),
            palette.cloths[0].colour.mixed(with: palette.paper, 74),
            palette.cloths[1].colour.mixed(with: palette.paper, 70),
        ]
        let first = dice.below(candidates.count)
        let ordered = candidates[first...] + candidates[..<first]
        let wall =
            ordered.first { colour in clothes.allSatisfy { $0.distance(to: colour) > 34 } }
            ?? ordered.max { one, two in
                nearest(one, clothes) < nearest(two, clothes)
            } ?? palette.paper
        let floor = wall.mixed(with: palette.ink, wall.lightness < 90 ? 30 : 16)
        let figure = pickFigure(wall: wall, palette: palette, clothes: clothes, dice: &dice)
        box(-40, -40, 680, 880, wall.hex)
        let horizon = dice.between(640, 716)
        if setting != .frame && setting != .leaves {
            box(-40, horizon, 680, 240, floor.hex)
        }
        idea(setting, figure: figure, wall: wall, horizon: horizon, dice: &dice)
    }

    private func nearest(_ colour: Colour, _ clothes: [Colour]) -> Int {
        clothes.map { $0.distance(to: colour) }.min() ?? 255
    }

    private func pickFigure(
        wall: Colour, palette: Palette, clothes: [Colour], dice: inout SeededGenerator
    ) -> Colour {
        let choices = [
            palette.accent.colour.mixed(with: wall, 25), palette.floor,
            palette.cloths[2].colour.mixed(with: wall, 40), palette.paper,
            wall.mixed(with: palette.ink, 22), palette.cloths[1].colour.mixed(with: wall, 45),
        ]
        let start = dice.below(choices.count)
        return (choices[start...] + choices[..<start]).first { colour in
            colour.distance(to: wall) > 18
                && clothes.allSatisfy { cloth in cloth.distance(to: colour) > 28 }
        } ?? wall.mixed(with: palette.ink, 14)
    }

    private mutating func idea(
        _ setting: Setting, figure: Colour, wall: Colour, horizon: Double,
        dice: inout SeededGenerator
    ) {
        switch setting {
        case .plain: break
        case .sun:
            let radius = dice.between(120, 215)
            ellipse(
                dice.between(180, 420), dice.between(170, 330), radius, radius, figure.hex)
        case .arch: arch(figure, horizon: horizon, dice: &dice)
        case .light: windowLight(wall, dice: &dice)
        case .bands:
            let count = 2 + dice.below(4)
            let step = 600 / Double(count * 2)
            for index in 0..<count {
                box(step * Double(index * 2) + step / 2, -40, step, horizon + 40, figure.hex)
            }
        case .leaves: seaweed(figure, dice: &dice)
        case .steps:
            let side = dice.chance(50) ? 1.0 : -1.0
            for index in 0..<4 {
                let top = horizon - Double(index + 1) * 62
                let inset = 300 + side * (110 + Double(index) * 58)
                box(
                    side > 0 ? inset : -40, top, side > 0 ? 640 - inset : inset + 40, horizon - top,
                    figure.mixed(with: ink, index * 7).hex)
            }
        case .arcs:
            let side = dice.chance(50) ? 20.0 : 580
            for index in 0..<4 {
                let radius = 360 - Double(index) * 82
                ellipse(
                    side, horizon - 8, radius, radius,
                    index.isMultiple(of: 2) ? figure.hex : wall.hex)
            }
            box(-40, horizon, 680, 240, wall.mixed(with: ink, 16).hex)
        case .curtain: curtain(figure, horizon: horizon, dice: &dice)
        case .frame:
            stroke("M34 34h532v732H34z", figure, width: 3)
            box(-40, 700, 680, 1, figure.hex, opacity: 0.8)
        case .tiles: tiles(figure, horizon: horizon)
        case .screen:
            for index in 0..<3 {
                let x = 70 + Double(index) * 158
                let lift = index == 1 ? 0.0 : 22
                fill(
                    "M\(tenths(x)) \(tenths(150 + lift))L\(tenths(x + 150)) \(tenths(172 - lift))"
                        + "V\(tenths(horizon + 26 - lift))L\(tenths(x))"
                        + " \(tenths(horizon + 4 + lift))Z",
                    figure.mixed(with: ink, index * 8).hex)
            }
        }
    }

    private mutating func arch(_ figure: Colour, horizon: Double, dice: inout SeededGenerator) {
        let half = dice.between(150, 205)
        let x = 300 + dice.between(-60, 60)
        let top = dice.between(50, 120)
        fill(
            "M\(tenths(x - half)) \(tenths(horizon))V\(tenths(top + half))"
                + "A\(tenths(half)) \(tenths(half)) 0 0 1 \(tenths(x + half)) \(tenths(top + half))"
                + "V\(tenths(horizon))Z", figure.hex)
        guard dice.chance(45) else { return }
        let small = half - 26
        stroke(
            "M\(tenths(x - small)) \(tenths(horizon))V\(tenths(top + half))"
                + "A\(tenths(small)) \(tenths(small)) 0 0 1 \(tenths(x + small))"
                + " \(tenths(top + half))"
                + "V\(tenths(horizon))", figure.mixed(with: ink, 24), width: 2)
    }

    private mutating func windowLight(_ wall: Colour, dice: inout SeededGenerator) {
        let x = dice.between(60, 250)
        let skew = dice.between(-60, -24)
        for row in 0..<3 {
            for column in 0..<2 {
                let left = x + Double(column) * 142 - Double(row) * skew * -0.5
                let top = 90 + Double(row) * 176 + Double(column) * skew * 0.4
                fill(
                    "M\(tenths(left)) \(tenths(top))l126 \(tenths(skew * 0.36))"
                        + "l\(tenths(skew * -0.4)) 160l-126 \(tenths(skew * -0.36))z",
                    Colour.white.mixed(with: wall, 30).hex, opacity: 0.55)
            }
        }
    }

    private mutating func seaweed(_ figure: Colour, dice: inout SeededGenerator) {
        var path = "M-5 60C-9-60 7-160 0-300C11-160 5-60 7 60Z"
        let droop = dice.between(-6, 22)
        for leaf in 0..<5 {
            let y = -20 - Double(leaf) * 58
            let size = 92 - Double(leaf) * 11
            for side in [-1.0, 1.0] {
                path += outline([
                    Node(0, y, corner: true), Node(side * size * 0.5, y - 46),
                    Node(side * size, y - 52 + droop), Node(side * size * 0.86, y - 22 + droop),
                    Node(side * size * 0.4, y + 4),
                ])
            }
        }
        define("<path id=\"w\" fill=\"\(figure.hex)\" d=\"\(path)\"/>")
        for plant in 0..<3 {
            let x = [70.0, 520, 300][plant] + dice.between(-50, 50)
            let base = plant == 2 ? 250.0 : dice.between(620, 780)
            let turn = plant == 2 ? dice.between(150, 210) : dice.between(-28, 28)
            use("w", transform: "translate(\(tenths(x)) \(tenths(base))) rotate(\(tenths(turn)))")
        }
    }

    private mutating func curtain(_ figure: Colour, horizon: Double, dice: inout SeededGenerator) {
        let isLeft = dice.chance(50)
        let from = isLeft ? -30.0 : 360
        for index in 0..<6 {
            let x = from + Double(index) * 46
            let sway = dice.between(-9, 9)
            fill(
                outline([
                    Node(x, -40, corner: true), Node(x + 26, -40, corner: true),
                    Node(x + 40 + sway, 300), Node(x + 47, horizon + 14, corner: true),
                    Node(x + 22, horizon + 26), Node(x - 4, horizon + 14, corner: true),
                    Node(x + sway, 300),
                ]), figure.mixed(with: ink, index.isMultiple(of: 2) ? 0 : 13).hex)
        }
    }

    private mutating func tiles(_ figure: Colour, horizon: Double) {
        var path = ""
        for row in 0..<3 {
            let top = horizon + Double(row * row + row) * 14
            let low = horizon + Double((row + 1) * (row + 1) + row + 1) * 14
            for column in stride(from: -8, to: 8, by: 1)
            where (column + row).isMultiple(of: 2) {
                let near = 46 + (low - horizon) * 0.62
                let far = 46 + (top - horizon) * 0.62
                path +=
                    "M\(tenths(300 + Double(column) * far)) \(tenths(top))h\(tenths(far))"
                    + "L\(tenths(300 + Double(column + 1) * near)) \(tenths(low))h\(tenths(-near))z"
            }
        }
        fill(path, figure.hex, opacity: 0.8)
    }
}
