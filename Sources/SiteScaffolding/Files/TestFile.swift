// The tests of a written site: each kind of page is rendered from a made-up row.
//
// They need no database. A page of which no row can be made up, since a column is of a type that
// has no sample, has no test.

import MaterializedViews

/// Writes Tests/SiteTests.swift.
enum TestFile {
    /// A kind of page, and a row of its view; without one the page has none.
    struct Case: Equatable {
        let page: String
        let row: String?
        /// Whether it is a part of pages, not one.
        var isFragment = false
    }

    private static let safe = """

            /// A part of a page: nothing went wrong, and texts of rows are escaped.
            private func expectSafe(_ document: consuming RenderedDocument) {
                let faults = document.faults
                let html = String(decoding: document.bytes, as: UTF8.self)
                #expect(faults.isEmpty)
                #expect(!html.contains(text))
            }

        """

    static func file(_ identity: SiteIdentity, _ cases: [Case]) -> WrittenFile {
        let tests = cases.map(test)
        return WrittenFile(
            "Tests/SiteTests.swift",
            """
            // Each kind of page, rendered from a row that no database has. Run by `swift test`.

            import SiteAuthoring
            import Testing

            @testable import \(identity.module)

            private let text = "A & B <i>\\"quoted\\"</i>"

            @Suite("Pages") struct SiteTests {
                /// A whole page: nothing went wrong, and texts of rows are escaped.
                private func expectWhole(_ document: consuming RenderedDocument) {
                    let faults = document.faults
                    let html = String(decoding: document.bytes, as: UTF8.self)
                    #expect(faults.isEmpty)
                    #expect(html.hasPrefix("<!DOCTYPE html>"))
                    #expect(html.contains("<main"))
                    #expect(!html.contains(text))
                }
            \(cases.contains(where: \.isFragment) ? safe : "")\(tests.joined())    // sitegen:tests
                // sitegen:end
            }
            """)
    }

    /// The name of the test of a kind of page.
    static func name(_ item: Case) -> String {
        item.page.prefix(1).lowercased() + item.page.dropFirst()
    }

    /// The test of a kind of page.
    static func test(_ item: Case) -> String {
        let call = item.row.map { "\(item.page)(row: \($0))" } ?? "\(item.page)()"
        return """

                @Test func \(name(item))() {
                    \(item.isFragment
                        ? "expectSafe(render(.fragment) { \(call) })"
                        : "expectWhole(render { \(call) })")
                }

            """
    }
}
