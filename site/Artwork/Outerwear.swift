// Coats, jackets and capes, with lapels, buttons, belts and pockets.
//
// The front of a coat is one outline; what makes it a coat is drawn on top of it. From behind the
// same outline carries a seam and a vent instead. Measures are in the 600 by 800 of the sheet.

extension Sketch {
    /// A coat or jacket to the height `hemY`.
    mutating func coat(
        _ body: Body, hemY: Double, ease: Double, cloth: ClothPaint, dice: inout SeededGenerator
    ) {
        let x = body.centre
        let waist = body.middle(Body.waist)
        let flare = (hemY - Body.hip) / 330
        let ribs = [
            Rib(x, 17, 163, corner: true), Rib(x, 62 + ease * 6, 180, corner: true),
            Rib(x, 56 + ease * 12, Body.bust), Rib(waist, 46 + ease * 34, Body.waist),
            Rib(body.middle(Body.hip), 60 + ease * 34, Body.hip),
            Rib(
                body.middle(hemY), 62 + ease * 18 + flare * 38, hemY, corner: true),
        ]
        guard let end = ribs.last else { return }
        garment(ribs, hem: [Node(end.centre, end.y + 7)], cloth: cloth)
        folds(
            from: Rib(waist, 40, Body.waist + 20), to: end, count: hemY > 480 ? 2 : 0,
            cloth: cloth, dice: &dice)
    }

    /// A cape from neck to `hemY`, with the slits for the arms.
    mutating func cape(
        _ body: Body, hemY: Double, cloth: ClothPaint, dice: inout SeededGenerator
    ) {
        let x = body.centre
        let half = 108 + (hemY - 360) * 0.16
        let top = Rib(x, 30, 168, corner: true)
        let end = Rib(x + body.sway / 2, half, hemY, corner: true)
        let hem = (0..<5).map { index in
            Node(
                end.centre + (Double(index + 1) / 6 * 2 - 1) * half,
                hemY + (index.isMultiple(of: 2) ? 13 : 3))
        }
        garment(
            [top, Rib(x, 68, 188), Rib(x, 92, 260), end], hem: hem, cloth: cloth, shade: 0.5)
        folds(
            from: Rib(x, 70, 214), to: end, count: 4 + dice.below(3), cloth: cloth, dice: &dice)
    }

    /// Shirt front, lapels and the closing edge.
    mutating func lapels(
        _ body: Body, collar: Collar, hemY: Double, cloth: ClothPaint, facing: ClothPaint,
        inner: ClothPaint, isDouble: Bool, button: Colour
    ) {
        let x = body.centre
        let middle = body.middle(Body.waist)
        let close = isDouble ? 276.0 : 262.0
        let edge = isDouble ? 16.0 : 2
        if collar == .stand {
            fill(
                outline([
                    Node(x - 20, 148, corner: true), Node(x, 154), Node(x + 20, 148, corner: true),
                    Node(x + 23, 172, corner: true), Node(x, 178), Node(x - 23, 172, corner: true),
                ]), cloth.paint, line: cloth.line)
        } else {
            fill(
                "M\(tenths(x - 17)) 164L\(tenths(x)) 156L\(tenths(x + 17)) 164"
                    + "L\(tenths(x + 9)) 220L\(tenths(middle + edge)) \(tenths(close))"
                    + "L\(tenths(x - 11)) 216Z", inner.paint, line: inner.line)
            for side in [-1.0, 1.0] {
                fill(
                    lapel(x, side, collar, end: Node(middle + edge, close)), facing.paint,
                    line: cloth.line)
            }
        }
        let start = collar == .stand ? 178 : close
        stroke(
            outline(
                [
                    Node(collar == .stand ? x : middle + edge, start),
                    Node(body.middle(Body.hip) + edge, Body.hip),
                    Node(body.middle(hemY) + edge, hemY),
                ], closed: false), cloth.line, width: 1.6)
        let rows = hemY > 460 ? 3 : 2
        for row in 0..<rows {
            let y = start + 14 + Double(row) * (hemY > 460 ? 44 : 30)
            let at = body.middle(y)
            let places = isDouble ? [at - 15, at + 25] : [at + 9]
            for place in places { ellipse(place, y, 4.1, 4.1, button.hex) }
        }
    }

    private func lapel(_ x: Double, _ side: Double, _ collar: Collar, end: Node) -> String {
        if collar == .shawl {
            return outline([
                Node(x + side * 14, 158, corner: true), Node(x + side * 38, 196),
                Node(x + side * 34, 238), Node(end.x, end.y, corner: true),
                Node(x + side * 8, 212),
            ])
        }
        return outline([
            Node(x + side * 15, 156, corner: true), Node(x + side * 35, 182, corner: true),
            Node(x + side * 27, 192, corner: true), Node(x + side * 44, 200, corner: true),
            Node(end.x, end.y, corner: true), Node(x + side * 10, 210),
        ])
    }

