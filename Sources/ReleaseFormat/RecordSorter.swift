// Sorts more records than memory should hold: runs are sorted in memory and put aside, then merged.
//
// A record is a key and a value, bytes both. Records with equal keys stay in the order in which
// they came. Few records never touch the disk.

import Glibc
import HeapModule

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
    package init(in folder: SpoolFolder, memory: Int = ReleaseLimits.spoolMemoryMax) {
        spool = Spool(in: folder, memory: 0)
        self.memory = memory
        batch = RecordBatch(memory: memory)
    }

    /// Takes a record.
    ///
    /// - Throws: `.system` when a run cannot be put aside.
    package mutating func add(key: [UInt8], value: [UInt8] = []) throws(ReleaseError) {
        if batch.byteCount + key.count + value.count > memory, batch.count > 0 { try close() }
        batch.add(key, value)
        count += 1
    }

    /// The records in the order of their keys.
    ///
    /// - Throws: `.system`.
    package consuming func sorted() throws(ReleaseError) -> SortedRecords {
        guard !runs.isEmpty else {
            batch.sort()
            return SortedRecords(batch)
        }
        if batch.count > 0 { try close() }
        return try SortedRecords(spool, runs, count: count)
    }

    private mutating func close() throws(ReleaseError) {
        batch.sort()
        runs.append(try batch.put(into: spool))
        batch.removeAll()
    }
}

/// Records in memory, end to end.
private struct RecordBatch: Sendable {
    private struct Place: Sendable {
        let start: Int
        let keyEnd: Int
        let end: Int
    }

    private let memory: Int
    private var bytes: [UInt8] = []
    private var places: [Place] = []

    init(memory: Int) { self.memory = memory }

    var count: Int { places.count }
    var byteCount: Int { bytes.count + places.count * MemoryLayout<Place>.stride }

    mutating func add(_ key: [UInt8], _ value: [UInt8]) {
        if bytes.isEmpty {
            // Memory that is not written to is not taken, and growing would copy.
            bytes.reserveCapacity(memory)
            places.reserveCapacity(memory / (2 * MemoryLayout<Place>.stride))
        }
        let start = bytes.count
        bytes += key
        bytes += value
        places.append(Place(start: start, keyEnd: start + key.count, end: bytes.count))
    }

    mutating func sort() {
        let bytes = bytes
        // The standard sort is stable in fact, not by promise; places grow in the order of coming.
        places.sort { one, other in
            let (left, right) = (one.start..<one.keyEnd, other.start..<other.keyEnd)
            if bytes[left].lexicographicallyPrecedes(bytes[right]) { return true }
            if bytes[right].lexicographicallyPrecedes(bytes[left]) { return false }
            return one.start < other.start
        }
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    subscript(place: Int) -> Record {
        let at = places[place]
        return Record(
            key: Array(bytes[at.start..<at.keyEnd]), value: Array(bytes[at.keyEnd..<at.end]))
    }

    /// Puts the records aside.
    func put(into spool: Spool) throws(ReleaseError) -> Range<Int> {
        var run = try spool.append([])
        var writer = ByteWriter()
        for (number, place) in places.enumerated() {
            writer.append(
                key: bytes[place.start..<place.keyEnd], value: bytes[place.keyEnd..<place.end])
            guard number == places.count - 1 || writer.bytes.count >= ReleaseLimits.runBufferBytes
            else { continue }
            run = run.lowerBound..<(try spool.append(writer.bytes)).upperBound
            writer = ByteWriter()
        }
        return run
    }
}

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

    fileprivate init(_ batch: RecordBatch) {
        self.batch = batch
        count = batch.count
        first = nil
        if batch.count > 0 { first = batch[0] }
    }

    fileprivate init(_ spool: Spool, _ places: [Range<Int>], count: Int) throws(ReleaseError) {
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
    /// - Throws: `.system`.
    package mutating func next() throws(ReleaseError) -> Record? {
        guard let record = first else { return nil }
        count -= 1
        try advance()
        return record
    }

    private mutating func advance() throws(ReleaseError) {
        guard runs.isEmpty else {
            let head = heads.popMin()
            if let head { try fill(head.run) }
            first = head?.record
            return
        }
        place += 1
        first = place < batch.count ? batch[place] : nil
    }

    private mutating func fill(_ run: Int) throws(ReleaseError) {
        if let record = try runs[run].next() { heads.insert(Head(record: record, run: run)) }
    }
}

extension ByteWriter {
    /// A record after the lengths of its key and its value, in four bytes each.
    mutating func append(key: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
        append(UInt32(key.count))
        append(UInt32(value.count))
        append(contentsOf: key)
        append(contentsOf: value)
    }
}

/// Reads records that were put aside, some bytes at a time.
struct RunReader: Sendable {
    private let spool: Spool
    private var left: Range<Int>
    private var buffer: [UInt8] = []
    private var place = 0

    init(_ spool: Spool, _ run: Range<Int>) {
        self.spool = spool
        left = run
    }

    mutating func next() throws(ReleaseError) -> Record? {
        if left.isEmpty, place == buffer.count { return nil }
        try need(8)
        let (keyCount, valueCount) = (length(at: place), length(at: place + 4))
        try need(8 + keyCount + valueCount)
        let key = place + 8
        let value = key + keyCount
        place = value + valueCount
        return Record(key: Array(buffer[key..<value]), value: Array(buffer[value..<place]))
    }

    /// Sees to it that so many bytes are in the buffer.
    private mutating func need(_ count: Int) throws(ReleaseError) {
        if buffer.count - place >= count { return }
        let missing = count - (buffer.count - place)
        guard missing <= left.count else {
            // A run ends at the end of a record, whatever the disk says.
            throw .system(call: "read", file: "a file of sorted records", code: EIO)
        }
        let part = left.prefix(max(missing, ReleaseLimits.runBufferBytes))
        buffer.removeFirst(place)
        place = 0
        buffer += try spool.read(part.lowerBound..<part.upperBound)
        left = part.upperBound..<left.upperBound
    }

    private func length(at place: Int) -> Int {
        Int(buffer[place]) | Int(buffer[place + 1]) << 8 | Int(buffer[place + 2]) << 16
            | Int(buffer[place + 3]) << 24
    }
}
