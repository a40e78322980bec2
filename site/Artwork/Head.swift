// Heads: a face of five strokes, hair and hats.
//
// A head is drawn twice: what lies behind the neck before the body, the rest after it. All of it
// is placed relative to the middle of the face, so portraits draw the same head, only larger.

/// Draws one head around a point.
struct Head {
    let x: Double
    let y: Double
    let person: Complexion
    let hair: Hair
    let hat: Hat
    let hatColour: Colour
    let isBack: Bool
    let hasGlasses: Bool

    private func at(_ dx: Double, _ dy: Double, corner: Bool = false) -> Node {
        Node(x + dx, y + dy, corner: corner)
    }

    /// What hangs behind neck and shoulders.
    func drawBehind(in sketch: inout Sketch) {
        let paint = person.hair.hex
        switch hair {
        case .long:
            sketch.fill(
                outline([
                    at(0, -35), at(27, -16), at(30, 20), at(37, 66), at(28, 104), at(0, 96),
                    at(-29, 106), at(-36, 62), at(-30, 20), at(-27, -16),
                ]), paint)
        case .waves:
            sketch.fill(
                outline([
                    at(0, -36), at(30, -18), at(29, 6), at(41, 24), at(34, 42), at(43, 62),
                    at(26, 74), at(0, 60), at(-27, 76), at(-43, 60), at(-35, 42), at(-42, 22),
                    at(-29, 6), at(-30, -18),
                ]), paint)
        case .bob:
            sketch.fill(
                outline([
                    at(0, -36), at(28, -18), at(31, 14), at(34, 32, corner: true), at(0, 28),
                    at(-34, 32, corner: true), at(-31, 14), at(-28, -18),
                ]), paint)
        case .round:
            sketch.ellipse(x, y - 12, 45, 42, paint)
        case .tail:
            sketch.fill(
                outline([
                    at(6, -34), at(40, -30), at(52, 8), at(42, 60, corner: true), at(34, 14),
                    at(20, -8),
                ]), paint)
        case .bun, .crop, .shaven:
            break
        }
    }

    /// Face, hair and hat.
    func draw(in sketch: inout Sketch) {
        sketch.fill(
            outline([
                at(0, -30), at(17, -22), at(21.5, -4), at(18.5, 12), at(10, isBack ? 22 : 25),
                at(0, isBack ? 24 : 31), at(-10, isBack ? 22 : 25), at(-18.5, 12),
                at(-21.5, -4), at(-17, -22),
            ]), isBack && hair != .shaven ? person.hair.hex : person.skin.hex,
            line: person.skin.mixed(with: sketch.ink, 40), width: 0.8)
        if isBack {
            if hair == .bun && hat == .none {
                sketch.ellipse(
                    x + 1, y - 39, 15, 13.5, person.hair.hex)
            }
        } else {
            drawFace(in: &sketch)
            drawFringe(in: &sketch)
        }
        drawHat(in: &sketch)
    }

    private func drawFace(in sketch: inout Sketch) {
        let dark = person.skin.mixed(with: sketch.ink, 74)
        let soft = person.skin.mixed(with: sketch.ink, 38)
        if hasGlasses {
            for side in [-1.0, 1.0] {
                sketch.ellipse(x + side * 9.5, y - 1, 8.6, 6.8, sketch.ink.hex)
            }
            sketch.stroke("M\(tenths(x - 2)) \(tenths(y - 3))h4", sketch.ink, width: 1.6)
        } else {
            for side in [-1.0, 1.0] {
                sketch.stroke(
                    outline(
                        [at(side * 5, -1), at(side * 9.5, 0.8), at(side * 14, -2)], closed: false),
                    dark, width: 1.7)
                sketch.stroke(
                    outline(
                        [at(side * 4.5, -7), at(side * 10, -10), at(side * 15, -7.5)],
                        closed: false), dark, width: 1.1)
            }
        }
        sketch.stroke(
            outline([at(2.5, -5), at(3.6, 6), at(4, 10.5), at(0, 11.5)], closed: false), soft,
            width: 1)
        sketch.fill(
            outline([
                at(-6.5, 18.6, corner: true), at(-2.2, 16.8), at(0, 17.8), at(2.2, 16.8),
                at(6.5, 18.6, corner: true), at(0, 22.4),
            ]), person.lips.hex)
    }

