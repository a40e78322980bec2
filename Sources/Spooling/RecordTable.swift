// Sorted records that are found by their keys: on disk when they are many, with every so many bytes
// a key in memory that says where to look.
//
// It does not change: what changes stands beside it, until a table is made of both.

/// Records in the order of their keys, to be looked up.
package struct RecordTable: Sendable {
    /// The first record of a stretch.
    private struct Mark {
        let key: [UInt8]
        let start: Int
    }

    private let spool: Spool
    private var marks: [Mark] = []
    private var end = 0
    /// The stretch that is being filled.
    private var stretch: [UInt8] = []

    /// Begins with no records.
    package init(spoolingIn folder: SpoolFolder) { spool = Spool(in: folder) }

    /// Adds a record; they come in the order of their keys, to a table of which there is no copy.
    ///
    /// - Throws: a `SpoolError`.
    package mutating func append(key: [UInt8], value: [UInt8]) throws(SpoolError) {
        if stretch.isEmpty { marks.append(Mark(key: key, start: end)) }
        stretch.append(key: key[...], value: value[...])
        if stretch.count >= SpoolLimits.runBufferBytes { try seal() }
    }

    /// Ends adding: only then are the last records found.
    ///
    /// - Throws: a `SpoolError`.
    package mutating func seal() throws(SpoolError) {
        end = try spool.append(stretch).upperBound
        stretch = []
    }

    /// The values of all records with a key, in the order in which they came.
    ///
    /// - Throws: a `SpoolError`.
    package func values(of key: [UInt8]) throws(SpoolError) -> [[UInt8]] {
        // The first stretch that begins at the key or behind it; some may be at the end of the one
        // before.
        var (low, high) = (0, marks.count)
        while low < high {
            let middle = (low + high) / 2
            if marks[middle].key.lexicographicallyPrecedes(key) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        var values: [[UInt8]] = []
        var reader = RunReader(spool, (low == 0 ? 0 : marks[low - 1].start)..<end)
        while let record = try reader.next() {
            if record.key == key { values.append(record.value) }
            if key.lexicographicallyPrecedes(record.key) { break }
        }
        return values
    }

    /// Lends every record, in order.
    ///
    /// - Throws: a `SpoolError`, and what `body` throws.
    package func forEach(
        _ body: (Record) throws(SpoolError) -> Void
    ) throws(SpoolError) {
        var reader = RunReader(spool, 0..<end)
        while let record = try reader.next() { try body(record) }
    }
}
