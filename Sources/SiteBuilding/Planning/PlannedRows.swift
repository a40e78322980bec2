import Spooling

/// Rows of a view, each with why it is in a plan; on disk when they are many.
package struct PlannedRows: Sendable {
    private var list: SpooledList

    init(spoolingIn spools: SpoolFolder) { list = SpooledList(in: spools) }

    /// How many rows there are.
    package var count: Int { list.count }

    /// Whether there are none.
    package var isEmpty: Bool { count == 0 }

    /// Adds a row.
    mutating func append(_ key: String, _ cause: RowCause) throws {
        try list.append(cause.bytes + key.utf8)
    }

    /// Some of the rows, in the order in which they were added.
    ///
    /// - Precondition: `range` is within `0..<count`.
    /// - Throws: a `SpoolError`.
    package func rows(
        _ range: Range<Int>
    ) throws -> [(key: String, cause: PageCause)] {
        try list.elements(range).map { bytes in
            let (cause, length) = RowCause.of(bytes)
            return (String(decoding: bytes[length...], as: UTF8.self), cause.pageCause)
        }
    }
}
