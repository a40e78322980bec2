// The bytes of a record: the lengths of key and value, in four bytes each, then both.
//
// They are read by the process that wrote them, so nothing about them is doubted.

extension [UInt8] {
    /// Appends a length.
    mutating func append(length: Int) {
        for shift in stride(from: 0, to: 32, by: 8) {
            append(UInt8(truncatingIfNeeded: length >> shift))
        }
    }

    /// Appends a record.
    mutating func append(key: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
        append(length: key.count)
        append(length: value.count)
        append(contentsOf: key)
        append(contentsOf: value)
    }

    /// The length at a place.
    func length(at place: Int) -> Int {
        Int(self[place]) | Int(self[place + 1]) << 8 | Int(self[place + 2]) << 16
            | Int(self[place + 3]) << 24
    }
}
