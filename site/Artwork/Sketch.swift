// A sheet to draw on: closed outlines through points, and the SVG text that comes of them.
//
// Outlines are Catmull-Rom curves turned into cubic Béziers; a point marked as a corner stays one.
// Every number is rounded to a tenth, so the text is the same on every machine. Only this file
// writes SVG, and only numbers, colours and words from this file get into it: no text of a row.

/// A point of an outline.
struct Node {
    var x: Double
    var y: Double
    var isCorner: Bool

    init(_ x: Double, _ y: Double, corner: Bool = false) {
        self.x = x
        self.y = y
        isCorner = corner
    }

    func moved(_ dx: Double, _ dy: Double) -> Node { Node(x + dx, y + dy, corner: isCorner) }
}

/// One half of a symmetrical outline: `half` to either side of `centre`.
struct Rib {
    var centre: Double
    var half: Double
    var y: Double
    var isCorner: Bool

    init(_ centre: Double, _ half: Double, _ y: Double, corner: Bool = false) {
        self.centre = centre
        self.half = half
        self.y = y
        isCorner = corner
    }

    var left: Node { Node(centre - half, y, corner: isCorner) }
    var right: Node { Node(centre + half, y, corner: isCorner) }
}

/// The text of a number, rounded to a tenth.
func tenths(_ value: Double) -> String {
    let scaled = Int((value * 10).rounded())
    if scaled % 10 == 0 { return String(scaled / 10) }
    let whole = abs(scaled) / 10
    return (scaled < 0 ? "-" : "") + "\(whole).\(abs(scaled) % 10)"
}

private func pair(_ x: Double, _ y: Double) -> String { tenths(x) + " " + tenths(y) }

/// A step from one whole number of tenths to another, as path data wants it: `-3.2.5`, `12 0`.
private func step(_ parts: [(from: Double, to: Double)]) -> String {
    var text = ""
    for part in parts {
        let by = Double(Int((part.to * 10).rounded()) - Int((part.from * 10).rounded())) / 10
        var number = tenths(by)
        if number.hasPrefix("0.") { number.removeFirst() }
        if number.hasPrefix("-0.") { number = "-" + number.dropFirst(2) }
        let isApart = text.isEmpty || number.hasPrefix("-")
        text += isApart ? number : " " + number
    }
    return text
}

/// Path data of a closed or open curve through `nodes`.
func outline(_ nodes: [Node], closed: Bool = true) -> String {
    guard let first = nodes.first, nodes.count > 1 else { return "" }
    var text = "M" + pair(first.x, first.y)
    let count = nodes.count
    for index in 0..<(closed ? count : count - 1) {
        let from = nodes[index]
        let to = nodes[(index + 1) % count]
        let before = closed || index > 0 ? nodes[(index + count - 1) % count] : from
        let after = closed || index + 2 < count ? nodes[(index + 2) % count] : to
        if from.isCorner && to.isCorner {
            text += "l" + step([(from.x, to.x), (from.y, to.y)])
            continue
        }
        let one =
            from.isCorner
            ? Node(from.x + (to.x - from.x) / 3, from.y + (to.y - from.y) / 3)
            : Node(from.x + (to.x - before.x) / 6, from.y + (to.y - before.y) / 6)
        let two =
            to.isCorner
            ? Node(to.x - (to.x - from.x) / 3, to.y - (to.y - from.y) / 3)
            : Node(to.x - (after.x - from.x) / 6, to.y - (after.y - from.y) / 6)
        text +=
            "c"
            + step([
                (from.x, one.x), (from.y, one.y), (from.x, two.x), (from.y, two.y),
                (from.x, to.x), (from.y, to.y),
            ])
    }
    return closed ? text + "Z" : text
}

