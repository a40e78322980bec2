// Sorts more records than memory should hold: runs are sorted in memory and put aside, then merged.
//
// A record is a key and a value, bytes both. Records with equal keys stay in the order in which
// they came. Few records never touch the disk.

/// A key and what belongs to it.
package struct Record: Sendable, Equatable {
    /// What records are sorted by, byte by byte.
    package let key: [UInt8]
    /// Anything.
    package let value: [UInt8]
}

/// Takes records in any order.
package struct RecordSorter: ~Copyable, Sendable {
    private let spool: Spool
    private let memory: Int
    private var batch: RecordBatch
    private var runs: [Range<Int>] = []
    private var count = 0

    /// Begins with no records.
    ///
    /// - Parameters:
    ///   - folder: where runs are put aside, once there are any.
    ///   - memory: the bytes of records that are held in memory.
    package init(in folder: SpoolFolder, memory: Int = SpoolLimits.memoryMax) {
        spool = Spool(in: folder, memory: 0)
        self.memory = memory
        batch = RecordBatch(memory: memory)
    }

    /// Takes a record.
    ///
    /// - Throws: a `SpoolError` when a run cannot be put aside.
    package mutating func add(key: [UInt8], value: [UInt8] = []) throws(SpoolError) {
        if batch.byteCount + key.count + value.count > memory, batch.count > 0 { try close() }
        batch.add(key, value)
        count += 1
    }

    /// The records in the order of their keys.
    ///
    /// - Throws: a `SpoolError`.
    package consuming func sorted() throws(SpoolError) -> SortedRecords {
        guard !runs.isEmpty else {
            batch.sort()
            return SortedRecords(batch)
        }
        if batch.count > 0 { try close() }
        return try SortedRecords(spool, runs, count: count)
    }

    private mutating func close() throws(SpoolError) {
        batch.sort()
        runs.append(try batch.put(into: spool))
        batch.removeAll()
    }
}
