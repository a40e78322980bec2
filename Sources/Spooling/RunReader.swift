import Glibc

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

    mutating func next() throws(SpoolError) -> Record? {
        if left.isEmpty, place == buffer.count { return nil }
        try need(8)
        let (keyCount, valueCount) = (buffer.length(at: place), buffer.length(at: place + 4))
        try need(8 + keyCount + valueCount)
        let key = place + 8
        let value = key + keyCount
        place = value + valueCount
        return Record(key: Array(buffer[key..<value]), value: Array(buffer[value..<place]))
    }

    /// Sees to it that so many bytes are in the buffer.
    private mutating func need(_ count: Int) throws(SpoolError) {
        if buffer.count - place >= count { return }
        let missing = count - (buffer.count - place)
        guard missing <= left.count else {
            // A run ends at the end of a record, whatever the disk says.
            throw SpoolError(call: "read", file: "a file of sorted records", code: EIO)
        }
        let part = left.prefix(max(missing, SpoolLimits.runBufferBytes))
        buffer.removeFirst(place)
        place = 0
        buffer += try spool.read(part.lowerBound..<part.upperBound)
        left = part.upperBound..<left.upperBound
    }
}
