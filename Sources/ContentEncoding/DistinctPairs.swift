/// Sequences in which no two neighbours occur twice.
enum DistinctPairs {
    /// A walk over `symbols`; at most half as many squared are ever asked for.
    ///
    /// Round r visits every symbol in steps of r, so each pair differs by its round.
    static func walk(_ symbols: [UInt8], count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        var isPairUsed = Set<Int>()
        var current = 0
        while bytes.count < count {
            bytes.append(symbols[current])
            var next = (current + 1) % symbols.count
            while !isPairUsed.insert(current * symbols.count + next).inserted {
                next = (next + 1) % symbols.count
                precondition(isPairUsed.count < symbols.count * symbols.count, "no pair is left")
            }
            current = next
        }
        return bytes
    }
}