    /// A belt at the waist, buckled or knotted.
    mutating func belt(_ body: Body, half: Double, cloth: ClothPaint, isKnotted: Bool) {
        let x = body.middle(Body.waist)
        let y = Body.waist - 8
        fill(
            outline([
                Node(x - half, y, corner: true), Node(x, y + 4), Node(x + half, y, corner: true),
                Node(x + half + 1, y + 17, corner: true), Node(x, y + 21),
                Node(x - half - 1, y + 17, corner: true),
            ]), cloth.paint, line: cloth.line)
        if isKnotted {
            fill(
                outline([
                    Node(x - 6, y + 10, corner: true), Node(x - 2, y + 60),
                    Node(x - 14, y + 112, corner: true), Node(x + 3, y + 106, corner: true),
                    Node(x + 8, y + 56), Node(x + 7, y + 10, corner: true),
                ]), cloth.paint, line: cloth.line)
            fill(
                outline([
                    Node(x - 10, y + 2), Node(x + 8, y - 2), Node(x + 12, y + 18),
                    Node(x - 6, y + 23),
                ]), cloth.paint, line: cloth.line)
        } else {
            stroke(
                "M\(tenths(x - 9)) \(tenths(y + 1))h18v19h-18z", Colour(0xD9C08A), width: 3)
        }
    }

    /// Two slanted pockets below the waist.
    mutating func pockets(_ body: Body, reach: Double, cloth: ClothPaint) {
        for side in [-1.0, 1.0] {
            let x = body.middle(352) + side * reach
            fill(
                outline([
                    Node(x - 15, 352 - side * 3, corner: true),
                    Node(x + 15, 352 + side * 3, corner: true),
                    Node(x + 15, 367 + side * 3, corner: true),
                    Node(x - 15, 367 - side * 3, corner: true),
                ]), cloth.paint, line: cloth.line)
        }
    }

    /// What a coat shows from behind: yoke, seam, vent and half belt.
    mutating func backSeams(_ body: Body, hemY: Double, cloth: ClothPaint, hasBelt: Bool) {
        stroke(
            outline(
                [
                    Node(body.centre, 170), Node(body.middle(Body.waist), Body.waist),
                    Node(body.middle(hemY), hemY),
                ], closed: false), cloth.line, width: 1.5)
        let vent = hemY - (hemY - Body.waist) * 0.36
        fill(
            outline([
                Node(body.middle(vent), vent, corner: true),
                Node(body.middle(hemY) + 9, hemY + 5, corner: true),
                Node(body.middle(hemY) - 4, hemY + 6, corner: true),
            ]), ink.hex, opacity: 0.45)
        if hasBelt {
            let x = body.middle(Body.waist)
            fill(
                outline([
                    Node(x - 30, Body.waist - 8, corner: true),
                    Node(x + 30, Body.waist - 8, corner: true),
                    Node(x + 30, Body.waist + 9, corner: true),
                    Node(x - 30, Body.waist + 9, corner: true),
                ]), cloth.paint, line: cloth.line)
            for side in [-1.0, 1.0] { ellipse(x + side * 22, Body.waist, 3.6, 3.6, cloth.line.hex) }
        }
    }

    /// Roll neck, crew rib, bow: what a top has at the neck.
    mutating func neckTrim(_ body: Body, collar: Collar, cloth: ClothPaint, trim: ClothPaint) {
        let x = body.centre
        switch collar {
        case .roll:
            fill(
                outline([
                    Node(x - 16, 136), Node(x, 144), Node(x + 16, 136), Node(x + 19, 154),
                    Node(x + 25, 174), Node(x, 184), Node(x - 25, 174), Node(x - 19, 154),
                ]), cloth.paint, line: cloth.line)
            stroke(
                outline([Node(x - 18, 152), Node(x, 161), Node(x + 18, 152)], closed: false),
                cloth.line, width: 1.2)
        case .crew:
            stroke(
                outline([Node(x - 18, 166), Node(x, 178), Node(x + 18, 166)], closed: false),
                cloth.line, width: 5)
        case .bow:
            for side in [-1.0, 1.0] {
                fill(
                    outline([
                        Node(x, 180, corner: true), Node(x + side * 30, 164),
                        Node(x + side * 36, 192), Node(x, 184, corner: true),
                    ]), trim.paint, line: trim.line)
                fill(
                    outline([
                        Node(x + side * 2, 182, corner: true), Node(x + side * 15, 226),
                        Node(x + side * 21, 262, corner: true),
                        Node(x + side * 4, 254, corner: true),
                    ]), trim.paint, line: trim.line)
            }
            ellipse(x, 182, 7, 8, trim.colour.hex)
        case .stand:
            for side in [-1.0, 1.0] {
                fill(
                    outline([
                        Node(x, 178, corner: true), Node(x + side * 14, 154, corner: true),
                        Node(x + side * 32, 178, corner: true),
                        Node(x + side * 17, 196, corner: true),
                    ]), cloth.paint, line: cloth.line)
            }
        default:
            break
        }
    }
}
