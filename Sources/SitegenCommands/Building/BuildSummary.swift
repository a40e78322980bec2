import FoundationEssentials
import SiteBuilding
import Synchronization

/// The end of a build, for people and for programs.
struct BuildSummary {
    private let report: BuildReport

    init(_ report: BuildReport) { self.report = report }

    /// A table with a line for each route, and two lines about the whole.
    var lines: [String] {
        let head = ["route", "pages", "changed", "html", "gzip", "brotli", "slots"]
        let rows = report.routes.map { route in
            [
                route.name, Display.number(route.pages), Display.number(route.changed),
                Display.bytes(route.bytes.identity), Display.bytes(route.bytes.gzip),
                Display.bytes(route.bytes.brotli), route.slots == 0 ? "-" : "\(route.slots)",
            ]
        }
        return Display.table([head] + rows) + costs + [
            "\(Display.number(report.pages)) pages, \(Display.number(report.rendered)) made, "
                + "\(Display.number(report.changed)) changed, "
                + "\(Display.number(report.removed)) removed; \(report.queries) queries, peak "
                + "\(Display.bytes(report.peakMemoryBytes))",
            report.isNew
                ? "release \(report.release) is live after \(Display.seconds(report.seconds))"
                : "release \(report.release) was live already "
                    + "(\(Display.seconds(report.seconds)))",
        ]
    }

    /// A line for each component, if they were measured.
    private var costs: [String] {
        guard !report.components.isEmpty else { return [] }
        let head = ["component", "pages", "uses", "own bytes", "own time"]
        let rows = report.components.map { component in
            [
                component.name, Display.number(component.pages), Display.number(component.uses),
                Display.bytes(component.bytes),
                "\(Display.number(Int((component.seconds * 1000).rounded()))) ms",
            ]
        }
        return Display.table([head] + rows)
    }

    /// One JSON object on one line.
    var json: String {
        let routes = report.routes.map {
            RouteObject(
                name: $0.name, pages: $0.pages, changed: $0.changed, slots: $0.slots,
                bytes: .init(
                    identity: $0.bytes.identity, gzip: $0.bytes.gzip, brotli: $0.bytes.brotli))
        }
        let object = ReportObject(
            release: report.release, isNew: report.isNew, lsn: report.lsn, pages: report.pages,
            rendered: report.rendered, changed: report.changed, removed: report.removed,
            queries: report.queries,
            seconds: report.seconds, peakMemoryBytes: report.peakMemoryBytes, routes: routes,
            components: report.components.map {
                CostObject(
                    name: $0.name, pages: $0.pages, uses: $0.uses, bytes: $0.bytes,
                    seconds: $0.seconds)
            })
        return JSONLine.text(object)
    }
}

/// The shape of `build --json`.
private struct ReportObject: Encodable {
    let release: String
    let isNew: Bool
    let lsn: String
    let pages: Int
    let rendered: Int
    let changed: Int
    let removed: Int
    let queries: Int
    let seconds: Double
    let peakMemoryBytes: Int
    let routes: [RouteObject]
    let components: [CostObject]
}

/// The shape of a component in `build --costs --json`.
private struct CostObject: Encodable {
    let name: String
    let pages: Int
    let uses: Int
    let bytes: Int
    let seconds: Double
}

/// The shape of a route in `build --json`.
private struct RouteObject: Encodable {
    struct Bytes: Encodable {
        let identity: Int
        let gzip: Int
        let brotli: Int
    }

    let name: String
    let pages: Int
    let changed: Int
    let slots: Int
    let bytes: Bytes
}
