// One dressed figure: the order in which body and garments are painted.
//
// Far things first: hair behind, legs, what is worn below, the top, arms, collar, head, bag. The
// same outfit seen from behind goes through the same steps with other trims.

/// Paints one outfit on one body.
struct Figure {
    let outfit: Outfit
    let body: Body
    let person: Complexion
    let palette: Palette
    let isBack: Bool

    /// Paints the figure into `sketch`; `scale` is that of the weave, `prefix` keeps the
    /// weaves of several figures on one sheet apart.
    func draw(
        in sketch: inout Sketch, scale: Double, prefix: String = "",
        dice: inout SeededGenerator
    ) {
        let ink = palette.ink
        let main = cloth(
            prefix + "a", outfit.main.colour, outfit.weave, against: outfit.second.colour,
            scale: scale,
            in: &sketch)
        let second = cloth(
            prefix + "b", outfit.second.colour, outfit.secondWeave, against: outfit.main.colour,
            scale: scale, in: &sketch)
        let plain = ClothPaint(
            paint: outfit.main.colour.mixed(with: ink, 10).hex, colour: outfit.main.colour, ink: ink
        )
        let accent = ClothPaint(
            paint: outfit.accent.colour.hex, colour: outfit.accent.colour, ink: ink)
        let head = Head(
            x: body.centre + body.sway * -0.25, y: 110, person: person, hair: outfit.hair,
            hat: outfit.hat, hatColour: outfit.hat == .scarf ? outfit.accent.colour : plain.colour,
            isBack: isBack, hasGlasses: dice.chance(16))
        if !isBack { head.drawBehind(in: &sketch) }
        sketch.legs(
            body, person, shoes: dice.chance(55) ? ink : outfit.accent.colour,
            boots: dice.chance(45) && showsLegs)
        dress(main, second, plain, accent, in: &sketch, dice: &dice)
        if isBack { head.drawBehind(in: &sketch) }
        head.draw(in: &sketch)
        if body.gestures.left == .raised { sleeves([-1], main, second, in: &sketch) }
        if body.gestures.right == .raised { sleeves([1], main, second, in: &sketch) }
        if outfit.hasBag && outfit.ensemble != .cape { bag(accent, in: &sketch) }
    }

    /// Whether the calves show: boots under trousers would stand out at the hem.
    private var showsLegs: Bool {
        switch outfit.ensemble {
        case .dress, .knitAndSkirt: true
        case .suit: outfit.isSkirtSuit
        default: false
        }
    }

    private func cloth(
        _ id: String, _ ground: Colour, _ weave: Weave, against other: Colour, scale: Double,
        in sketch: inout Sketch
    ) -> ClothPaint {
        let figure = weave.figure(on: ground, against: other, ink: palette.ink)
        return ClothPaint(
            paint: weave.paint(
                id, ground: ground, figure: figure, scale: scale, turn: 0, in: &sketch),
            colour: ground, ink: palette.ink)
    }

    private func dress(
        _ main: ClothPaint, _ second: ClothPaint, _ plain: ClothPaint, _ accent: ClothPaint,
        in sketch: inout Sketch, dice: inout SeededGenerator
    ) {
        let down: [Double] = [-1, 1].filter { side in
            (side < 0 ? body.gestures.left : body.gestures.right) != .raised
        }
        switch outfit.ensemble {
        case .coat: coat(main, second, plain, accent, down, in: &sketch, dice: &dice)
        case .suit: suit(main, second, plain, accent, down, in: &sketch, dice: &dice)
        case .cape:
            sketch.trousers(body, outfit.trousers, cloth: second)
            sketch.neck(body, person, depth: 0)
            sketch.cape(
                body, hemY: 400 + outfit.length * 190, cloth: main, dice: &dice)
            if !isBack {
                sketch.neckTrim(body, collar: outfit.collar, cloth: plain, trim: accent)
                sketch.ellipse(body.centre, 190, 6, 6, accent.paint)
            }
        case .dress, .jumpsuit:
            if outfit.ensemble == .dress {
                sketch.skirt(body, outfit.skirt, length: outfit.length, cloth: main, dice: &dice)
            } else {
                sketch.trousers(body, outfit.trousers, cloth: main)
            }
            top(
                main, accent, low: Body.waist + (outfit.ensemble == .dress ? 2 : 44), ease: 0,
                down, in: &sketch)
            if outfit.isBelted {
                sketch.belt(body, half: 37, cloth: accent, isKnotted: outfit.ease > 0.5)
            }
        case .knitAndSkirt:
            sketch.skirt(body, outfit.skirt, length: outfit.length, cloth: second, dice: &dice)
            top(
                main, accent, low: 336 + outfit.ease * 26, ease: 0.35 + outfit.ease * 0.6, down,
                in: &sketch)
        case .shirtAndTrousers:
            sketch.trousers(body, outfit.trousers, cloth: second)
            top(main, accent, low: Body.waist + 4, ease: 0.3, down, in: &sketch)
            if outfit.isBelted { sketch.belt(body, half: 37, cloth: accent, isKnotted: false) }
            if !isBack && outfit.collar != .bow {
                for row in 0..<4 {
                    let y = 204 + Double(row) * 24
                    sketch.ellipse(body.middle(y), y, 2.2, 2.2, main.line.hex)
                }
            }
        }
    }

