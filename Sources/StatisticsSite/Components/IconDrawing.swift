import SiteAuthoring

/// The icon: four bars.
struct IconDrawing: Component {
    var view: HTML {
        element(
            "svg", .attr("xmlns", "http://www.w3.org/2000/svg"), .attr("viewBox", "0 0 16 16")
        ) {
            for (place, tall) in [5, 9, 7, 13].enumerated() {
                element(
                    "rect", .attr("x", place * 4), .attr("y", 15 - tall), .attr("width", 3),
                    .attr("height", tall), .attr("fill", "#2f6fd0"))
            }
        }
    }
}
