/// Records in memory, end to end.
struct RecordBatch: Sendable {
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
    func put(into spool: Spool) throws(SpoolError) -> Range<Int> {
        var run = try spool.append([])
        var waiting: [UInt8] = []
        for (number, place) in places.enumerated() {
            waiting.append(
                key: bytes[place.start..<place.keyEnd], value: bytes[place.keyEnd..<place.end])
            guard number == places.count - 1 || waiting.count >= SpoolLimits.runBufferBytes
            else { continue }
            run = run.lowerBound..<(try spool.append(waiting)).upperBound
            waiting = []
        }
        return run
    }
}
