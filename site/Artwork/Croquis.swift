// The figure: nine and a half heads tall, as fashion draws it, standing or in mid-step.
//
// A body is a set of joints; garments are drawn around the joints, never around each other. The
// sheet is 600 by 800. What a reader would get wrong: left and right are the viewer's.

/// The joints of one figure.
struct Body {
    let centre: Double
    let sway: Double
    let tilt: Double
    let stance: Stance
    let gestures: (left: Gesture, right: Gesture)

    static let neckline = 166.0
    static let bust = 232.0
    static let waist = 298.0
    static let hip = 368.0
    static let crotch = 402.0
    static let knee = 548.0
    static let ankle = 706.0

    init(isBack: Bool = false, dice: inout SeededGenerator) {
        centre = 300
        sway = dice.pick([-14, -9, 9, 14])
        tilt = sway > 0 ? 5 : -5
        stance = dice.any(Stance.self)
        let usual: [Gesture] = [
            .hanging, .hanging, .hanging, .hanging, .akimbo, .akimbo, .pocket, .pocket, .pocket,
            isBack ? .hanging : .held, .raised,
        ]
        let left = dice.pick(usual)
        let right = dice.pick(usual)
        gestures = (left, left == .raised || left == .held ? .hanging : right)
    }

    /// The middle of the body at a height: the spine bends into the standing hip.
    func middle(_ y: Double) -> Double {
        let share = max(0, min(1, (y - Self.neckline) / (Self.hip - Self.neckline)))
        return y <= Self.hip ? centre + sway * share * share : centre + sway * legShare(y)
    }

    private func legShare(_ y: Double) -> Double {
        max(0, 1 - (y - Self.hip) / (Self.ankle - Self.hip) * 0.8)
    }

    func shoulder(_ side: Double) -> Node { Node(centre + side * 54, 180 - side * tilt) }

    /// Hip joint, knee and ankle of one leg; `side` is -1 for the left.
    func leg(_ side: Double) -> [Node] {
        let hip = centre + sway
        let isStanding = side * sway >= 0
        let top = Node(hip + side * 25, 378)
        switch stance {
        case .stand:
            return isStanding
                ? [top, Node(hip + side * 20, Self.knee), Node(centre + side * 11, Self.ankle + 4)]
                : [top, Node(hip + side * 40, 545), Node(centre + side * 50, Self.ankle - 8)]
        case .walk:
            return isStanding
                ? [
                    top, Node(hip + side * 13, Self.knee + 4),
                    Node(centre + side * 2, Self.ankle + 8),
                ]
                : [top, Node(hip + side * 24, 540), Node(centre + side * 22, Self.ankle - 24)]
        case .apart:
            return [
                top, Node(hip * 0.4 + centre * 0.6 + side * 46, Self.knee),
                Node(centre + side * 66, Self.ankle),
            ]
        }
    }

    /// Shoulder, elbow and wrist of one arm.
    func arm(_ side: Double) -> [Node] {
        let start = shoulder(side).moved(-side * 10, 10)
        let hip = middle(Self.hip)
        switch side < 0 ? gestures.left : gestures.right {
        case .hanging:
            return [start, Node(start.x + side * 17, 288), Node(start.x + side * 20, 384)]
        case .akimbo:
            return [start, Node(start.x + side * 62, 284), Node(hip + side * 46, 346)]
        case .pocket:
            return [start, Node(start.x + side * 36, 294), Node(hip + side * 52, 388)]
        case .held:
            return [start, Node(start.x + side * 26, 292), Node(centre + side * 12, 318)]
        case .raised:
            return [start, Node(start.x + side * 66, 132), Node(centre + side * 34, 84)]
        }
    }
}

/// The colours a person is drawn in.
struct Complexion {
    let skin: Colour
    let hair: Colour
    let lips: Colour

    init(dice: inout SeededGenerator, palette: Palette) {
        skin = dice.pick(Palette.skins)
        hair =
            skin.lightness > 150
            ? dice.pick(Palette.hairs)
            : dice.pick(
                Array(Palette.hairs.prefix(4)))
        lips = palette.accent.colour.mixed(with: Colour(0xB02A30), 70)
    }
}