    private func top(
        _ main: ClothPaint, _ accent: ClothPaint, low: Double, ease: Double, _ down: [Double],
        in sketch: inout Sketch
    ) {
        let bare = outfit.collar == .strapless
        sketch.neck(body, person, depth: bare ? 30 : outfit.collar == .vee ? 44 : 0)
        sketch.bodice(
            body, collar: isBack && outfit.collar == .vee ? .crew : outfit.collar, low: low,
            ease: ease, cloth: main)
        if bare {
            for side in down {
                sketch.arm(
                    body, side, person: person, sleeve: nil, line: main.line, widths: [], reach: 0)
            }
        } else {
            sleeves(down, main, main, in: &sketch)
        }
        if !isBack || outfit.collar == .roll {
            sketch.neckTrim(body, collar: outfit.collar, cloth: main, trim: accent)
        }
    }

    private func coat(
        _ main: ClothPaint, _ second: ClothPaint, _ plain: ClothPaint, _ accent: ClothPaint,
        _ down: [Double], in sketch: inout Sketch, dice: inout SeededGenerator
    ) {
        sketch.trousers(body, outfit.trousers, cloth: second)
        let hem = 452 + outfit.length * 188
        sketch.neck(body, person, depth: 0)
        sketch.coat(body, hemY: hem, ease: outfit.ease, cloth: main, dice: &dice)
        if isBack {
            sketch.backSeams(body, hemY: hem, cloth: main, hasBelt: outfit.isBelted)
            sleeves(down, main, main, in: &sketch)
        } else {
            sketch.pockets(body, reach: 44 + outfit.ease * 20, cloth: main)
            sleeves(down, main, main, in: &sketch)
            sketch.lapels(
                body, collar: outfit.collar, hemY: hem, cloth: main, facing: main, inner: second,
                isDouble: outfit.isDoubleBreasted, button: outfit.accent.colour)
            if outfit.isBelted {
                sketch.belt(
                    body, half: 47 + outfit.ease * 30, cloth: plain, isKnotted: outfit.ease > 0.4)
            }
        }
    }

    private func suit(
        _ main: ClothPaint, _ second: ClothPaint, _ plain: ClothPaint, _ accent: ClothPaint,
        _ down: [Double], in sketch: inout Sketch, dice: inout SeededGenerator
    ) {
        if outfit.isSkirtSuit {
            sketch.skirt(body, outfit.skirt, length: 0.5, cloth: main, dice: &dice)
        } else {
            sketch.trousers(body, outfit.trousers, cloth: main)
        }
        let hem = 372 + outfit.ease * 46
        sketch.neck(body, person, depth: 0)
        sketch.coat(body, hemY: hem, ease: outfit.ease * 0.3, cloth: main, dice: &dice)
        if isBack {
            sketch.backSeams(body, hemY: hem, cloth: main, hasBelt: false)
            sleeves(down, main, main, in: &sketch)
        } else {
            sketch.pockets(body, reach: 40, cloth: main)
            sleeves(down, main, main, in: &sketch)
            sketch.lapels(
                body, collar: outfit.collar, hemY: hem, cloth: main,
                facing: outfit.length > 0.8 ? accent : main, inner: second,
                isDouble: outfit.isDoubleBreasted, button: plain.line)
        }
    }

    private func sleeves(
        _ sides: [Double], _ main: ClothPaint, _ second: ClothPaint, in sketch: inout Sketch
    ) {
        guard outfit.collar != .strapless || outfit.ensemble == .suit, outfit.ensemble != .cape
        else {
            for side in sides where outfit.ensemble != .cape {
                sketch.arm(
                    body, side, person: person, sleeve: nil, line: main.line, widths: [], reach: 0)
            }
            return
        }
        let isTailored = outfit.ensemble == .coat || outfit.ensemble == .suit
        let widths: [Double]
        let reach: Double
        switch isTailored ? .straight : outfit.sleeve {
        case .none: (widths, reach) = ([26, 22], 0.16)
        case .short: (widths, reach) = ([33, 36], 0.62)
        case .straight: (widths, reach) = (isTailored ? [37, 33, 26] : [31, 25, 18], 1.96)
        case .balloon: (widths, reach) = ([36, 50, 20], 1.9)
        case .bell: (widths, reach) = ([30, 30, 56], 1.86)
        }
        for side in sides {
            sketch.arm(
                body, side, person: person, sleeve: main.paint, line: main.line, widths: widths,
                reach: reach)
        }
    }

    private func bag(_ cloth: ClothPaint, in sketch: inout Sketch) {
        let side: Double
        if body.gestures.left == .hanging {
            side = -1
        } else if body.gestures.right == .hanging {
            side = 1
        } else {
            return
        }
        let wrist = body.arm(side)[2]
        let x = wrist.x
        let y = wrist.y + 50
        sketch.stroke(
            outline([Node(x - 20, y), Node(x, wrist.y + 12), Node(x + 20, y)], closed: false),
            cloth.line, width: 3)
        sketch.fill(
            outline([
                Node(x - 27, y, corner: true), Node(x + 27, y, corner: true),
                Node(x + 33, y + 46, corner: true), Node(x - 33, y + 46, corner: true),
            ]), cloth.paint, line: cloth.line)
        sketch.stroke(
            outline([Node(x - 28, y + 12), Node(x, y + 22), Node(x + 28, y + 12)], closed: false),
            cloth.line, width: 1.4)
        sketch.ellipse(x, y + 21, 3, 3, "#d9c08a")
    }
}
