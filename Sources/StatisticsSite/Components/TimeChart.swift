// Bars over time: what was counted, and as a line what stood in the same place before. Beside them
// stands the same as a table.
//
// Only shapes are drawn, in a box that is stretched to whatever width there is; words stand outside
// as text, so that they stay as large as all text.

import SiteAuthoring

/// Bars over time.
struct TimeChart: Component {
    /// What the bars are: "Views by hour".
    let title: String
    /// What is counted: "Views".
    let unit: String
    /// What the line is: "yesterday".
    let before: String
    let points: [ChartPoint]

    /// The width of a bar with its gaps, and the height of the box.
    private static let (step, height) = (20, 400)

    var view: HTML {
        figure(.cls("chart")) {
            figcaption {
                span { title }
                span(.cls("key bars")) { unit }
                span(.cls("key line")) { before }
            }
            div(.cls("plot")) {
                div(.cls("scale"), .aria("hidden", true)) {
                    span { Shown.number(top) }
                    span { top % 2 == 0 ? Shown.number(top / 2) : "" }
                    span { "0" }
                }
                svg(
                    .attr("viewBox", "0 0 \(points.count * Self.step) \(Self.height)"),
                    .attr("preserveAspectRatio", "none"), .attr("role", "img")
                ) {
                    element("title") { summary }
                    element("path", .attr("class", "grid"), .attr("d", grid))
                    bars
                    element("path", .attr("class", "before"), .attr("d", line))
                }
                div(.cls("marks"), .aria("hidden", true)) {
                    for point in points { span { point.mark } }
                }
            }
            details {
                Markup.summary { "As a table" }
                table {
                    thead {
                        tr {
                            th(.attr("scope", "col")) { "" }
                            th(.attr("scope", "col"), .cls("n")) { unit }
                            th(.attr("scope", "col"), .cls("n")) { "Before" }
                        }
                    }
                    tbody {
                        for point in points {
                            tr {
                                th(.attr("scope", "row")) {
                                    if let address = point.address {
                                        a(.href(address.path)) { point.label }
                                    } else {
                                        point.label
                                    }
                                }
                                td(.cls("n")) { point.value.map(Shown.number) ?? "–" }
                                td(.cls("n")) { point.before.map(Shown.number) ?? "–" }
                            }
                        }
                    }
                }
            }
        }
    }

    @HTMLBuilder private var bars: HTML {
        for (place, point) in points.enumerated() {
            element("g") {
                element("title") { tip(point) }
                element(
                    "rect", .attr("class", "area"), .attr("x", place * Self.step),
                    .attr("width", Self.step), .attr("height", Self.height))
                if let value = point.value, value > 0 {
                    let tall = max(2, scaled(value))
                    element(
                        "rect", .attr("x", place * Self.step + 3),
                        .attr("y", Self.height - tall), .attr("width", Self.step - 6),
                        .attr("height", tall))
                }
            }
        }
    }

    private func tip(_ point: ChartPoint) -> String {
        let now = point.value.map(Shown.number) ?? "still to come"
        let then = point.before.map { "; \(before): \(Shown.number($0))" } ?? ""
        return "\(point.label): \(now)\(then)"
    }

    private var summary: String {
        let values = points.compactMap(\.value)
        return "\(title): \(Shown.number(values.reduce(0, +))) in all, at most "
            + "\(Shown.number(values.max() ?? 0)). The table below has the numbers."
    }

    /// The upper end of the scale.
    private var top: Int {
        Self.roundUp(points.flatMap { [$0.value ?? 0, $0.before ?? 0] }.max() ?? 0)
    }

    /// The smallest of 4, 6, 8, 10, 14, 20, 30, 40, 60 … that is not below a number.
    static func roundUp(_ value: Int) -> Int {
        var unit = 1
        while true {
            if let factor = [4, 6, 8, 10, 14, 20, 30].first(where: { $0 * unit >= value }) {
                return factor * unit
            }
            unit *= 10
        }
    }

    private func scaled(_ value: Int) -> Int {
        Int((Double(value) / Double(top) * Double(Self.height)).rounded())
    }

    private var grid: String {
        let width = points.count * Self.step
        return "M0 1H\(width)M0 \(Self.height / 2)H\(width)M0 \(Self.height - 1)H\(width)"
    }

    /// Steps at the heights of what was before; a gap where there was nothing to compare.
    private var line: String {
        var (text, isDrawing) = ("", false)
        for (place, point) in points.enumerated() {
            guard let before = point.before else {
                isDrawing = false
                continue
            }
            let y = Self.height - scaled(before)
            text += isDrawing ? "V\(y)" : "M\(place * Self.step) \(y)"
            text += "H\((place + 1) * Self.step)"
            isDrawing = true
        }
        return text.isEmpty ? "M0 0" : text
    }
}
