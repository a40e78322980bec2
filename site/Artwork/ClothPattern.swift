// Weaves as SVG patterns: each a small tile with the cloth's own colour as its ground.
//
// Ground and figure are in one tile, so a garment is one path with one paint. The figure's colour
// is the second cloth's where that reads well, otherwise a tint or a shade of the ground.

extension Weave {
    /// The colour of the pattern: the other cloth's, or a tint where the two would run together.
    func figure(on ground: Colour, against other: Colour, ink: Colour) -> Colour {
        let tint =
            ground.lightness > 150 ? ground.mixed(with: ink, 42) : ground.mixed(with: .white, 38)
        switch self {
        case .herringbone, .tweed, .windowpane, .pinstripe: return tint
        default: return other.distance(to: ground) > 50 ? other : tint
        }
    }

    /// Defines the pattern in `sketch` and gives the paint to fill with.
    func paint(
        _ id: String, ground: Colour, figure: Colour, scale: Double, turn: Int,
        in sketch: inout Sketch
    ) -> String {
        if self == .plain { return ground.hex }
        if self == .ombre {
            sketch.define(
                "<linearGradient id=\"\(id)\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\">"
                    + "<stop offset=\".25\" stop-color=\"\(ground.hex)\"/>"
                    + "<stop offset=\".95\" stop-color=\"\(figure.hex)\"/></linearGradient>")
            return "url(#\(id))"
        }
        let tile = self.tile(figure: figure.hex, ground: ground.hex)
        sketch.define(
            "<pattern id=\"\(id)\" width=\"\(tile.width)\" height=\"\(tile.height)\""
                + " patternUnits=\"userSpaceOnUse\" patternTransform=\"scale(\(tenths(scale)))"
                + (turn == 0 ? "" : " rotate(\(turn))")
                + "\"><path fill=\"\(ground.hex)\" d=\"M0 0h\(tile.width)v\(tile.height)H0z\"/>"
                + tile.marks + "</pattern>")
        return "url(#\(id))"
    }

    private struct Tile {
        var width: Int
        var height: Int
        var marks: String
    }

    private func tile(figure: String, ground: String) -> Tile {
        switch self {
        case .plain, .ombre:
            Tile(width: 1, height: 1, marks: "")
        case .pinstripe:
            Tile(width: 9, height: 9, marks: "<path fill=\"\(figure)\" d=\"M4 0h1v9H4z\"/>")
        case .breton:
            Tile(width: 20, height: 15, marks: "<path fill=\"\(figure)\" d=\"M0 5h20v5.5H0z\"/>")
        case .windowpane:
            Tile(
                width: 30, height: 36,
                marks: "<path fill=\"\(figure)\" d=\"M14 0h1.4v36H14zM0 17h30v1.4H0z\"/>"
                    + "<path fill=\"\(figure)\" opacity=\".4\""
                    + " d=\"M18 0h.8v36h-.8zM0 21h30v.8H0z\"/>"
            )
        case .gingham:
            Tile(
                width: 16, height: 16,
                marks: "<path fill=\"\(figure)\" opacity=\".5\" d=\"M0 0h8v16H0z\"/>"
                    + "<path fill=\"\(figure)\" opacity=\".5\" d=\"M0 0h16v8H0z\"/>")
        case .houndstooth:
            Tile(
                width: 12, height: 12,
                marks:
                    "<path fill=\"\(figure)\""
                    + " d=\"M0 0h6v3l3-3h3L9 3h3v3H9l3 3v3L9 9v3H6V9L3 6H0z\"/>"
            )
        case .herringbone:
            Tile(
                width: 14, height: 8,
                marks: "<path fill=\"none\" stroke=\"\(figure)\" stroke-width=\"1.5\""
                    + " d=\"M0-1l7 7 7-7M0 3l7 7 7-7M0 7l7 7 7-7M0-5l7 7 7-7\"/>")
        case .dots:
            Tile(
                width: 18, height: 18,
                marks: "<g fill=\"\(figure)\"><circle cx=\"4.5\" cy=\"4.5\" r=\"2.7\"/>"
                    + "<circle cx=\"13.5\" cy=\"13.5\" r=\"2.7\"/></g>")
        case .tweed:
            Tile(
                width: 23, height: 19,
                marks: "<path fill=\"none\" stroke=\"\(figure)\" stroke-width=\"1.1\""
                    + " stroke-linecap=\"round\" d=\"M2 3l2 1M9 1l1 2M16 4l2-1M20 9l1 2M5 9l2-1"
                    + "M12 8l1 2M3 15l1 2M10 14l2 1M17 14l1-2M21 17l1 1M7 18l1-1M14 18l1 0\"/>")
        case .argyle:
            Tile(
                width: 26, height: 38,
                marks: "<path fill=\"\(figure)\" d=\"M13 2l11 17-11 17L2 19z\"/>"
                    + "<path fill=\"none\" stroke=\"\(ground)\" stroke-width=\".8\""
                    + " d=\"M0 0l26 38M26 0L0 38\"/>")
        case .leaves:
            Tile(
                width: 40, height: 44,
                marks: "<path fill=\"\(figure)\" d=\"M8 4c7 2 9 9 5 17C6 17 4 10 8 4z"
                    + "M33 8c1 7-4 12-12 12 1-8 6-12 12-12z"
                    + "M27 26c6 3 7 9 3 16-6-4-7-10-3-16zM4 30c6-2 11 1 14 8-8 2-13-1-14-8z\"/>")
        }
    }
}
