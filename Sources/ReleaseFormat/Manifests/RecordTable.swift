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
    private var stretch = ByteWriter()

    /// Begins with no records.
    package init(spoolingIn folder: SpoolFolder) { spool = Spool(in: folder) }

    /// Adds a record; they come in the order of their keys, to a table of which there is no copy.
    ///
    /// - Throws: `.system`.
    package mutating func append(key: [UInt8], value: [UInt8]) throws(ReleaseError) {
        if stretch.bytes.isEmpty { marks.append(Mark(key: key, start: end)) }
        stretch.append(key: key[...], value: value[...])
        if stretch.bytes.count >= ReleaseLimits.runBufferBytes { try seal() }
    }

    /// Ends adding: only then are the last records found.
    ///
    /// - Throws: `.system`.
    package mutating func seal() throws(ReleaseError) {
        end = try spool.append(stretch.bytes).upperBound
        stretch = ByteWriter()
    }

    /// The values of all records with a key, in the order in which they came.
    ///
    /// - Throws: `.system`.
    package func values(of key: [UInt8]) throws(ReleaseError) -> [[UInt8]] {
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
    /// - Throws: `.system`, and what `body` throws.
    package func forEach(
        _ body: (Record) throws(ReleaseError) -> Void
    ) throws(ReleaseError) {
        var reader = RunReader(spool, 0..<end)
        while let record = try reader.next() { try body(record) }
    }
}
