// Planning without a database: order, circles, what is replaced because of what.

import Testing

@testable import MaterializedViews

@Suite("Install plan") struct InstallPlanTests {
    private func view(_ name: String, reads: [String] = [], live: Bool = false) throws
        -> ViewDefinition
    {
        let joins = reads.map { " JOIN sitegen.\($0) USING (id)" }.joined()
        return try ViewDefinition(
            name: name, file: "\(name).sql",
            text: "-- key: id\n-- refresh: \(live ? "live" : "materialized")\n"
                + "SELECT id FROM t\(joins)")
    }

    private func installed(_ view: ViewDefinition, drifted: Bool = false) -> InstalledView {
        InstalledView(
            name: view.name, digest: view.installDigest, strategy: view.refresh,
            kind: view.refresh, references: view.references, hasDrifted: drifted)
    }

    @Test func `views come after what they read, else by name`() throws {
        let order = try ViewOrder.sorted(
            ["d", "c", "b", "a"], reading: ["a": ["c", "gone"], "c": ["d"], "d": []])
        #expect(order == ["d", "c", "a", "b"])
    }

    @Test func `a circle is an error that shows the circle`() throws {
        #expect(throws: ViewError.cycle(["b", "c", "b"])) {
            try ViewOrder.sorted(["a", "b", "c"], reading: ["a": ["b"], "b": ["c"], "c": ["b"]])
        }
    }

    @Test func `a deep chain does not exhaust the stack`() throws {
        let names = (0..<20_000).map { "v\($0)" }
        let reads = Dictionary(
            uniqueKeysWithValues: names.indices.dropLast().map { (names[$0], [names[$0 + 1]]) })
        #expect(try ViewOrder.sorted(names, reading: reads).first == "v19999")
    }

    @Test func `an empty database gets everything, a full one nothing`() throws {
        let views = try [view("page", reads: ["base"]), view("base")]
        let first = try InstallPlan(definitions: views, installed: [])
        #expect(first.creates == ["base", "page"])
        #expect(first.drops.isEmpty)
        let second = try InstallPlan(definitions: views, installed: views.map { installed($0) })
        #expect(second.creates.isEmpty && second.drops.isEmpty)
        #expect(second.unchanged == ["base", "page"])
    }

    @Test func `what reads a changed view is replaced with it`() throws {
        let old = try view("base", live: true)
        let page = try view("page", reads: ["base"])
        let home = try view("home", reads: ["page"])
        let other = try view("other")
        let plan = try InstallPlan(
            definitions: [view("base"), page, home, other],
            installed: [old, page, home, other].map { installed($0) })
        #expect(plan.drops.map(\.name) == ["home", "page", "base"])
        #expect(plan.creates == ["base", "page", "home"])
        #expect(plan.reasons["base"] == .changed)
        #expect(plan.reasons["page"] == .reads("base"))
        #expect(plan.reasons["home"] == .reads("page"))
        #expect(plan.unchanged == ["other"])
    }

    @Test func `a view without a file goes, after what read it`() throws {
        let gone = try view("gone")
        let page = try view("page", reads: ["gone"])
        let plan = try InstallPlan(
            definitions: [view("page")], installed: [installed(gone), installed(page)])
        #expect(plan.drops.map(\.name) == ["page", "gone"])
        #expect(plan.gone == ["gone"])
        #expect(plan.creates == ["page"])
    }

    @Test func `missing, drifted and other-kind views are created again`() throws {
        let a = try view("a")
        let b = try view("b")
        let c = try view("c")
        let plan = try InstallPlan(
            definitions: [a, b, c],
            installed: [
                InstalledView(
                    name: "a", digest: a.installDigest, strategy: .materialized, kind: nil),
                installed(b, drifted: true),
                InstalledView(
                    name: "c", digest: c.installDigest, strategy: .materialized, kind: .live),
            ])
        #expect(plan.reasons == ["a": .missing, "b": .drifted, "c": .changed])
        #expect(plan.drops.map(\.name).sorted() == ["b", "c"])
    }
}
