// Finds a path's entry: open addressing over 32-bit numbers, half full at most.
//
// It holds no path: those are in the manifest's bytes. At 8 to 16 bytes an entry it is what keeps
// a hundred thousand pages small. Its keys are the site's own, so it needs no secret; what a
// stranger asks for is only compared.

/// A hash table from a path's bytes to its entry's index.
struct PathTable: Sendable {
    /// Index plus one; 0 is free.
    private var slots: [UInt32]

    init(count: Int) {
        var size = 4
        while size < 2 * count { size *= 2 }
        slots = [UInt32](repeating: 0, count: size)
    }

    mutating func insert(_ index: Int, path: ArraySlice<UInt8>) {
        var hash = PathHash()
        for byte in path { hash.add(byte) }
        var place = Int(truncatingIfNeeded: hash.value) & (slots.count - 1)
        while slots[place] != 0 { place = (place + 1) & (slots.count - 1) }
        slots[place] = UInt32(index + 1)
    }

    /// Finds a path.
    ///
    /// `record` tells where an index's record begins, with its path's length and path.
    func index(of path: Span<UInt8>, in bytes: [UInt8], record: (Int) -> Int) -> Int? {
        var hash = PathHash()
        for position in path.indices { hash.add(path[position]) }
        var place = Int(truncatingIfNeeded: hash.value) & (slots.count - 1)
        while slots[place] != 0 {
            let index = Int(slots[place]) - 1
            if Self.matches(path, bytes, record(index)) { return index }
            place = (place + 1) & (slots.count - 1)
        }
        return nil
    }

    private static func matches(_ path: Span<UInt8>, _ bytes: [UInt8], _ record: Int) -> Bool {
        let stored = RecordHead(at: record, in: bytes).path
        guard stored.count == path.count else { return false }
        for position in path.indices where path[position] != bytes[stored.lowerBound + position] {
            return false
        }
        return true
    }
}

/// FNV-1a with a final mix, so that the low bits depend on every byte.
struct PathHash {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Whether a path begins a segment of the manifest, unless it is the first anyway.
    static func beginsSegment(_ path: ArraySlice<UInt8>) -> Bool {
        var hash = PathHash()
        for byte in path { hash.add(byte) }
        return hash.value % ReleaseLimits.pathsPerSegment == 0
    }

    mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }

    var value: UInt64 { ((state ^ state >> 32) &* 0x9E37_79B9_7F4A_7C15) >> 20 }
}
