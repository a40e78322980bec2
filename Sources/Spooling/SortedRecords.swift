import HeapModule

/// Records in the order of their keys, one after the other.
package struct SortedRecords: ~Copyable, Sendable {
    /// The first record of a run that was not given yet.
    private struct Head: Comparable, Sendable {
        let record: Record
        let run: Int

        static func < (one: Head, other: Head) -> Bool {
            if one.record.key.lexicographicallyPrecedes(other.record.key) { return true }
            return one.run < other.run && one.record.key == other.record.key
        }

        static func == (one: Head, other: Head) -> Bool {
            one.run == other.run && one.record.key == other.record.key
        }
    }

    /// How many records are still to be given.
    package private(set) var count: Int
    private let batch: RecordBatch
    private var place = 0
    private var runs: [RunReader] = []
    private var heads = Heap<Head>()
    /// The next record; nil at the end.
    package private(set) var first: Record?

    init(_ batch: RecordBatch) {
        self.batch = batch
        count = batch.count
        first = nil
        if batch.count > 0 { first = batch[0] }
    }

    init(_ spool: Spool, _ places: [Range<Int>], count: Int) throws(SpoolError) {
        self.count = count
        batch = RecordBatch(memory: 0)
        first = nil
        for (run, place) in places.enumerated() {
            runs.append(RunReader(spool, place))
            try fill(run)
        }
        try advance()
    }

    /// Gives the next record and goes on; nil at the end.
    ///
    /// - Throws: a `SpoolError`.
    package mutating func next() throws(SpoolError) -> Record? {
        guard let record = first else { return nil }
        count -= 1
        try advance()
        return record
    }

    private mutating func advance() throws(SpoolError) {
        guard runs.isEmpty else {
            let head = heads.popMin()
            if let head { try fill(head.run) }
            first = head?.record
            return
        }
        place += 1
        first = place < batch.count ? batch[place] : nil
    }

    private mutating func fill(_ run: Int) throws(SpoolError) {
        if let record = try runs[run].next() { heads.insert(Head(record: record, run: run)) }
    }
}