/// A tapering limb along `joints`, `widths` wide at each of them.
func limb(_ joints: [Node], widths: [Double]) -> [Node] {
    var left: [Node] = []
    var right: [Node] = []
    for (index, joint) in joints.enumerated() {
        let before = joints[max(0, index - 1)]
        let after = joints[min(joints.count - 1, index + 1)]
        let dx = after.x - before.x
        let dy = after.y - before.y
        let length = max(1, (dx * dx + dy * dy).squareRoot())
        let half = widths[min(index, widths.count - 1)] / 2
        let end = index == 0 || index == joints.count - 1
        left.append(Node(joint.x - dy / length * half, joint.y + dx / length * half, corner: end))
        right.append(Node(joint.x + dy / length * half, joint.y - dx / length * half, corner: end))
    }
    return left + right.reversed()
}

/// The drawing as it grows: definitions first, then marks in painting order.
struct Sketch {
    private var definitions = ""
    private var marks = ""
    /// The colour of contours.
    var ink: Colour

    init(ink: Colour) { self.ink = ink }

    mutating func define(_ text: String) { definitions += text }

    /// A filled outline; with `line`, a contour around it.
    mutating func fill(
        _ path: String, _ paint: String, opacity: Double = 1, line: Colour? = nil,
        width: Double = 1.2
    ) {
        marks += "<path d=\"\(path)\" fill=\"\(paint)\""
        if opacity < 1 { marks += " opacity=\"\(hundredths(opacity))\"" }
        if let line { marks += " stroke=\"\(line.hex)\"" + strokeWidth(width) }
        marks += "/>"
    }

    /// A line along a path.
    mutating func stroke(
        _ path: String, _ colour: Colour, width: Double, opacity: Double = 1, dash: String? = nil
    ) {
        marks +=
            "<path d=\"\(path)\" fill=\"none\" stroke=\"\(colour.hex)\"" + strokeWidth(width)
        if opacity < 1 { marks += " opacity=\"\(hundredths(opacity))\"" }
        if let dash { marks += " stroke-dasharray=\"\(dash)\"" }
        marks += "/>"
    }

    mutating func ellipse(
        _ x: Double, _ y: Double, _ rx: Double, _ ry: Double, _ paint: String,
        opacity: Double = 1, turn: Int = 0
    ) {
        marks +=
            "<ellipse cx=\"\(tenths(x))\" cy=\"\(tenths(y))\" rx=\"\(tenths(rx))\""
            + " ry=\"\(tenths(ry))\" fill=\"\(paint)\""
        if opacity < 1 { marks += " opacity=\"\(hundredths(opacity))\"" }
        if turn != 0 { marks += " transform=\"rotate(\(turn) \(pair(x, y)))\"" }
        marks += "/>"
    }

    mutating func box(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ paint: String,
        opacity: Double = 1
    ) {
        marks +=
            "<path d=\"M\(pair(x, y))h\(tenths(width))v\(tenths(height))h\(tenths(-width))z\""
            + " fill=\"\(paint)\""
        if opacity < 1 { marks += " opacity=\"\(hundredths(opacity))\"" }
        marks += "/>"
    }

    /// Opens a group; close it with `endGroup()`.
    mutating func beginGroup(transform: String) { marks += "<g transform=\"\(transform)\">" }

    mutating func endGroup() { marks += "</g>" }

    /// Shows what was defined under `id` once more.
    mutating func use(_ id: String, transform: String) {
        marks += "<use href=\"#\(id)\" transform=\"\(transform)\"/>"
    }

    /// The finished file: `window` is the part of the sheet that shows.
    func file(window: Window, width: Int, height: Int) -> String {
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\""
            + " viewBox=\"\(pair(window.x, window.y)) \(pair(window.width, window.height))\""
            + " stroke-width=\"1.2\" stroke-linecap=\"round\">"
            + (definitions.isEmpty ? "" : "<defs>\(definitions)</defs>") + marks + "</svg>"
    }

    /// The usual width stands at the root of the file.
    private func strokeWidth(_ width: Double) -> String {
        width == 1.2 ? "" : " stroke-width=\"\(tenths(width))\""
    }

    private func hundredths(_ value: Double) -> String {
        let scaled = Int((value * 100).rounded())
        return scaled % 10 == 0 ? ".\(scaled / 10)" : scaled < 10 ? ".0\(scaled)" : ".\(scaled)"
    }
}

/// A part of the sheet, in its units.
struct Window {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    static let whole = Window(x: 0, y: 0, width: 600, height: 800)
}
