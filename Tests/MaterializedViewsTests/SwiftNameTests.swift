// Names of columns and views in Swift, keywords and nonsense included.

import Testing

@testable import MaterializedViews

@Suite("Swift names") struct SwiftNameTests {
    @Test(arguments: [
        ("slug", "slug"), ("first_name", "firstName"), ("class", "`class`"), ("_a__b_", "aB"),
        ("SKU", "sku"), ("fooBar", "fooBar"), ("row_key", "rowKeyColumn"), ("init", "initColumn"),
        ("self", "selfColumn"), ("schema", "schemaColumn"), ("x1", "x1"), ("line_2", "line2"),
        ("FooBar", "fooBar"),
    ])
    func `a column has a property`(column: String, property: String) {
        #expect(SwiftName.property(ofColumn: column) == property)
    }

    @Test(arguments: ["", "?column?", "1st", "_1", "a b", "a-b", "ä", "a\"", "___"])
    func `a column that cannot be a property has none`(column: String) {
        #expect(SwiftName.property(ofColumn: column) == nil)
    }

    @Test func `a view has a type`() {
        #expect(SwiftName.rowType(ofView: "look_page") == "LookPageRow")
        #expect(SwiftName.rowType(ofView: "a") == "ARow")
    }
}