extension Sketch {
    /// Legs and feet; `boots` reach to below the knee.
    mutating func legs(_ body: Body, _ person: Complexion, shoes: Colour, boots: Bool) {
        let back = body.stance == .walk ? -(body.sway >= 0 ? 1.0 : -1.0) : -1
        for side in [back, -back] {
            let joints = body.leg(side)
            let calf = Node(
                joints[1].x * 0.62 + joints[2].x * 0.38 + side * 3,
                joints[1].y * 0.62 + joints[2].y * 0.38)
            let points = [joints[0], joints[1], calf, joints[2]]
            fill(
                outline(limb(points, widths: [46, 27, 25, 12])), person.skin.hex,
                line: person.skin.mixed(with: ink, 40), width: 0.8)
            foot(joints[2], side: side, colour: shoes)
            if boots {
                let shaft = Node(calf.x, calf.y - 34)
                fill(
                    outline(limb([shaft, calf, joints[2].moved(0, 6)], widths: [33, 31, 19])),
                    shoes.hex)
            }
        }
    }

    private mutating func foot(_ ankle: Node, side: Double, colour: Colour) {
        let x = ankle.x
        let y = ankle.y
        fill(
            outline([
                Node(x - 6.5, y - 3), Node(x - 7 + side * 2, y + 14),
                Node(x - 5 + side * 7, y + 32), Node(x + side * 10, y + 41),
                Node(x + 5 + side * 7, y + 32), Node(x + 7 + side * 2, y + 14),
                Node(x + 6.5, y - 3),
            ]), colour.hex)
    }

    /// A bare or sleeved arm; `widths` at shoulder, elbow and cuff.
    mutating func arm(
        _ body: Body, _ side: Double, person: Complexion, sleeve: String?, line: Colour,
        widths: [Double], reach: Double
    ) {
        let joints = body.arm(side)
        let gesture = side < 0 ? body.gestures.left : body.gestures.right
        fill(
            outline(limb(joints, widths: [21, 16, 10])), person.skin.hex,
            line: person.skin.mixed(with: ink, 40), width: 0.8)
        if gesture != .pocket { hand(joints, person) }
        guard let sleeve else { return }
        let elbow = joints[1]
        let end =
            reach >= 1
            ? Node(
                elbow.x + (joints[2].x - elbow.x) * (reach - 1),
                elbow.y + (joints[2].y - elbow.y) * (reach - 1))
            : Node(
                joints[0].x + (elbow.x - joints[0].x) * reach,
                joints[0].y + (elbow.y - joints[0].y) * reach)
        let path = reach >= 1 ? [joints[0], elbow, end] : [joints[0], end]
        let cuffs = reach >= 1 ? widths : [widths[0], widths[1]]
        var shape = limb(path, widths: cuffs)
        let last = shape.count - 1
        shape[0].isCorner = false
        shape[last].isCorner = false
        let cap = Node(
            joints[0].x - side * 3, joints[0].y - (gesture == .raised ? 0 : 3))
        let inner = side > 0 ? shape[0] : shape[last]
        shape[side > 0 ? 0 : last] = Node(inner.x, inner.y + 10)
        if gesture != .raised { shape.append(cap) }
        fill(outline(shape), sleeve, line: line)
    }

    private mutating func hand(_ joints: [Node], _ person: Complexion) {
        let from = joints[1]
        let wrist = joints[2]
        let dx = wrist.x - from.x
        let dy = wrist.y - from.y
        let length = max(1, (dx * dx + dy * dy).squareRoot())
        let tip = Node(wrist.x + dx / length * 27, wrist.y + dy / length * 27)
        let palm = Node(wrist.x + dx / length * 11, wrist.y + dy / length * 11)
        fill(
            outline(limb([wrist, palm, tip], widths: [9, 13, 4])), person.skin.hex,
            line: person.skin.mixed(with: ink, 40), width: 0.8)
    }

    /// Neck and the skin above a low neckline.
    mutating func neck(_ body: Body, _ person: Complexion, depth: Double) {
        let x = body.centre
        let low = Self.neckBase + depth
        fill(
            outline([
                Node(x - 9, 126, corner: true), Node(x - 10, 152), Node(x - 24, 168),
                Node(x - 46, 178), Node(x - 44, low), Node(x + 44, low), Node(x + 46, 178),
                Node(x + 24, 168), Node(x + 10, 152), Node(x + 9, 126, corner: true),
            ]), person.skin.hex)
        fill(
            outline([
                Node(x - 9, 138, corner: true), Node(x + 1, 148), Node(x + 10, 138, corner: true),
                Node(x + 10, 156), Node(x - 4, 152),
            ]), person.skin.mixed(with: ink, 34).hex, opacity: 0.7)
    }

    private static let neckBase = 196.0
}
