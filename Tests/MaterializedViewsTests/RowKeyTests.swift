// Keys as text: unambiguous, and readable back.

import Testing

@testable import MaterializedViews

@Suite("Row keys") struct RowKeyTests {
    @Test(arguments: [
        (["a"], "a"), (["a/b~"], "a/b~"), (["a", "b"], "a/b"), (["a/", "~b"], "a~1/~0b"),
        (["", ""], "/"), (["~1", "ä"], "~01/ä"),
    ])
    func `a key survives the way to text and back`(parts: [String], text: String) {
        #expect(RowKey.joined(parts) == text)
        #expect(RowKey.parts(of: text, count: parts.count) == parts)
    }

    @Test(arguments: ["a", "a/b/c", "a/~2", "a/b~"])
    func `what is no key of two columns is refused`(text: String) {
        #expect(RowKey.parts(of: text, count: 2) == nil)
    }
}