    private func drawFringe(in sketch: inout Sketch) {
        let paint = person.hair.hex
        switch hair {
        case .bun:
            sketch.ellipse(x + 1, y - 43, 14, 12.5, paint)
            cap(low: -9, in: &sketch)
        case .bob:
            sketch.fill(
                outline([
                    at(-25, 8, corner: true), at(-27, -16), at(0, -38), at(27, -16),
                    at(25, 8, corner: true), at(20, -11, corner: true), at(0, -14),
                    at(-20, -11, corner: true),
                ]), paint)
        case .long, .waves:
            sketch.fill(
                outline([
                    at(-25, 20, corner: true), at(-27, -12), at(-3, -37), at(26, -14),
                    at(25, 20, corner: true), at(19, -4), at(4, -25, corner: true), at(-18, -4),
                ]), paint)
        case .crop:
            sketch.fill(
                outline([
                    at(-23, 2, corner: true), at(-26, -22), at(-4, -40), at(24, -26),
                    at(23, 2, corner: true), at(18, -14), at(-8, -12), at(-18, -16),
                ]), paint)
        case .round:
            cap(low: -14, in: &sketch)
        case .tail:
            cap(low: -7, in: &sketch)
        case .shaven:
            sketch.fill(
                outline([
                    at(-21, -6, corner: true), at(-18, -22), at(0, -31), at(18, -22),
                    at(21, -6, corner: true), at(15, -18), at(0, -22), at(-15, -18),
                ]), person.hair.hex, opacity: 0.5)
        }
    }

    private func cap(low: Double, in sketch: inout Sketch) {
        sketch.fill(
            outline([
                at(-22.5, 4, corner: true), at(-24, -18), at(0, -36), at(24, -18),
                at(22.5, 4, corner: true), at(17, low - 4), at(0, -22), at(-17, low - 4),
            ]), person.hair.hex)
    }

    private func drawHat(in sketch: inout Sketch) {
        let paint = hatColour.hex
        let band = hatColour.mixed(with: sketch.ink, 45)
        switch hat {
        case .none:
            break
        case .brim:
            sketch.fill(
                outline([
                    at(-23, -14), at(-20, -44), at(-4, -52), at(16, -48), at(23, -14), at(0, -8),
                ]), paint)
            sketch.fill(
                outline([
                    at(-70, 2), at(-40, -20), at(0, -25), at(42, -22), at(68, -6), at(36, -5),
                    at(0, -9), at(-38, -2),
                ]), paint, line: band)
            sketch.stroke(
                outline([at(-23, -23), at(0, -28), at(23, -24)], closed: false), band, width: 5)
        case .beret:
            sketch.fill(
                outline([
                    at(-24, -10), at(-40, -26), at(-22, -46), at(10, -45), at(30, -28),
                    at(23, -14), at(0, -17),
                ]), paint, line: band)
            sketch.stroke(outline([at(-6, -46), at(-4, -52)], closed: false), hatColour, width: 3)
        case .bucket:
            sketch.fill(
                outline([
                    at(-21, -40, corner: true), at(0, -46), at(21, -40, corner: true),
                    at(25, -18, corner: true), at(42, 2, corner: true), at(0, -7),
                    at(-42, 2, corner: true), at(-25, -18, corner: true),
                ]), paint, line: band)
            sketch.stroke(
                outline([at(-25, -18), at(0, -24), at(25, -18)], closed: false), band, width: 1.2)
        case .scarf:
            sketch.fill(
                outline([
                    at(-25, 10), at(-28, -18), at(0, -40), at(28, -18), at(25, 10), at(14, 30),
                    at(19, 4), at(16, -16), at(0, -23), at(-16, -16), at(-19, 4), at(-14, 30),
                ]), paint, line: band)
            sketch.fill(
                outline([
                    at(-4, 32, corner: true), at(16, 34), at(30, 52, corner: true), at(10, 48),
                    at(-14, 56, corner: true), at(-8, 42),
                ]), paint, line: band)
        case .cloche:
            sketch.fill(
                outline([
                    at(-27, -2, corner: true), at(-25, -32), at(0, -46), at(25, -32),
                    at(29, 0, corner: true), at(0, -13),
                ]), paint, line: band)
            sketch.stroke(
                outline([at(-27, -12), at(0, -22), at(27, -11)], closed: false), band, width: 4)
        }
    }
}
