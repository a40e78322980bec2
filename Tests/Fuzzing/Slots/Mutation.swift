// Changes to bytes, as damage and malice make them.
//
// Numbers are preferred that lie at the borders of what lengths and flags may be.

import TestSupport

extension [UInt8] {
    /// Changes one place at random; `head` is where lengths and flags are, which is half of them.
    mutating func mutate(head: Range<Int>, using random: inout SeededGenerator) {
        guard !isEmpty else { return append(.random(in: 0...255, using: &random)) }
        let isInHead = Bool.random(using: &random) && head.lowerBound < count
        let range = isInHead ? head.lowerBound..<Swift.min(head.upperBound, count) : 0..<count
        let place = Int.random(in: range, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: self[place] = .random(in: 0...255, using: &random)
        case 1: self[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        case 2: self[place] = [0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF].randomElement(using: &random) ?? 0
        case 3: remove(at: place)
        case 4: insert(.random(in: 0...255, using: &random), at: place)
        case 5: removeSubrange(place..<Swift.min(count, place + .random(in: 1...9, using: &random)))
        case 6:
            let piece = Array(self[place...].prefix(.random(in: 1...40, using: &random)))
            insert(contentsOf: piece, at: .random(in: 0...count, using: &random))
        default:
            let word = [0, 1, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0xFFFF_FFFF, UInt32(count)]
                .randomElement(using: &random)
            for offset in 0..<4 where place + offset < count {
                self[place + offset] = UInt8(truncatingIfNeeded: (word ?? 0) >> UInt32(8 * offset))
            }
        }
    }
}
